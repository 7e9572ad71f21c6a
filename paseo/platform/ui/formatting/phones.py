"""Telephone numbers as people read them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def phone(number: str) -> str:
    """``+358 9 1234567`` for ``+35891234567``; anything that is no number as it is."""
    import phonenumbers  # carries the numbering plans of the world: only where a number is shown

    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
