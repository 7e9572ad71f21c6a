"""Stock items, holds with their lines, and movements."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from paseo.capabilities.inventory.states import ACTIVE, HOLD, LIVING
from paseo.capabilities.inventory.values import MovementKind, Reason
from paseo.platform.db.models import Row


class StockItem(Row):
    """One variant in one store. All counts are base units."""

    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    tracked = models.BooleanField(default=True)
    on_hand = models.BigIntegerField(default=0)
    allocated = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    safety = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "variant"], name="inventory_item_unique"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, allocated__gte=0, held__gte=0, safety__gte=0), name="inventory_item_counts"
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("allocated") + F("held")), name="inventory_item_never_oversold"
            ),
        ]


class Hold(Row):
    """Goods kept for one order. ``slot`` numbers the active holds of a buyer: the limit is a UNIQUE, not a count."""

    subject_id = models.UUIDField()
    owner_key = models.CharField(max_length=80, blank=True)
    slot = models.PositiveSmallIntegerField(null=True)
    store = models.ForeignKey("directory.Store", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=HOLD.initial)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HOLD.states), name="inventory_hold_state"),
            models.CheckConstraint(condition=Q(slot=None) | Q(state=ACTIVE), name="inventory_hold_slot_while_active"),
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(state__in=LIVING), name="inventory_hold_one_living"
            ),
            models.UniqueConstraint(
                fields=["owner_key", "slot"], condition=Q(state=ACTIVE), name="inventory_hold_per_buyer"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id"], name="inventory_hold_subject"),
            models.Index(fields=["state", "expires_at"], name="inventory_hold_due"),
        ]


class HoldLine(models.Model):
    """What a hold keeps of one item. Outstanding = quantity - released - issued."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="lines", db_index=False)
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    released = models.BigIntegerField(default=0)
    issued = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "item"], name="inventory_line_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, released__gte=0, issued__gte=0), name="inventory_line_counts"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("released") + F("issued")), name="inventory_line_outstanding"
            ),
        ]
        indexes = [
            # Only what is still kept: lines of orders that are over do not burden the search for lapsed goods.
            models.Index(
                fields=["item"],
                condition=Q(quantity__gt=F("released") + F("issued")),
                name="inventory_line_kept",
            )
        ]


class Movement(Row):
    """One change of what is on hand, for ever. ``subject_id`` is the order it served, if any."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    delta = models.BigIntegerField()
    reason = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values()), name="inventory_movement_kind"),
            models.CheckConstraint(condition=Q(reason__in=["", *Reason.values()]), name="inventory_movement_reason"),
        ]
        indexes = [
            models.Index(fields=["item", "at"], name="inventory_movement_item"),
            models.Index(fields=["subject_id"], condition=~Q(subject_id=None), name="inventory_movement_subject"),
        ]
