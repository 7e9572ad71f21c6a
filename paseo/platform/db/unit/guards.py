"""Writes that carry their own condition."""

from __future__ import annotations

from typing import Any

from django.db import models


def guarded(queryset: models.QuerySet[Any], expect: int = 1, **updates: Any) -> bool:
    """One conditional UPDATE: the condition is the queryset's filter, the answer whether just ``expect`` rows met it.

    A false answer for ``expect > 1`` may have changed some rows: raise a refusal, so that the unit takes them back.
    """
    return queryset.update(**updates) == expect
