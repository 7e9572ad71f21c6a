"""Forgetting what is old, in portions."""

from __future__ import annotations

from datetime import datetime

from paseo.platform.notices.models import Letter, Notice

PORTION = 1000


def forget_notices(before: datetime) -> int:
    return _forget(Notice, created_at__lt=before)


def forget_letters(before: datetime) -> int:
    return _forget(Letter, at__lt=before)


def _forget(model: type[Notice] | type[Letter], **older: datetime) -> int:
    forgotten = 0
    while ids := list(model.objects.filter(**older).values_list("id", flat=True)[:PORTION]):
        model.objects.filter(id__in=ids).delete()
        forgotten += len(ids)
    return forgotten
