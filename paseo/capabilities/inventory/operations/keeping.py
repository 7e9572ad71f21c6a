"""From a hold to a promise to a paid order, and from the promise to the hand of the customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.inventory import statements
from paseo.capabilities.inventory.models import Hold, HoldLine, Movement
from paseo.capabilities.inventory.operations.lines import locked_hold, outstanding_lines, picked, write_off_lines
from paseo.capabilities.inventory.refusals import HoldExpired, NoHold
from paseo.capabilities.inventory.states import CONVERTED, ISSUED
from paseo.capabilities.inventory.values import Demand, MovementKind, Reason
from paseo.platform.db.unit import add, operation


@operation
def convert(*, subject_id: UUID, now: datetime) -> None:
    """The order is paid: what was held for it is promised. Again: nothing happens.

    Refuses ``NoHold``, and ``HoldExpired`` from the very instant of expiry on, also when nobody freed the goods yet:
    then ``reacquire``.
    """
    if statements.convert(subject_id, now):
        statements.move_whole(subject_id, CONVERTED, statements.CONVERT)
        return
    states = set(Hold.objects.filter(subject_id=subject_id).values_list("state", flat=True))
    if states & {CONVERTED, ISSUED}:
        return
    raise HoldExpired() if states else NoHold()


@operation
def issue_out(
    *, subject_id: UUID, now: datetime, lines: Iterable[Demand] | None = None, actor: str = ""
) -> dict[UUID, int]:
    """Goods leave the shop: all that is still open of the order, or ``lines`` of it. Variant id to quantity issued.

    Untracked goods leave no trace here. A second call for the whole order issues nothing more.
    Refuses ``NotSoMany`` and ``NoHold`` (the order was never converted).
    """
    hold = locked_hold(subject_id, (CONVERTED, ISSUED))
    if hold.state == ISSUED:
        return {}
    open_lines = outstanding_lines(hold.pk)
    going = picked(open_lines, lines)
    if going:
        write_off_lines(hold.pk, going, "issued")
        statements.move({line.item_id: n for line, n in going.items()}, statements.ISSUE)
        add(
            *(
                Movement(
                    item_id=line.item_id, kind=MovementKind.SELL, delta=-n, actor=actor, subject_id=subject_id, at=now
                )
                for line, n in going.items()
            )
        )
    if not HoldLine.objects.filter(hold_id=hold.pk, quantity__gt=F("released") + F("issued")).exists():
        Hold.objects.filter(pk=hold.pk).update(state=ISSUED, changed_at=now)
    return {line.variant_id: n for line, n in going.items()}


@operation
def unissue(*, subject_id: UUID, now: datetime, actor: str = "") -> dict[UUID, int]:
    """The hand-over was a mistake: all that was issued of the order stands in the shop again and is promised to it again.

    Variant id to quantity. Both movements remain. Refuses ``NoHold``; again: nothing happens.
    """
    hold = locked_hold(subject_id, (CONVERTED, ISSUED))
    lines = list(HoldLine.objects.filter(hold_id=hold.pk, issued__gt=0).select_related("item").order_by("item_id"))
    if lines:
        HoldLine.objects.filter(hold_id=hold.pk).update(issued=0)
        statements.move({line.item_id: line.issued for line in lines}, statements.UNISSUE)
        Hold.objects.filter(pk=hold.pk, state=ISSUED).update(state=CONVERTED, changed_at=now)
        add(
            *(
                Movement(
                    item_id=line.item_id,
                    kind=MovementKind.SELL,
                    delta=line.issued,
                    reason=Reason.CORRECTION,
                    actor=actor,
                    subject_id=subject_id,
                    at=now,
                )
                for line in lines
            )
        )
    return {line.item.variant_id: line.issued for line in lines}
