"""A refusal is a business no: it tells what happened, what it means for money and goods, and what one can do.

Sentences are English templates with ``{names}``; the edge translates them and writes money and times in the reader's
language. Mark them with ``N_`` so that they are collected for translation.
"""

from __future__ import annotations

from typing import Any


def N_(sentence: str) -> str:
    """Mark a sentence for translation without translating it here."""
    return sentence


class Refusal(Exception):
    """Base of all refusals. ``code`` is stable and dotted; ``status`` is the HTTP status at the edge."""

    code = "refused"
    status = 409
    what = N_("This cannot be done.")
    meaning = ""
    remedy = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        sentences = []
        for template in (self.what, self.meaning, self.remedy):
            if template:
                try:
                    sentences.append(template.format(**self.params))
                except (KeyError, IndexError):
                    sentences.append(template)
        return " ".join(sentences)


class NotFound(Refusal):
    """It does not exist, or the asker may not know that it does."""

    code = "not_found"
    status = 404
    what = N_("There is nothing here under this address.")
    remedy = N_("Check the link, or start from the first page.")


class NotAllowedHere(Refusal):
    code = "not_allowed"
    status = 403
    what = N_("Your account may not do this.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Ask the owner of the shop to give you this right.")


class Invalid(Refusal):
    """Input that cannot be understood. ``fields`` maps a field name to one sentence."""

    code = "invalid"
    status = 422
    what = N_("Something in the form is missing or wrong.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Correct the marked fields and send it again.")

    def __init__(self, *, fields: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.fields = fields or {}

    def __str__(self) -> str:
        detail = "; ".join(f"{name}: {sentence}" for name, sentence in self.fields.items())
        return f"{super().__str__()} {detail}".strip()


class TooMany(Refusal):
    """A limit was reached. ``retry_after`` is in seconds."""

    code = "too_many"
    status = 429
    what = N_("That was tried too often.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Wait {retry_after} seconds and try again.")

    def __init__(self, *, retry_after: int, **params: Any) -> None:
        super().__init__(retry_after=retry_after, **params)
        self.retry_after = retry_after


class StaleRequest(Refusal):
    code = "stale"
    status = 409
    what = N_("Someone changed this in the meantime.")
    meaning = N_("Your change was not saved.")
    remedy = N_("Look at the new state and decide again.")
