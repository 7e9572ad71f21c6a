"""What a merchant offers: made as a draft, published, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.vouchers import refusals, rules
from paseo.capabilities.vouchers.events import ProgramEnded, ProgramPublished
from paseo.capabilities.vouchers.models import Program
from paseo.capabilities.vouchers.states import PROGRAM
from paseo.capabilities.vouchers.terms import forget
from paseo.capabilities.vouchers.values import Effect
from paseo.kernel.errors import Invalid, NotFound
from paseo.kernel.ids import new_id
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import after_commit, operation, transition
from paseo.platform.outbox import emit


def _stored(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return {}
    plain = {key: value for key, value in asdict(effect).items() if value is not None}
    if effect.variant_ids is not None:
        plain["variant_ids"] = [str(item) for item in effect.variant_ids]
    return plain


@operation
def create_program(
    *,
    merchant_id: UUID,
    kind: str,
    names: Mapping[str, str],
    currency: str,
    valid_from: datetime,
    now: datetime,
    program_id: UUID | None = None,
    terms: Mapping[str, str] | None = None,
    effect: Effect | None = None,
    contents: Sequence[Mapping[str, Any]] = (),
    funder: str = "merchant",
    variant_id: UUID | None = None,
    price_minor: int = 0,
    limit: int | None = None,
    per_person: int | None = None,
    uses: int = 1,
    counter: bool | None = None,
    valid_until: datetime | None = None,
    valid_days: int | None = None,
    store_ids: Sequence[UUID] | None = None,
    actor: str = "",
) -> UUID:
    """A new draft. ``counter`` says whether a code is given to show at the counter; deals always have one.

    ``valid_until`` ends the claiming and the using; ``valid_days`` counts from the claim. ``store_ids`` None means
    every shop of the merchant. Refuses ``Invalid`` with the fields that are wrong.
    """
    wrong = rules.check_program(
        kind=kind,
        names=names,
        effect=effect,
        contents=contents,
        price_minor=price_minor,
        limit=limit,
        per_person=per_person,
        uses=uses,
        valid_from=valid_from,
        valid_until=valid_until,
        variant_id=variant_id,
    )
    if wrong:
        raise Invalid(fields=wrong)
    program = Program(
        id=program_id or new_id(),
        merchant_id=merchant_id,
        kind=kind,
        names=dict(names),
        terms=dict(terms or {}),
        effect=_stored(effect),
        contents=[dict(item) for item in contents],
        funder=funder,
        variant_id=variant_id,
        price_minor=price_minor,
        currency=currency,
        limit=limit,
        per_person=per_person,
        uses=uses,
        counter=kind == "deal" or bool(counter),
        valid_from=valid_from,
        valid_until=valid_until,
        valid_days=valid_days,
        store_ids=None if store_ids is None else [str(store_id) for store_id in store_ids],
        created_at=now,
    )
    program.save(force_insert=True)
    record(
        actor, "vouchers.create_program", f"program:{program.id}", tenant_id=merchant_id, after={"names": dict(names)}
    )
    return program.id


def _program(program_id: UUID, merchant_id: UUID) -> Program:
    found = Program.objects.filter(id=program_id, merchant_id=merchant_id).first()
    if found is None:
        raise NotFound
    return found


_FREE = {"names", "terms", "limit"}
_CHANGEABLE = _FREE | {
    "effect",
    "contents",
    "price_minor",
    "per_person",
    "uses",
    "valid_from",
    "valid_until",
    "valid_days",
    "store_ids",
    "counter",
    "variant_id",
    "funder",
}


@operation
def edit_program(
    *, program_id: UUID, merchant_id: UUID, changes: Mapping[str, Any], now: datetime, actor: str = ""
) -> None:
    """Changes a draft freely; of a published program only names, terms and the number of pieces (not below the issued).

    Refuses ``ProgramFixed`` for the rest and ``Invalid`` for values that make no sense.
    """
    program = _program(program_id, merchant_id)
    unknown = set(changes) - _CHANGEABLE
    if unknown:
        raise ValueError(f"A program has no changeable {', '.join(sorted(unknown))}.")
    if program.state != "draft" and set(changes) - _FREE:
        raise refusals.ProgramFixed
    stored = dict(changes)
    effect = stored.get("effect", rules.effect_of(program.effect))
    if "effect" in stored:
        stored["effect"] = _stored(stored["effect"])
    if stored.get("store_ids") is not None:
        stored["store_ids"] = [str(store_id) for store_id in stored["store_ids"]]
    before = {key: getattr(program, key) for key in stored}
    for key, value in stored.items():
        setattr(program, key, value)
    wrong = rules.check_program(
        kind=program.kind,
        names=program.names,
        effect=effect,
        contents=program.contents,
        price_minor=program.price_minor,
        limit=program.limit,
        per_person=program.per_person,
        uses=program.uses,
        valid_from=program.valid_from,
        valid_until=program.valid_until,
        variant_id=program.variant_id,
    )
    if wrong:
        raise Invalid(fields=wrong)
    rows = Program.objects.filter(id=program_id, state=program.state)
    if program.limit is not None:
        rows = rows.filter(issued__lte=program.limit)
    if rows.update(**stored) != 1:
        raise Invalid(fields={"limit": rules.BELOW_ISSUED})
    after_commit(lambda: forget(program_id))
    record(
        actor,
        "vouchers.edit_program",
        f"program:{program_id}",
        tenant_id=merchant_id,
        before={key: str(value) for key, value in before.items()},
        after={key: str(value) for key, value in stored.items()},
    )


@operation
def publish(*, program_id: UUID, merchant_id: UUID, now: datetime, actor: str = "") -> None:
    """From now on it can be claimed or bought (from ``valid_from``)."""
    program = _program(program_id, merchant_id)
    if program.kind == "deal" and program.variant_id is None:
        raise Invalid(fields={"variant_id": rules.DEAL_WITHOUT_PRODUCT})
    transition(Program, program_id, PROGRAM, "publish", was=program.state, now=now, actor=actor)
    emit(ProgramPublished(program_id, merchant_id, program.kind, now), tenant_id=merchant_id)
    record(actor, "vouchers.publish", f"program:{program_id}", tenant_id=merchant_id)


@operation
def end(*, program_id: UUID, merchant_id: UUID, now: datetime, actor: str = "", why: str = "") -> None:
    """Nobody can take it any more. What people hold stays valid until its own end."""
    program = _program(program_id, merchant_id)
    transition(Program, program_id, PROGRAM, "end", was=program.state, now=now, actor=actor, reason=why)
    emit(ProgramEnded(program_id, merchant_id, now), tenant_id=merchant_id)
    record(actor, "vouchers.end", f"program:{program_id}", tenant_id=merchant_id, why=why)
