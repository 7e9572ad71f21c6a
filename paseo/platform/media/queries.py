from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.kernel.errors import NotFound
from paseo.platform.media.models import Media
from paseo.platform.media.values import MediaView
from paseo.platform.tenancy.values import Scope


def media(media_ids: Iterable[UUID]) -> dict[UUID, MediaView]:
    """One statement for any number."""
    return {row.id: view(row) for row in Media.objects.filter(id__in=list(media_ids))}


def paper(media_id: UUID, scope: Scope) -> MediaView:
    """A private paper for its firm's ``store.edit``, or for an operator who approves. Refuses NotFound."""
    row = scope.one(Media.objects.filter(kind=Media.Kind.PAPER), tenant="tenant_id", place="", id=media_id)
    scope.require("merchant.approve" if scope.kind == "operator" else "store.edit")
    return view(row)


def papers_of(tenant_id: UUID) -> list[MediaView]:
    return [view(row) for row in Media.objects.filter(tenant_id=tenant_id, kind=Media.Kind.PAPER).order_by("-id")]


def of_actor(actor: str) -> list[MediaView]:
    """What somebody uploaded, for the file of their own data."""
    return [view(row) for row in Media.objects.filter(actor=actor).order_by("id")]


def require_own(media_ids: Iterable[UUID], *, tenant_id: UUID | None, actor: str = "") -> None:
    """That all of these exist and belong to the firm (or, without a firm, to the actor). Refuses NotFound."""
    wanted = set(media_ids)
    rows = Media.objects.filter(id__in=wanted)
    rows = rows.filter(tenant__isnull=True, actor=actor) if tenant_id is None else rows.filter(tenant_id=tenant_id)
    if rows.count() != len(wanted):
        raise NotFound


def view(row: Media) -> MediaView:
    return MediaView(
        row.id, row.tenant_id, row.kind, row.content_type, row.name, row.width, row.height, row.bytes, row.created_at
    )
