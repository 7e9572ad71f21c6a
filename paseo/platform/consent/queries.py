"""Reads: what somebody agreed to."""

from __future__ import annotations

from uuid import UUID

from paseo.platform.consent.models import Choice, Erasure
from paseo.platform.consent.purposes import PURPOSES, purpose
from paseo.platform.consent.values import Answer, Erased, ErasureReport


def state(*, person_id: UUID | None = None, visitor_id: UUID | None = None) -> dict[str, bool]:
    """Purpose by purpose whether there is a yes to the present text. "essential" is always yes. One statement."""
    latest = {answer.purpose: answer for answer in reversed(history(person_id=person_id, visitor_id=visitor_id))}
    return {
        key: not known.asks or (key in latest and latest[key].given and latest[key].text_version == known.version)
        for key, known in PURPOSES.items()
    }


def allows(key: str, *, person_id: UUID | None = None, visitor_id: UUID | None = None) -> bool:
    purpose(key)
    return state(person_id=person_id, visitor_id=visitor_id)[key]


def history(*, person_id: UUID | None = None, visitor_id: UUID | None = None) -> list[Answer]:
    """Every yes and no, newest first; of the person, or of a device without an account."""
    if (person_id is None) == (visitor_id is None):
        raise ValueError("Consent belongs to a person or to a visitor.")
    rows = Choice.objects.filter(person_id=person_id) if person_id else Choice.objects.filter(visitor_id=visitor_id)
    return [
        Answer(row.purpose, row.given, row.text_version, row.locale, row.source, row.at) for row in rows.order_by("-id")
    ]


def erasure(person_id: UUID) -> ErasureReport | None:
    row = Erasure.objects.filter(person_id=person_id).first()
    if row is None:
        return None
    return ErasureReport(row.person_id, row.at, {name: Erased(**part) for name, part in row.report.items()})
