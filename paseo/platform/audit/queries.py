"""Reading the book, page by page."""

from __future__ import annotations

from uuid import UUID

from paseo.kernel.periods import Period
from paseo.platform.audit.models import Entry, Look
from paseo.platform.audit.values import EntryPage, EntryView, LookView
from paseo.platform.tenancy.values import Scope


def entries(
    scope: Scope,
    *,
    subject: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    tenant_id: UUID | None = None,
    period: Period | None = None,
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
    if period is not None:
        rows = rows.filter(at__gte=period.start)
        rows = rows if period.end is None else rows.filter(at__lt=period.end)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_view(row) for row in rows[: limit + 1]]
    return EntryPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def last_look() -> LookView | None:
    """What the auditor said last, whoever asked. One statement."""
    row = Look.objects.order_by("-id").first()
    if row is None:
        return None
    return LookView(row.at, row.actor, row.milliseconds, row.checks, row.count, row.findings)


def last_entry(action: str, subject: str) -> EntryView | None:
    """The newest entry of one action on one subject, such as "backup.made" of "installation". One statement."""
    row = Entry.objects.filter(action=action, subject=subject).order_by("-id").first()
    return None if row is None else _view(row)


def of_person(person_id: UUID) -> list[EntryView]:
    """Everything a person did, for the file of their own data."""
    return [_view(row) for row in Entry.objects.filter(actor=f"person:{person_id}").order_by("id")]


def _view(row: Entry) -> EntryView:
    return EntryView(row.id, row.at, row.actor, row.action, row.subject, row.tenant_id, row.why, row.before, row.after)
