"""A coupon or deal in words, and as the ticket that customers see."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext, ngettext, pgettext

from paseo.capabilities.vouchers.values import Effect, ProgramView
from paseo.channels.console.goods.voucher_forms import DAYS, MODES
from paseo.channels.console.goods.words import effect_words
from paseo.platform.ui.formatting import day_and_clock, localized, money
from paseo.platform.ui.values import Ticket

STATE_WORDS = {
    "claimed": lambda: gettext("kept"),
    "reserved": lambda: gettext("in an order"),
    "used": lambda: gettext("used"),
    "returned": lambda: gettext("given back"),
    "expired": lambda: gettext("expired"),
    "blocked": lambda: gettext("blocked"),
    "refunded": lambda: gettext("refunded"),
}


def ticket_of(program: ProgramView, stamp: str = "") -> Ticket:
    """The small ticket as it stands on the page of a store."""
    left = program.left
    foot = ngettext("%(count)s left", "%(count)s left", left) % {"count": left} if left is not None else ""
    detail = localized(program.terms) or gettext(" · ").join(conditions(program, {})[:3])
    return Ticket(
        localized(program.names),
        detail,
        value=stub(program),
        value_foot=foot,
        stamp=stamp,
        used=program.state == "ended",
    )


def stub(program: ProgramView) -> str:
    return effect_words(program) if program.effect or program.kind == "deal" else "–"


def conditions(program: ProgramView, names: Mapping[UUID, str]) -> list[str]:
    """Every condition as a short sentence, in the order in which a customer asks."""
    found = _of_effect(program.effect, program.currency, names) if program.effect else []
    for one in program.contents:
        found.append(f"{one.get('quantity', 1)} × {localized(one.get('names', {}))}")
    if program.per_person is not None:
        once = gettext("once per person")
        more = ngettext("%(count)s per person", "%(count)s per person", program.per_person)
        found.append(once if program.per_person == 1 else more % {"count": program.per_person})
    if program.uses > 1:
        found.append(ngettext("%(count)s use each", "%(count)s uses each", program.uses) % {"count": program.uses})
    if program.limit is not None:
        found.append(ngettext("%(count)s piece", "%(count)s pieces", program.limit) % {"count": program.limit})
    if program.valid_days is not None:
        days = ngettext("valid for %(count)s day", "valid for %(count)s days", program.valid_days)
        found.append(days % {"count": program.valid_days})
    if program.valid_until is not None:
        found.append(pgettext("ticket", "until %(time)s") % {"time": day_and_clock(program.valid_until)})
    if program.kind == "coupon" and not program.counter:
        found.append(gettext("online only"))
    return found


def _of_effect(effect: Effect, currency: str, names: Mapping[UUID, str]) -> list[str]:
    found = []
    if effect.min_spend_minor:
        found.append(gettext("from %(sum)s") % {"sum": money(effect.min_spend_minor, currency)})
    if effect.max_minor:
        found.append(gettext("at most %(sum)s off") % {"sum": money(effect.max_minor, currency)})
    if effect.variant_ids is not None and names:
        words = gettext(", ").join(names.get(one, "") for one in effect.variant_ids)
        found.append(gettext("for %(things)s") % {"things": words})
    if effect.modes:
        found.append(gettext("only %(way)s") % {"way": str(dict(MODES).get(effect.modes[0], effect.modes[0])).lower()})
    if effect.hours:
        found.append(gettext("%(start)s to %(end)s") % {"start": effect.hours[0], "end": effect.hours[1]})
    if effect.weekdays is not None:
        found.append(gettext(", ").join(str(dict(DAYS)[str(one)]) for one in effect.weekdays))
    return found
