"""What a person does with events that could not be delivered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox.models import Delivery, Event, Failure
from paseo.platform.outbox.states import FAILURE


@operation
def retry(id: UUID, *, now: datetime, actor: str = "") -> None:
    """Lets a dead letter be tried again, from the first try on. Refuses ``NotAllowed`` when it is not dead."""
    try:
        transition(Failure, id, FAILURE, "retry", now=now, actor=actor, attempts=0, next_at=now)
    except Failure.DoesNotExist:
        raise NotFound from None


@operation
def dismiss(id: UUID, reason: str, *, now: datetime, actor: str = "") -> None:
    """Ends a dead letter without delivery. A reason is demanded and kept."""
    if not reason.strip():
        raise Invalid(fields={"reason": N_("Say why this event is not needed.")})
    try:
        transition(Failure, id, FAILURE, "dismiss", now=now, actor=actor, reason=reason)
    except Failure.DoesNotExist:
        raise NotFound from None


@operation
def forget_deliveries(*, before: datetime, limit: int = 5000) -> int:
    """Deletes delivery marks that can no longer matter: of events handed out before ``before`` and taken by all."""
    last = (
        Event.objects.filter(dispatched_at__isnull=False, dispatched_at__lt=before)
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )
    if last is None:
        return 0
    first_open = Event.objects.filter(dispatched_at__isnull=True).order_by("seq").values_list("seq", flat=True).first()
    bound = last if first_open is None else min(last, first_open - 1)
    unsettled = set(
        Failure.objects.filter(state__in=["waiting", "dead"], event__seq__lte=bound).values_list("event_id", flat=True)
    )
    old = [
        (pk, seq)
        for pk, seq in Delivery.objects.filter(event_seq__lte=bound)
        .order_by("id")
        .values_list("id", "event_seq")[:limit]
        if seq not in unsettled
    ]
    Delivery.objects.filter(pk__in=[pk for pk, _ in old]).delete()
    return len(old)
