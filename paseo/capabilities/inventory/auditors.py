"""What must hold in the living stock, recounted from the rows beneath."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from paseo.capabilities.inventory.models import HoldLine, Movement, StockItem
from paseo.capabilities.inventory.states import ACTIVE, CONVERTED, EXPIRED, LIVING
from paseo.platform.audit.checks import Finding, auditor


def _kept(states: tuple[str, ...]) -> dict[object, int]:
    rest = F("quantity") - F("released") - F("issued")
    rows = HoldLine.objects.filter(hold__state__in=states).values_list("item_id")
    return dict(rows.annotate(n=Sum(rest)).filter(~Q(n=0)).values_list("item_id", "n"))


def _compare(check: str, column: str, recount: dict[object, int], against: str) -> Iterator[Finding]:
    rows = StockItem.objects.values_list("id", "store_id", "variant_id", column)
    for item_id, store_id, variant_id, booked in rows.iterator():
        real = recount.get(item_id, 0)
        if booked != real:
            yield Finding(
                check,
                f"item:{item_id}",
                f"Variant {variant_id} in store {store_id}: {column} is {booked}, but {against} {real}.",
            )


@auditor("inventory.held_equals_holds")
def held_equals_holds() -> Iterator[Finding]:
    """Held is what active holds keep, and expired ones that are not freed yet."""
    yield from _compare("inventory.held_equals_holds", "held", _kept((ACTIVE, EXPIRED)), "open holds keep")


@auditor("inventory.allocated_equals_promises")
def allocated_equals_promises() -> Iterator[Finding]:
    """Allocated is what converted holds promise and have not issued."""
    check = "inventory.allocated_equals_promises"
    yield from _compare(check, "allocated", _kept((CONVERTED,)), "converted holds promise")


@auditor("inventory.on_hand_equals_movements")
def on_hand_equals_movements() -> Iterator[Finding]:
    """On hand is the sum of all movements."""
    sums = dict(Movement.objects.values_list("item_id").annotate(n=Coalesce(Sum("delta"), 0)))
    yield from _compare("inventory.on_hand_equals_movements", "on_hand", sums, "its movements add up to")


@auditor("inventory.never_negative")
def never_negative() -> Iterator[Finding]:
    """No count is negative and nothing is promised twice, even if a constraint was lost."""
    bad = Q(on_hand__lt=F("allocated") + F("held"))
    for column in ("on_hand", "allocated", "held", "safety"):
        bad |= Q(**{f"{column}__lt": 0})
    for item in StockItem.objects.filter(bad):
        yield Finding(
            "inventory.never_negative",
            f"item:{item.pk}",
            f"Variant {item.variant_id} in store {item.store_id}: on hand {item.on_hand}, promised {item.allocated}, "
            f"held {item.held}, safety {item.safety}.",
        )


@auditor("inventory.closed_holds_keep_nothing")
def closed_holds_keep_nothing() -> Iterator[Finding]:
    """Released and issued holds have nothing outstanding."""
    rows = HoldLine.objects.filter(quantity__gt=F("released") + F("issued")).exclude(hold__state__in=(*LIVING, EXPIRED))
    for line in rows.select_related("hold"):
        yield Finding(
            "inventory.closed_holds_keep_nothing",
            f"order:{line.hold.subject_id}",
            f"The {line.hold.state} hold keeps {line.quantity - line.released - line.issued} of item {line.item_id}.",
        )
