"""One row per thing that is limited."""

from __future__ import annotations

from django.db import models


class Meter(models.Model):
    """``full_at`` is the instant, in microseconds since 1970, at which all that was spent will have come back."""

    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.BigIntegerField(db_index=True)
