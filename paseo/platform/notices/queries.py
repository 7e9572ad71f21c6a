"""Reads."""

from __future__ import annotations

from uuid import UUID

from django.template import TemplateDoesNotExist
from django.utils.translation import get_language

from paseo.platform.notices.models import Delivery, Letter, Notice
from paseo.platform.notices.rendering import words
from paseo.platform.notices.values import FailedDelivery, InboxItem, InboxPage, LetterView


def unread(person_id: UUID) -> int:
    return Notice.objects.filter(person_id=person_id, in_inbox=True, read_at__isnull=True).count()


def inbox(person_id: UUID, *, after: UUID | None = None, limit: int = 30, locale: str | None = None) -> InboxPage:
    """The person's notices in the language of the page, or in ``locale``. One statement."""
    rows = Notice.objects.filter(person_id=person_id, in_inbox=True).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    language = locale or get_language() or "en"
    found = list(rows[: limit + 1])
    items = [item for row in found[:limit] if (item := _item(row, language)) is not None]
    return InboxPage(tuple(items), found[limit - 1].id if len(found) > limit else None)


def _item(row: Notice, language: str) -> InboxItem | None:
    try:
        text = words(row.kind, row.params, language)
    except TemplateDoesNotExist:
        return None  # the kind is gone: what it said can no longer be said
    return InboxItem(row.id, row.kind, text.subject, text.body, row.created_at, row.read_at is not None, row.subject)


def letters(*, to: str | None = None, limit: int = 50) -> list[LetterView]:
    """Letters that the mailbox keeps, newest first; only there while no mail server is set."""
    rows = Letter.objects.order_by("-id")
    if to:
        rows = rows.filter(to=to.strip().lower())
    return [_letter(row) for row in rows[:limit]]


def letter(letter_id: UUID) -> LetterView | None:
    row = Letter.objects.filter(id=letter_id).first()
    return _letter(row) if row else None


def _letter(row: Letter) -> LetterView:
    return LetterView(row.id, row.to, row.sender, row.subject, row.body, row.at)


def failed(*, limit: int = 100) -> list[FailedDelivery]:
    """Deliveries that were given up, newest first."""
    rows = Delivery.objects.filter(state=Delivery.State.FAILED).select_related("notice").order_by("-id")
    return [
        FailedDelivery(row.id, row.notice.kind, row.channel, row.attempts, row.error, row.notice.created_at)
        for row in rows[:limit]
    ]
