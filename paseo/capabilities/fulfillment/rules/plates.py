"""The number of a plate as at most three characters."""

from __future__ import annotations

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST = 999 + 24 * 100 + 24 * 24 * 10 + 24**3


def plate_text(number: int) -> str:
    """1 is "001", 999 is "999", then "A00" … "Z99", "AA0" … "ZZ9", "AAA" … "ZZZ": 22,983 different ones.

    ValueError outside of 1 … ``MOST``. I and O are left out, since they look like figures.
    """
    if not 1 <= number <= MOST:
        raise ValueError(f"There is no plate number {number}.")
    if number <= 999:
        return f"{number:03}"
    rest = number - 1000
    if rest < 2400:
        return f"{LETTERS[rest // 100]}{rest % 100:02}"
    rest -= 2400
    if rest < 5760:
        return f"{LETTERS[rest // 240]}{LETTERS[rest // 10 % 24]}{rest % 10}"
    rest -= 5760
    return f"{LETTERS[rest // 576]}{LETTERS[rest // 24 % 24]}{LETTERS[rest % 24]}"
