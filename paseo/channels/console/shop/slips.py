"""An order as the shop sees it in a row or on a slip: when it is due, what is in it, what can hurt, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from paseo.capabilities.fulfillment.values import HandoverView, SlipLine
from paseo.capabilities.ordering.values import BoardEntry, ChangeView, OrderSummary
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import clock, localized, money
from paseo.platform.ui.values import Act, Station
from paseo.platform.ui.wording import scene_words

STATIONS = ("requested", "accepted", "ready", "handed_over")
_REACHED = {"requested": 0, "accepted": 1, "preparing": 1, "ready": 2, "handed_over": 4}


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of a slip. ``notes`` are options and wishes, ``hurt`` what must not be in it."""

    quantity: int
    words: str
    notes: tuple[str, ...] = ()
    hurt: tuple[str, ...] = ()
    off: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A row of today, a slip of the kitchen. ``wait`` says how far it is from its time, ``says`` reads the order out."""

    id: UUID
    href: str
    scene: str
    plate: str
    state: str
    who: str
    things: tuple[Thing, ...]
    note: str
    due: datetime
    late: bool
    wait: str
    stations: tuple[Station, ...]
    acts: tuple[Act, ...]
    tags: tuple[str, ...] = ()
    arrived: bool = False
    ended_at: datetime | None = None
    undo_until: datetime | None = None
    undo: Act | None = None
    changes: tuple[ChangeView, ...] = ()

    @property
    def what(self) -> str:
        kept = [thing for thing in self.things if not thing.off]
        return gettext(", ").join(f"{thing.quantity} {thing.words}" for thing in kept)

    @property
    def hurt(self) -> str:
        return gettext(", ").join(dict.fromkeys(words for thing in self.things for words in thing.hurt))

    @property
    def says(self) -> str:
        words = {"scene": scene_words(self.scene), "plate": self.plate, "things": self.what}
        return gettext("New order, %(scene)s %(plate)s: %(things)s") % words


def slip_of(entry: BoardEntry, tenant_id: UUID, now: datetime, *, back: str, may_act: bool = True) -> Slip:
    """``back`` is the page that the acts return to: today, board or order."""
    order, handover = entry.order, entry.handover
    late = handover.late(now)
    undo_until = _undo_until(handover, now)
    return Slip(
        id=order.id,
        href=reverse("console:order", args=[tenant_id, order.id]),
        scene=handover.kind,
        plate=handover.plate,
        state=handover.state,
        who=handover.customer or order.name or gettext("Guest"),
        things=things_of(handover),
        note=handover.note,
        due=handover.promised_at,
        late=late is not None,
        wait=_wait(handover, late, now),
        stations=stations_of(handover),
        acts=acts_of(order, handover, entry.changes, tenant_id, now, back) if may_act else (),
        tags=_tags(order, handover, entry.changes),
        arrived=handover.arrived_at is not None and handover.is_open,
        ended_at=handover.ended_at,
        undo_until=undo_until,
        undo=Act(gettext("Undo"), act_href(tenant_id, order.id, "undo"), post=True, fields=(("back", back),))
        if undo_until and may_act
        else None,
        changes=entry.changes,
    )


def named(names: Mapping[str, Any]) -> str:
    """The name of a line with that of its variant."""
    plain = {language: text for language, text in names.items() if isinstance(text, str)}
    variant = names.get("variant")
    return " ".join(filter(None, (localized(plain), localized(variant) if isinstance(variant, Mapping) else "")))


def things_of(handover: HandoverView) -> tuple[Thing, ...]:
    return tuple(_thing(line) for line in handover.slip)


def _thing(line: SlipLine) -> Thing:
    notes = [localized(option) for option in line.options]
    if line.note:
        notes.append(gettext("“%(words)s”") % {"words": line.note})
    return Thing(
        quantity=line.quantity,
        words=named(line.names),
        notes=tuple(notes),
        hurt=tuple(left_out(localized(words)) for words in line.without),
        off=line.state == "refused",
    )


def left_out(thing: str) -> str:
    """What a customer must not get. Shops name the thing ("Peanuts") or the wish ("No peanuts")."""
    if thing.lower().startswith(("no ", "without ", "sin ", "ilman ", "ei ", "不")):
        return thing
    return gettext("No %(thing)s") % {"thing": thing[:1].lower() + thing[1:]}


def _tags(order: OrderSummary, handover: HandoverView, changes: tuple[ChangeView, ...]) -> tuple[str, ...]:
    found = []
    if handover.is_open and handover.arrived_at is not None:
        found.append(gettext("The customer is here"))
    if handover.is_open and order.method == "cash" and not order.is_paid:
        found.append(gettext("Pays at the counter"))
    for change in changes:
        words = (
            gettext("Asked for %(time)s, no answer yet") % {"time": clock(change.promised_at)}
            if change.kind == "later"
            else gettext("Asked about a missing line, no answer yet")
        )
        found.append(words)
    return tuple(found)


def _minutes(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 60))


def _wait(handover: HandoverView, late: timedelta | None, now: datetime) -> str:
    if late is not None:
        minutes = _minutes(late)
        return ngettext("%(count)s min late", "%(count)s min late", minutes) % {"count": minutes}
    if handover.state == "ready":
        minutes = _minutes(now - (handover.ready_at or now))
        words = ngettext("waits for %(count)s min", "waits for %(count)s min", minutes)
        return words % {"count": minutes}
    minutes = _minutes(handover.promised_at - now)
    if minutes > 90:
        return gettext("by then")
    return ngettext("in %(count)s min", "in %(count)s min", minutes) % {"count": minutes}


def stations_of(handover: HandoverView) -> tuple[Station, ...]:
    words = (
        pgettext("station", "Accept"),
        pgettext("station", "Kitchen"),
        pgettext("station", "Shelf"),
        pgettext("station", "Counter"),
    )
    if handover.state not in _REACHED:
        return (Station(words[0], "done"), Station(pgettext("station", "Ended"), "refused", "end"))
    at = _REACHED[handover.state]
    return tuple(
        Station(word, "done" if place < at else "now" if place == at else "next", "end" if place == 3 else "step")
        for place, word in enumerate(words)
    )


def act_href(tenant_id: UUID, order_id: UUID, act: str) -> str:
    return reverse("console:order-act", args=[tenant_id, order_id, act])


def cash_due(order: OrderSummary) -> Money | None:
    """What is still to be taken at the counter, or None."""
    left = order.total_minor - order.returned_minor
    return Money(left, order.currency) if order.method == "cash" and not order.is_paid and left > 0 else None


def acts_of(
    order: OrderSummary,
    handover: HandoverView,
    changes: tuple[ChangeView, ...],
    tenant_id: UUID,
    now: datetime,
    back: str,
) -> tuple[Act, ...]:
    """The one act that comes next. It is yellow only where a person is needed at this moment."""

    def act(verb: str, words: str, *, needed: bool = False, **fields: str) -> Act:
        given = (("back", back), *fields.items())
        return Act(words, act_href(tenant_id, order.id, verb), now=needed, post=True, fields=given)

    late = handover.late(now) is not None
    if handover.state == "requested":
        return (act("accept", gettext("Accept %(time)s") % {"time": clock(handover.promised_at)}, needed=True),)
    if handover.state in {"accepted", "preparing"}:
        return (act("ready", gettext("Ready"), needed=late and not changes),)
    if handover.state == "ready":
        here, due = handover.arrived_at is not None, cash_due(order)
        if due is not None:
            words = gettext("Take %(sum)s, hand over") % {"sum": money(due)}
            return (act("hand-over", words, needed=here, cash_taken="1"),)
        return (act("hand-over", gettext("Hand over"), needed=here),)
    return ()


def _undo_until(handover: HandoverView, now: datetime) -> datetime | None:
    if handover.state != "handed_over" or handover.ended_at is None:
        return None
    until = handover.ended_at + timedelta(minutes=int(settings.PASEO["UNDO_MINUTES"]))
    return until if now < until else None


def by_need(slips: list[Slip]) -> list[Slip]:
    """Late first, then by due time."""
    return sorted(slips, key=lambda slip: (not slip.late, slip.due, slip.plate))
