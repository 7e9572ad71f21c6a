"""``Row``, the base of every table with an id of its own, and ``Transition``, the memory of all state machines."""

from __future__ import annotations

from django.db import models

from paseo.kernel.ids import new_id


class Row(models.Model):
    """A row whose id is made by whoever starts something, so that a repeated request writes the same row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class Transition(models.Model):
    """One step of one state machine: who moved what from where to where, when and why. Only ever added to."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    machine = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["subject_id", "id"], name="db_transition_subject")]
