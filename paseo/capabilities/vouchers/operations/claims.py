"""Into and out of a wallet. The counters move by guarded writes: nothing is read before it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import F, Q

from paseo.capabilities.vouchers import refusals
from paseo.capabilities.vouchers.codes_of import give_code
from paseo.capabilities.vouchers.events import VoucherClaimed
from paseo.capabilities.vouchers.models import Allowance, Program, Voucher
from paseo.capabilities.vouchers.states import VOUCHER
from paseo.capabilities.vouchers.values import ClaimOutcome
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import guarded, operation, transition, unit
from paseo.platform.outbox import emit


def valid_until_of(program: Program, now: datetime) -> datetime | None:
    """The end of one piece: the program's end or the days after the claim, whichever comes first."""
    ends = [program.valid_until] if program.valid_until else []
    if program.valid_days is not None:
        ends.append(now + timedelta(days=program.valid_days))
    return min(ends) if ends else None


def take_pieces(program_id: UUID, pieces: int, now: datetime) -> bool:
    """Counts ``pieces`` as issued if the program is open and its limit allows: one guarded UPDATE."""
    rows = Program.objects.filter(
        Q(limit__isnull=True) | Q(limit__gte=F("issued") + pieces),
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        id=program_id,
        state="published",
        valid_from__lte=now,
    )
    return guarded(rows, issued=F("issued") + pieces)


def give_pieces_back(program_id: UUID, pieces: int) -> None:
    if not guarded(Program.objects.filter(id=program_id, issued__gte=pieces), issued=F("issued") - pieces):
        raise AssertionError(f"program {program_id} issued fewer than {pieces}")


def take_allowance(program_id: UUID, owner: str, pieces: int, per_person: int) -> bool:
    """Counts ``pieces`` for the owner if ``per_person`` allows: one guarded upsert."""
    if pieces > per_person:
        return False
    table = Allowance._meta.db_table
    connection = connections["default"]
    adapt = Allowance._meta.pk.get_db_prep_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, program_id, owner, taken) VALUES (%s, %s, %s, %s) "  # noqa: S608 - own table name
            f"ON CONFLICT (program_id, owner) DO UPDATE SET taken = {table}.taken + excluded.taken "
            f"WHERE {table}.taken + excluded.taken <= %s",
            [adapt(new_id(), connection), adapt(program_id, connection), owner, pieces, per_person],
        )
        return cursor.rowcount == 1


def _claimed(voucher_id: UUID | None, owner: str) -> UUID | None:
    """The voucher of this id that the owner has already."""
    if voucher_id is None:
        return None
    return voucher_id if Voucher.objects.filter(id=voucher_id, owner=owner).exists() else None


def _refuse(program: Program, now: datetime) -> None:
    if program.state == "published" and program.limit is not None and program.issued >= program.limit:
        raise refusals.AllTaken(limit=program.limit)
    raise refusals.NotOffered


@operation
def claim(*, program_id: UUID, owner: str, now: datetime, voucher_id: UUID | None = None) -> UUID:
    """Puts one coupon into the owner's wallet and returns its id. ``owner`` comes from ``values.owner_key``.

    With the same ``voucher_id`` again it answers the same voucher. Refuses ``AllTaken``, ``PersonLimitReached``,
    ``NotOffered``.
    """
    if known := _claimed(voucher_id, owner):
        return known
    program = Program.objects.filter(id=program_id, kind="coupon").first()
    if program is None:
        raise refusals.NotOffered
    taken = take_pieces(program_id, 1, now)
    # The claims of a program follow one another from here on: the same claim may have come first.
    if known := _claimed(voucher_id, owner):
        if taken:
            give_pieces_back(program_id, 1)
        return known
    if not taken:
        program.refresh_from_db()
        _refuse(program, now)
    if program.per_person is not None and not take_allowance(program_id, owner, 1, program.per_person):
        raise refusals.PersonLimitReached(per_person=program.per_person)
    voucher = Voucher(
        id=voucher_id or new_id(),
        program_id=program_id,
        merchant_id=program.merchant_id,
        owner=owner,
        uses_total=program.uses,
        uses_left=program.uses,
        claimed_at=now,
        valid_until=valid_until_of(program, now),
    )
    if program.counter:
        give_code(voucher, program)
    voucher.save(force_insert=True)
    emit(VoucherClaimed(voucher.id, program_id, program.merchant_id, owner, now), tenant_id=program.merchant_id)
    return voucher.id


def claim_many(*, program_id: UUID, owners: Sequence[str], now: datetime) -> list[ClaimOutcome]:
    """Gives one coupon to each owner, for a campaign. A refusal for one does not stop the others."""
    outcomes = []
    for owner in owners:
        try:
            with unit(savepoint=True):
                outcomes.append(ClaimOutcome(owner, claim(program_id=program_id, owner=owner, now=now)))
        except (refusals.AllTaken, refusals.PersonLimitReached, refusals.NotOffered) as refusal:
            outcomes.append(ClaimOutcome(owner, None, refusal.code))
    return outcomes


@operation
def give_back(*, voucher_id: UUID, owner: str, now: datetime) -> None:
    """The owner gives an unused coupon back: another can have it. Refuses ``UnknownVoucher``, ``NotUsable``."""
    voucher = Voucher.objects.select_related("program").filter(id=voucher_id, owner=owner).first()
    if voucher is None or voucher.program.kind != "coupon":
        raise refusals.UnknownVoucher
    if voucher.uses_left != voucher.uses_total:
        raise refusals.NotUsable(state=voucher.state)
    transition(Voucher, voucher_id, VOUCHER, "return", now=now, actor=owner)
    give_pieces_back(voucher.program_id, 1)
    Allowance.objects.filter(program_id=voucher.program_id, owner=owner, taken__gte=1).update(taken=F("taken") - 1)


@operation
def adopt_wallet(*, visitor_owner: str, person_owner: str, now: datetime) -> int:
    """At sign-in: the visitor's vouchers become the person's, as far as ``per_person`` allows. Returns how many."""
    moved = 0
    vouchers = Voucher.objects.select_related("program").filter(owner=visitor_owner).order_by("claimed_at", "id")
    for voucher in vouchers:
        program = voucher.program
        if program.kind == "coupon" and program.per_person is not None and voucher.state != "returned":
            if not take_allowance(program.id, person_owner, 1, program.per_person):
                continue
            Allowance.objects.filter(program=program, owner=visitor_owner, taken__gte=1).update(taken=F("taken") - 1)
        moved += Voucher.objects.filter(id=voucher.id, owner=visitor_owner).update(owner=person_owner)
    return moved
