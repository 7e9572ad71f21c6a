"""A refusal in the reader's words: what happened, what it means for money and goods, what one can do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from paseo.kernel.errors import Refusal
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import day, day_and_clock, localized, moment, money, number

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RefusalText:
    what: str
    meaning: str = ""
    remedy: str = ""
    code: str = ""
    status: int = 409
    fields: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(sentence for sentence in (self.what, self.meaning, self.remedy) if sentence)


class _Params(dict[str, str]):
    def __missing__(self, key: str) -> str:
        log.error("A refusal names {%s}, but was raised without it.", key)
        return "…"


def shown(value: Any, zone: Any = None) -> str:
    """Any parameter of a sentence as the reader writes it."""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, datetime):
        return day_and_clock(value, zone)
    if isinstance(value, date):
        return day(value, zone)
    if isinstance(value, timedelta):
        minutes = max(1, round(value.total_seconds() / 60))
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if isinstance(value, bool | str | Promise):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, Mapping):
        return localized(value)
    if isinstance(value, list | tuple | set | frozenset):
        return gettext(", ").join(shown(item, zone) for item in value)
    return "" if value is None else str(value)


def sentence(template: str, params: Mapping[str, Any]) -> str:
    """A marked sentence in the reader's language, filled in. A ``zone`` among the parameters is that of the times.

    A time called ``at`` (or ``…_at``) happened and carries its day: "today at 18:06". Others are limits: "18:15".
    """
    if not template:
        return ""
    zone = params.get("zone")
    texts = _Params()
    for name, value in params.items():
        happened = isinstance(value, datetime) and (name == "at" or name.endswith("_at"))
        texts[name] = moment(value, zone) if happened else shown(value, zone)
    return gettext(template).format_map(texts)


def refusal_text(refusal: Refusal) -> RefusalText:
    """The three parts of ``refusal`` for the active language, with its fields when it is about a form."""
    fields = getattr(refusal, "fields", None) or {}
    return RefusalText(
        what=sentence(refusal.what, refusal.params),
        meaning=sentence(refusal.meaning, refusal.params),
        remedy=sentence(refusal.remedy, refusal.params),
        code=refusal.code,
        status=refusal.status,
        fields={
            name: sentence(words, refusal.params) if isinstance(words, str) else str(words)
            for name, words in fields.items()
        },
    )
