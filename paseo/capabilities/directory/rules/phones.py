"""Telephone numbers in E.164."""

from __future__ import annotations

import re


def e164(text: str, country: str) -> str | None:
    """The first possible number of ``text`` ("09 123 456; +358…") as +<digits>, or None when there is none."""
    import phonenumbers  # carries the numbering plans of the world: only where a number is read

    for part in re.split(r"[;,/]| tai | or ", text):
        if not part.strip():
            continue
        try:
            number = phonenumbers.parse(part, country.upper() or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def web_address(text: str) -> str | None:
    """An http(s) address, with the scheme added where it is missing; None for anything else."""
    text = text.split(";")[0].strip()
    if not text:
        return ""
    if "://" not in text:
        text = f"https://{text}"
    return text if re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", text) and len(text) <= 300 else None
