"""Codes that people read, type and say, and tokens that only machines carry.

The alphabet is Crockford's base32 without 0 and 1, so that no character can be taken for another; it has 30 letters.
The last character is a Luhn mod 30 check (ISO/IEC 7812-1 annex B, generalised to N characters): every single wrong
character and nearly every swap of neighbours is noticed before anything is looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from paseo.kernel.errors import N_, Refusal

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: position for position, letter in enumerate(ALPHABET)}
_BASE = len(ALPHABET)


class Mistyped(Refusal):
    code = "codes.mistyped"
    status = 422
    what = N_("One letter is off. Check the last one.")
    meaning = N_("Nothing was used.")
    remedy = N_("Compare it with the phone or the paper and type it again.")


def check_character(body: str) -> str:
    """The Luhn mod 30 character for ``body``, which holds letters of ``ALPHABET`` only."""
    total = 0
    for position, letter in enumerate(reversed(body)):
        addend = _VALUE[letter] * (2 if position % 2 == 0 else 1)
        total += addend // _BASE + addend % _BASE
    return ALPHABET[-total % _BASE]


def human_code(secret: bytes, subject: str, length: int = 12) -> str:
    """A code of ``length`` characters, check character included, derived from ``subject`` with HMAC-SHA-256.

    Twelve characters carry 11 x 4.9 = 54 bits.
    """
    number = int.from_bytes(hmac.digest(secret, subject.encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(length - 1):
        number, position = divmod(number, _BASE)
        letters.append(ALPHABET[position])
    body = "".join(letters)
    return body + check_character(body)


def check_code(text: str, length: int | None = None) -> str:
    """The code in its plain form. Refuses ``Mistyped`` when a character or the check is wrong."""
    plain = "".join(letter for letter in text.upper() if letter not in " -\u2010\u2011\u2013\u00a0\t\r\n")
    if len(plain) < 2 or len(plain) > 64 or (length is not None and len(plain) != length):
        raise Mistyped
    if any(letter not in _VALUE for letter in plain) or check_character(plain[:-1]) != plain[-1]:
        raise Mistyped
    return plain


def grouped(code: str) -> str:
    """``K7M492QX3HTN`` as ``K7M4 92QX 3HTN``."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_token() -> str:
    """192 random bits for links, as 32 URL-safe characters."""
    return secrets.token_urlsafe(24)


def token_hash(text: str) -> str:
    """What is stored instead of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
