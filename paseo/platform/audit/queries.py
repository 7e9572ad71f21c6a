"""Reading the book, page by page."""

from __future__ import annotations

from uuid import UUID

from paseo.platform.audit.models import Entry
from paseo.platform.audit.values import EntryPage, EntryView
from paseo.platform.tenancy.values import Scope


def entries(
    scope: Scope,
    *,
    subject: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    tenant_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> EntryPage:
    """Newest first, of the scope's tenant; an operator reads all, or one tenant's. Refuses without ``audit.see``.

    ``action`` may end in a dot ("tenancy.") for everything below it.
    """
    scope.require("audit.see")
    rows = scope.narrow(Entry.objects.order_by("-id"), tenant="tenant_id", place="")
    if tenant_id is not None:
        rows = rows.filter(tenant_id=tenant_id)
    if subject:
        rows = rows.filter(subject=subject)
    if actor:
        rows = rows.filter(actor=actor)
    if action:
        rows = rows.filter(action__startswith=action) if action.endswith(".") else rows.filter(action=action)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [
        EntryView(row.id, row.at, row.actor, row.action, row.subject, row.tenant_id, row.why, row.before, row.after)
        for row in rows[: limit + 1]
    ]
    return EntryPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def of_person(person_id: UUID) -> list[EntryView]:
    """Everything a person did, for the file of their own data."""
    return [
        EntryView(row.id, row.at, row.actor, row.action, row.subject, row.tenant_id, row.why, row.before, row.after)
        for row in Entry.objects.filter(actor=f"person:{person_id}").order_by("id")
    ]
