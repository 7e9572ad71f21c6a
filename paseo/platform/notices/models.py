"""Notices to people, their deliveries, and the demo's mailbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.platform.db.models import Row


class Notice(Row):
    """Something a person is told. Its words are made when it is read, in the reader's language."""

    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    person_id = models.UUIDField(null=True, blank=True)
    tenant_id = models.UUIDField(null=True, blank=True)
    subject = models.CharField(max_length=120, blank=True, default="")
    in_inbox = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-id"], condition=Q(in_inbox=True), name="notices_inbox"),
            models.Index(fields=["person_id"], condition=Q(in_inbox=True, read_at__isnull=True), name="notices_unread"),
            models.Index(fields=["created_at"], name="notices_age"),
        ]


class Delivery(Row):
    """One notice on one channel. Tried again with growing pauses; given up after ``EVENT_ATTEMPTS`` tries."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254, blank=True, default="")
    locale = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="notices_due"),
        ]


class Letter(Row):
    """An e-mail as it left, kept by ``MailboxBackend`` where no mail server is set."""

    to = models.CharField(max_length=254)
    sender = models.CharField(max_length=254)
    subject = models.CharField(max_length=998)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["to", "-id"], name="notices_letter_to"),
            models.Index(fields=["at"], name="notices_letter_at"),
        ]
