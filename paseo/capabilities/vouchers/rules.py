"""Decisions about vouchers: is a program complete, does a coupon apply, and if not, what would make it apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from paseo.capabilities.vouchers.values import CouponContext, Effect, Reason
from paseo.kernel.errors import N_
from paseo.kernel.money import Money
from paseo.kernel.periods import zone

BELOW_ISSUED = N_("Fewer pieces than people already hold.")
DEAL_WITHOUT_PRODUCT = N_("Choose the product under which the deal is sold.")
_NO_NAME = N_("Give it a name.")
_NO_EFFECT = N_("Say what the coupon does.")
_NO_CONTENTS = N_("Say what the deal contains.")
_BAD_PERCENT = N_("A percentage is more than 0 and at most 100.")
_BAD_VALUE = N_("The value must be more than 0.")
_BAD_PRICE = N_("The price cannot be negative.")
_BAD_COUNT = N_("At least 1.")
_BAD_ORDER = N_("The end must come after the start.")
_BAD_HOURS = N_("Write times like 14:00.")
_BAD_KIND = N_("Choose coupon or deal.")

KINDS = ("percent_bps", "amount", "fixed_price", "free_item")


def effect_of(stored: Mapping[str, Any]) -> Effect | None:
    """The effect as it was kept with the program; None for a deal."""
    if not stored:
        return None
    plain: dict[str, Any] = dict(stored)
    if plain.get("variant_ids") is not None:
        plain["variant_ids"] = tuple(UUID(item) for item in plain["variant_ids"])
    for name in ("product_kinds", "modes", "hours", "weekdays"):
        if plain.get(name) is not None:
            plain[name] = tuple(plain[name])
    return Effect(**plain)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _wrong_effect(effect: Effect) -> dict[str, str]:
    if effect.kind not in KINDS:
        return {"effect": _NO_EFFECT}
    if effect.kind == "percent_bps" and not 0 < effect.value <= 10_000:
        return {"value": _BAD_PERCENT}
    if effect.value < 0 or (effect.value == 0 and effect.kind != "fixed_price"):
        return {"value": _BAD_VALUE}
    if effect.min_spend_minor < 0:
        return {"min_spend": _BAD_PRICE}
    if effect.hours is not None:
        try:
            start, end = (_time(text) for text in effect.hours)
        except ValueError:
            return {"hours": _BAD_HOURS}
        if start == end:
            return {"hours": _BAD_ORDER}
    return {}


def check_program(
    *,
    kind: str,
    names: Mapping[str, str],
    effect: Effect | None,
    contents: Sequence[Mapping[str, Any]],
    price_minor: int,
    limit: int | None,
    per_person: int | None,
    uses: int,
    valid_from: datetime,
    valid_until: datetime | None,
    variant_id: UUID | None,
) -> dict[str, str]:
    """What is wrong, by field; empty when nothing is."""
    wrong: dict[str, str] = {}
    if kind not in {"coupon", "deal"}:
        wrong["kind"] = _BAD_KIND
    if not any(text.strip() for text in names.values()):
        wrong["names"] = _NO_NAME
    if kind == "coupon":
        wrong |= {"effect": _NO_EFFECT} if effect is None else _wrong_effect(effect)
    if kind == "deal" and not contents:
        wrong["contents"] = _NO_CONTENTS
    if price_minor < 0:
        wrong["price"] = _BAD_PRICE
    for name, number in (("limit", limit), ("per_person", per_person), ("uses", uses)):
        if number is not None and number < 1:
            wrong[name] = _BAD_COUNT
    if valid_until is not None and valid_until <= valid_from:
        wrong["valid_until"] = _BAD_ORDER
    return wrong


def _in_hours(local: time, hours: tuple[str, str]) -> bool:
    start, end = _time(hours[0]), _time(hours[1])
    return start <= local < end if start < end else local >= start or local < end


def runs_now(effect: Effect, now: datetime, zone_name: str) -> bool:
    """Whether the coupon's hours and weekdays include this moment at the store.

    Hours that pass midnight belong to the day on which they begin.
    """
    local = now.astimezone(zone(zone_name))
    if effect.hours is not None and not _in_hours(local.time(), effect.hours):
        return False
    if effect.weekdays is None:
        return True
    day = local
    if effect.hours is not None:
        start, end = _time(effect.hours[0]), _time(effect.hours[1])
        if start > end and local.time() < end:
            day = local - timedelta(days=1)
    return day.weekday() in effect.weekdays


def next_run(effect: Effect, now: datetime, zone_name: str) -> datetime | None:
    """The next instant at which hours and weekdays are met; None when they are met now or never."""
    if runs_now(effect, now, zone_name):
        return None
    place = zone(zone_name)
    local = now.astimezone(place)
    start = _time(effect.hours[0]) if effect.hours is not None else time()
    for ahead in range(9):
        day = (local + timedelta(days=ahead)).date()
        instant = datetime.combine(day, start, place)
        if instant > local and (effect.weekdays is None or day.weekday() in effect.weekdays):
            return instant.astimezone(now.tzinfo)
    return None


_STATES = {
    "reserved": Reason(
        "reserved",
        N_("Another order of yours keeps this ticket."),
        N_("It comes back when that order is cancelled or expires."),
    ),
    "used": Reason("used", N_("This ticket has been used."), N_("It comes back when that order is cancelled.")),
    "returned": Reason(
        "returned", N_("You gave this ticket back."), N_("Take it again from the shop's page while there are some.")
    ),
    "expired": Reason("expired", N_("This ticket has expired."), ""),
    "blocked": Reason(
        "blocked",
        N_("This ticket is blocked while its refund is decided."),
        N_("It can be used again if the refund is declined."),
    ),
    "refunded": Reason("refunded", N_("This ticket was refunded."), ""),
}


def covered_minor(effect: Effect, context: CouponContext) -> int:
    """The value of the lines that the coupon speaks of, before discounts."""
    return sum(
        item.gross_minor
        for item in context.items
        if (effect.variant_ids is None or item.variant_id in effect.variant_ids)
        and (effect.product_kinds is None or item.product_kind in effect.product_kinds)
    )


def reasons_against(
    *,
    effect: Effect | None,
    state: str,
    valid_from: datetime,
    valid_until: datetime | None,
    store_ids: Sequence[UUID] | None,
    currency: str,
    context: CouponContext,
    now: datetime,
    order_id: UUID | None = None,
    reserved_for: UUID | None = None,
) -> tuple[Reason, ...]:
    """Every condition that is not met, in the order in which a person can do something about it; empty: it applies."""
    if effect is None:
        return (
            Reason(
                "deal",
                N_("A deal is shown at the counter; it does not change the price of a cart."),
                N_("Show its code at the counter."),
            ),
        )
    if state in _STATES and not (state == "reserved" and order_id is not None and order_id == reserved_for):
        return (_STATES[state],)
    if valid_until is not None and now >= valid_until:
        return (_STATES["expired"],)
    reasons = []
    if now < valid_from:
        reasons.append(
            Reason(
                "not_yet",
                N_("This ticket is not valid yet."),
                N_("It applies from {from_at}."),
                {"from_at": valid_from},
            )
        )
    if store_ids is not None and context.store_id not in store_ids:
        reasons.append(
            Reason(
                "store",
                N_("This ticket is not valid in this shop."),
                N_("Its page lists the shops where it is valid."),
            )
        )
    if currency != context.currency:
        reasons.append(Reason("currency", N_("This ticket is in another currency."), ""))
    if effect.modes is not None and context.mode not in effect.modes:
        if "pickup" in effect.modes:
            reasons.append(Reason("mode", N_("This ticket is only for pickup."), N_("Choose pickup.")))
        elif "here" in effect.modes:
            reasons.append(
                Reason("mode", N_("This ticket is only for eating in the shop."), N_("Choose to have it here."))
            )
        else:
            reasons.append(Reason("mode", N_("This ticket is not for this way of ordering."), ""))
    if not runs_now(effect, now, context.zone):
        begins = next_run(effect, now, context.zone)
        remedy = N_("It applies from {from_at}.") if begins is not None else ""
        reasons.append(Reason("hours", N_("This ticket does not apply at this time."), remedy, {"from_at": begins}))
    covered = covered_minor(effect, context)
    if (effect.variant_ids is not None or effect.product_kinds is not None) and covered == 0:
        reasons.append(
            Reason(
                "items",
                N_("Nothing in the cart is covered by this ticket."),
                N_("Add one of the products on the ticket's page."),
            )
        )
    elif covered < effect.min_spend_minor:
        params = {
            "missing": Money(effect.min_spend_minor - covered, context.currency),
            "least": Money(effect.min_spend_minor, context.currency),
        }
        reasons.append(
            Reason("min_spend", N_("This ticket applies from {least}."), N_("{missing} more and it applies."), params)
        )
    return tuple(reasons)


UNKNOWN = Reason(
    "unknown", N_("This ticket is not in your wallet, or it is another shop's."), N_("Look at the tickets you have.")
)
