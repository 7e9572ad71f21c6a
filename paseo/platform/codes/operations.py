"""The life of a code: issue, prepare, commit, undo, block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from paseo.kernel.codes import Mistyped, check_code
from paseo.kernel.errors import NotFound
from paseo.kernel.ids import new_id
from paseo.platform.codes import checks
from paseo.platform.codes.models import Code, Redemption, Scan
from paseo.platform.codes.refusals import CodeRefusal, ScanAgain, TooManyGuesses, UndoTooLate, UndoTooOften, UnknownCode
from paseo.platform.codes.secrets import Token, hashes_of, new_text
from paseo.platform.codes.states import CODE, REDEMPTION
from paseo.platform.codes.values import Prepared, RedemptionView
from paseo.platform.db.models import Transition
from paseo.platform.db.unit import add, after_unit, guarded, operation, transition

TOKEN_LIFE = timedelta(minutes=15)
UNDO_CYCLES = 10


@operation
def issue(
    purpose: str,
    subject_id: UUID,
    tenant_id: UUID,
    place_ids: Sequence[UUID] | None = None,
    *,
    uses: int = 1,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    length: int = 12,
    code_id: UUID | None = None,
) -> str:
    """Makes a code for ``subject_id`` and returns its text, without spaces.

    ``place_ids`` are the shops that may take it, None for every shop of the tenant. ``code_id`` is made by callers that
    keep it. The row is written at the end of the unit.
    """
    if length < 12 or length > 32:
        raise ValueError("A code has 12 to 32 characters: shorter ones could be guessed.")
    if uses < 1:
        raise ValueError("A code has at least one use.")
    code_id = code_id or new_id()
    text, code_hash = new_text(code_id, length)
    add(
        Code(
            id=code_id,
            code_hash=code_hash,
            length=length,
            purpose=purpose,
            subject_id=subject_id,
            tenant_id=tenant_id,
            place_ids=None if place_ids is None else [str(place) for place in place_ids],
            uses_total=uses,
            uses_left=uses,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )
    return text


def prepare(text: str, *, place_id: UUID | None, tenant_id: UUID, actor: str, terminal: str, now: datetime) -> Prepared:
    """What the code is, and a token that uses it. Changes nothing but the record of scans.

    Refuses Mistyped, UnknownCode, WrongShop, AlreadyUsed, Expired, NotYetValid, Blocked, TooManyGuesses.
    """
    scan = Scan(at=now, tenant_id=tenant_id, place_id=place_id, terminal=terminal[:80], actor=actor[:80])
    try:
        checks.check_guesses(scan.terminal, tenant_id, now)
        code = Code.objects.filter(code_hash__in=hashes_of(check_code(text))).first()
        if code is None:
            raise UnknownCode
        scan.code_id = code.id
        checks.check_shop(code, tenant_id, place_id)
        checks.check_use(code, 1, now)
    except (CodeRefusal, Mistyped, TooManyGuesses) as refusal:
        _keep(scan, refusal)
        raise
    scan.outcome = "prepared"
    _store(scan)
    token = Token(scan.id, code.id, tenant_id, place_id, scan.terminal, now)
    return Prepared(
        token.seal(),
        code.id,
        code.purpose,
        code.subject_id,
        code.uses_left,
        code.uses_total,
        code.valid_until,
        now + TOKEN_LIFE,
    )


@operation
def commit(token: str, *, uses: int = 1, now: datetime, actor: str = "") -> RedemptionView:
    """Uses the code of ``token``. The same token again returns the same redemption, marked ``replayed``.

    Joins the caller's unit, so that what the code stands for happens with it or not at all. Of two counters that commit
    one use at once, one wins. Refuses AlreadyUsed, NotEnoughUses, Expired, NotYetValid, Blocked, ScanAgain.
    """
    if uses < 1:
        raise ValueError("At least one use.")
    opened = Token.unseal(token)
    if opened is None:
        raise ScanAgain
    scan = Scan(
        at=now,
        tenant_id=opened.tenant_id,
        place_id=opened.place_id,
        terminal=opened.terminal,
        actor=actor[:80],
        code_id=opened.code_id,
    )
    try:
        redemption, replayed = _redeem(opened, uses, now, actor)
    except CodeRefusal as refusal:
        _keep(scan, refusal)
        raise
    scan.redemption_id = redemption.id
    scan.outcome = "replayed" if replayed else "committed"
    add(scan)
    return redemption_view(redemption, Code.objects.get(pk=opened.code_id), replayed=replayed)


def _redeem(token: Token, uses: int, now: datetime, actor: str) -> tuple[Redemption, bool]:
    mine = Redemption(
        code_id=token.code_id,
        scan_id=token.scan_id,
        uses=uses,
        at=now,
        tenant_id=token.tenant_id,
        place_id=token.place_id,
        terminal=token.terminal,
        actor=actor[:80],
    )
    # The unique scan makes a repeated token wait for the first one and then find its redemption.
    Redemption.objects.bulk_create([mine], ignore_conflicts=True)
    kept = Redemption.objects.get(scan_id=token.scan_id)
    if kept.id != mine.id:
        if kept.state != "done":
            raise ScanAgain
        return kept, True
    if now >= token.at + TOKEN_LIFE:
        raise ScanAgain
    if not _take(token.code_id, uses, now):
        # The redemption above is part of a unit that now fails, and must not pass for the use that came first.
        Redemption.objects.filter(pk=mine.pk).delete()
        code = Code.objects.get(pk=token.code_id)
        checks.check_use(code, uses, now)
        raise AssertionError(f"Code {code.id} could not be used, but nothing speaks against it.")
    return kept, False


def _take(code_id: UUID, uses: int, now: datetime) -> bool:
    """The one guard: the uses are there, the code is alive, and nobody came first."""
    usable = Code.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=now),
        Q(valid_until=None) | Q(valid_until__gt=now),
        pk=code_id,
        state="active",
        uses_left__gte=uses,
    )
    taken = guarded(
        usable,
        uses_left=F("uses_left") - uses,
        state=Case(When(uses_left=uses, then=Value("spent")), default=Value("active")),
    )
    if taken and Code.objects.filter(pk=code_id, state="spent").exists():
        _remember(code_id, "use_up", "active", "spent", now)
    return taken


@operation
def undo(redemption_id: UUID, *, now: datetime, actor: str = "") -> RedemptionView:
    """Gives the uses back, within UNDO_MINUTES and at most ten times in the life of a code. Twice is the same as once.

    Refuses UndoTooLate, UndoTooOften, NotFound.
    """
    redemption = Redemption.objects.select_related("code").filter(pk=redemption_id).first()
    if redemption is None:
        raise NotFound
    scan = Scan(
        at=now,
        tenant_id=redemption.tenant_id,
        place_id=redemption.place_id,
        terminal=redemption.terminal,
        actor=actor[:80],
        code_id=redemption.code_id,
        redemption_id=redemption.id,
    )
    until = redemption.at + checks.undo_window()
    try:
        if redemption.state == "undone":
            return redemption_view(redemption, redemption.code, replayed=True)
        if now > until:
            raise UndoTooLate(until=until)
        back = guarded(
            Redemption.objects.filter(pk=redemption_id, state="done"),
            state=REDEMPTION.next("done", "undo"),
            undone_at=now,
            undone_by=actor[:80],
        )
        if not back:
            redemption.refresh_from_db()
            return redemption_view(redemption, redemption.code, replayed=True)
        given = guarded(
            Code.objects.filter(pk=redemption.code_id, undone__lt=UNDO_CYCLES),
            undone=F("undone") + 1,
            uses_left=F("uses_left") + redemption.uses,
            state=Case(When(state="spent", then=Value("active")), default=F("state")),
        )
        if not given:
            raise UndoTooOften(times=UNDO_CYCLES)
    except CodeRefusal as refusal:
        _keep(scan, refusal)
        raise
    if redemption.code.state == "spent":
        _remember(redemption.code_id, "give_back", "spent", "active", now, actor)
    scan.outcome = "undone"
    add(scan)
    redemption.refresh_from_db()
    return redemption_view(redemption, Code.objects.get(pk=redemption.code_id))


@operation
def block(subject_id: UUID, reason: str, *, now: datetime, actor: str = "") -> int:
    """Stops every code of the subject, for instance while a refund is open; returns how many.

    ``reason`` is a phrase that ends "This ticket is stopped: …", marked with ``N_`` so that each reader has their own.
    """
    stopped = 0
    for code_id, state in Code.objects.filter(subject_id=subject_id).values_list("id", "state"):
        if state != "blocked":
            transition(
                Code, code_id, CODE, "block", was=state, now=now, actor=actor, reason=reason, blocked_for=reason[:200]
            )
            stopped += 1
    return stopped


@operation
def unblock(subject_id: UUID, *, now: datetime, actor: str = "") -> int:
    """Lets the codes of the subject go again as they were; returns how many."""
    freed = 0
    for code_id, uses_left in Code.objects.filter(subject_id=subject_id, state="blocked").values_list(
        "id", "uses_left"
    ):
        transition(Code, code_id, CODE, "unblock", now=now, actor=actor, blocked_for="")
        if uses_left == 0:
            transition(Code, code_id, CODE, "use_up", now=now, actor=actor)
        freed += 1
    return freed


@operation
def change_validity(subject_id: UUID, *, valid_until: datetime | None, valid_from: datetime | None = None) -> int:
    """Moves the time in which the codes of the subject may be used; returns how many were moved."""
    return Code.objects.filter(subject_id=subject_id).update(valid_from=valid_from, valid_until=valid_until)


def redemption_view(redemption: Redemption, code: Code, *, replayed: bool = False) -> RedemptionView:
    return RedemptionView(
        id=redemption.id,
        code_id=code.id,
        purpose=code.purpose,
        subject_id=code.subject_id,
        tenant_id=redemption.tenant_id,
        place_id=redemption.place_id,
        terminal=redemption.terminal,
        actor=redemption.actor,
        uses=redemption.uses,
        uses_left=code.uses_left,
        at=redemption.at,
        state=redemption.state,
        undo_until=redemption.at + checks.undo_window(),
        undone_at=redemption.undone_at,
        replayed=replayed,
    )


def _keep(scan: Scan, refusal: CodeRefusal | Mistyped | TooManyGuesses) -> None:
    """A refused try is remembered although the refusal takes everything else back."""
    scan.guess = isinstance(refusal, (Mistyped, UnknownCode))
    if isinstance(refusal, CodeRefusal):
        scan.outcome = refusal.outcome
    else:
        scan.outcome = "mistyped" if isinstance(refusal, Mistyped) else "limited"
    after_unit(lambda: _store(scan))


@operation
def _store(scan: Scan) -> None:
    add(scan)


def _remember(code_id: UUID, verb: str, origin: str, target: str, now: datetime, actor: str = "") -> None:
    add(
        Transition(
            subject_type=Code._meta.label_lower,
            subject_id=code_id,
            machine=CODE.name,
            verb=verb,
            from_state=origin,
            to_state=target,
            at=now,
            actor=actor,
        )
    )
