"""The log of contacts and the links between visitors and persons. Both live in the stream database."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from paseo.capabilities.journeys.values import KINDS
from paseo.platform.db.models import Row


class Contact(models.Model):
    """One touch. ``seq`` is the order of arrival, ``at`` the moment it happened."""

    stream = True

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    visitor_id = models.UUIDField(null=True, blank=True)
    person_id = models.UUIDField(null=True, blank=True)
    touchpoint_id = models.UUIDField(null=True, blank=True)
    campaign = models.CharField(max_length=80, blank=True, default="")
    store_id = models.UUIDField(null=True, blank=True)
    merchant_id = models.UUIDField(null=True, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    channel = models.CharField(max_length=20, blank=True, default="")
    mode = models.CharField(max_length=12, blank=True, default="")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    extra = models.JSONField(default=dict, blank=True)
    anonymous = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=KINDS), name="contact_kind_known")]
        indexes = [
            models.Index(fields=["visitor_id", "at"], name="contact_visitor", condition=Q(visitor_id__isnull=False)),
            models.Index(fields=["person_id", "at"], name="contact_person", condition=Q(person_id__isnull=False)),
            models.Index(fields=["store_id", "seq"], name="contact_store"),
            models.Index(fields=["store_id", "at"], name="contact_store_at"),
            models.Index(fields=["at"], name="contact_to_forget", condition=Q(anonymous=False)),
            models.Index(fields=["subject_id"], name="contact_subject", condition=Q(subject_id__isnull=False)),
        ]


class IdentityLink(Row):
    """This visitor is this person, for contacts in ``since`` ≤ at < ``until`` (open when empty).

    Never deleted but by erasure: undone links are the history of merges and splits.
    """

    stream = True

    visitor_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    consent_id = models.CharField(max_length=64, blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visitor_id"],
                condition=Q(undone_at__isnull=True, until__isnull=True),
                name="link_one_open_per_visitor",
            )
        ]
        indexes = [
            models.Index(fields=["person_id"], name="link_person"),
            models.Index(fields=["visitor_id"], name="link_visitor"),
        ]
