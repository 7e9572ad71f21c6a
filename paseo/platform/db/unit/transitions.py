"""State machines applied to rows by compare-and-swap."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from paseo.kernel.states import Machine
from paseo.platform.db.unit.scope import add


def transition(
    model: type[models.Model],
    id: UUID,
    machine: Machine,
    verb: str,
    *,
    state_field: str = "state",
    was: str | None = None,
    now: datetime,
    actor: str = "",
    reason: str = "",
    **extra: Any,
) -> str:
    """Moves one row along its machine and returns the new state; ``extra`` are further columns of the same UPDATE.

    ``was`` is the state the caller has just read: it saves the reading here. Where the verb leads from one state only,
    nothing is read at all. Who loses a race reads again and either moves on from the new state or is refused.
    Raises ``states.NotAllowed``, or ``model.DoesNotExist``.
    """
    from paseo.platform.db.models import Transition

    rows = model._base_manager.filter(pk=id)
    origins = machine.origins(verb)
    state = was or (next(iter(origins)) if len(origins) == 1 else rows.values_list(state_field, flat=True).get())
    while True:
        target = machine.next(state, verb)
        if rows.filter(**{state_field: state}).update(**{state_field: target, **extra}) == 1:
            break
        found = rows.values_list(state_field, flat=True).get()
        if found == state:
            raise AssertionError(f"{model.__name__} {id} is {state} but could not be moved by {verb}")
        state = found
    add(
        Transition(
            subject_type=model._meta.label_lower,
            subject_id=id,
            machine=machine.name,
            verb=verb,
            from_state=state,
            to_state=target,
            at=now,
            actor=actor,
            reason=reason[:500],
        )
    )
    return target
