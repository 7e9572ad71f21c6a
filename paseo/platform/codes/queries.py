"""Reading codes and what was tried with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from paseo.platform.codes.models import Code, Redemption, Scan
from paseo.platform.codes.operations import redemption_view
from paseo.platform.codes.secrets import Token, text_again
from paseo.platform.codes.values import CodeView, RedemptionView, ScanView
from paseo.platform.db.prepared import Prepared

_parts = Prepared(lambda ids: Code.objects.filter(pk__in=ids).values_list("pk", "length", "code_hash"))


def _view(code: Code) -> CodeView:
    return CodeView(
        id=code.id,
        text=text_again(code.id, code.length, code.code_hash),
        purpose=code.purpose,
        subject_id=code.subject_id,
        tenant_id=code.tenant_id,
        place_ids=None if code.place_ids is None else tuple(UUID(place) for place in code.place_ids),
        uses_total=code.uses_total,
        uses_left=code.uses_left,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        state=code.state,
        reason=code.blocked_for,
    )


def code(code_id: UUID) -> CodeView | None:
    found = Code.objects.filter(pk=code_id).first()
    return None if found is None else _view(found)


def text_of(code_id: UUID) -> str:
    """The text to show to its owner, "" for an unknown code; ``kernel.codes.grouped`` puts it in groups of four."""
    found = code(code_id)
    return "" if found is None else found.text


def where_prepared(token: str) -> tuple[UUID, UUID | None] | None:
    """The tenant and the place at whose counter this token was made; None for a token that is none. No statement."""
    opened = Token.unseal(token)
    return None if opened is None else (opened.tenant_id, opened.place_id)


def texts_of(code_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The texts of several codes, to show to their owners."""
    return {id: text_again(id, length, hashed) for id, length, hashed in _parts(sorted(code_ids))}


def codes(code_ids: Iterable[UUID]) -> dict[UUID, CodeView]:
    return {found.id: _view(found) for found in Code.objects.filter(pk__in=list(code_ids))}


def codes_of(subject_ids: Iterable[UUID]) -> dict[UUID, list[CodeView]]:
    """Codes by subject, oldest first."""
    by_subject: dict[UUID, list[CodeView]] = {}
    for found in Code.objects.filter(subject_id__in=list(subject_ids)).order_by("id"):
        by_subject.setdefault(found.subject_id, []).append(_view(found))
    return by_subject


def redemption(redemption_id: UUID) -> RedemptionView | None:
    found = Redemption.objects.select_related("code").filter(pk=redemption_id).first()
    return None if found is None else redemption_view(found, found.code)


def redemptions_of(subject_id: UUID) -> list[RedemptionView]:
    """Every use of the codes of a subject, undone ones too, oldest first."""
    found = Redemption.objects.select_related("code").filter(code__subject_id=subject_id).order_by("at", "id")
    return [redemption_view(one, one.code) for one in found]


def recent_redemptions(tenant_id: UUID, place_ids: Iterable[UUID] | None, since: datetime) -> list[RedemptionView]:
    """Uses at a counter, newest first: what can still be undone stands here."""
    found = Redemption.objects.select_related("code").filter(tenant_id=tenant_id, at__gte=since)
    if place_ids is not None:
        found = found.filter(place_id__in=list(place_ids))
    return [redemption_view(one, one.code) for one in found.order_by("-at", "-id")[:200]]


def scans(
    tenant_id: UUID, *, place_ids: Iterable[UUID] | None = None, code_id: UUID | None = None, limit: int = 200
) -> list[ScanView]:
    """Tries at the tenant's counters, refused ones too, newest first."""
    found = Scan.objects.filter(tenant_id=tenant_id)
    if place_ids is not None:
        found = found.filter(place_id__in=list(place_ids))
    if code_id is not None:
        found = found.filter(code_id=code_id)
    return [
        ScanView(one.id, one.at, one.place_id, one.terminal, one.actor, one.code_id, one.redemption_id, one.outcome)
        for one in found.order_by("-at", "-id")[:limit]
    ]
