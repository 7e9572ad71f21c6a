"""Writes: saying yes and no, taking everything along, being forgotten."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from paseo.platform.audit.operations import record
from paseo.platform.consent import registry
from paseo.platform.consent.events import ConsentGiven, ConsentWithdrawn, PersonErased
from paseo.platform.consent.export import export_person
from paseo.platform.consent.models import Choice, Erasure
from paseo.platform.consent.purposes import purpose as purpose_named
from paseo.platform.consent.queries import erasure, history, state
from paseo.platform.consent.values import ErasureReport
from paseo.platform.db.unit import add, operation
from paseo.platform.outbox import emit

log = logging.getLogger(__name__)

__all__ = ["adopt", "erase_person", "export_person", "forget_old", "give", "withdraw"]


@operation
def give(
    *,
    purpose: str,
    now: datetime,
    person_id: UUID | None = None,
    visitor_id: UUID | None = None,
    source: str = "",
    locale: str | None = None,
) -> None:
    """A yes to the present text of the purpose. Again: nothing. LookupError for an unknown purpose."""
    known = purpose_named(purpose)
    if not known.asks or state(**_who(person_id, visitor_id))[purpose]:
        return
    _note(known.key, known.version, True, now, person_id, visitor_id, source, locale)
    emit(ConsentGiven(known.key, known.version, now, person_id, visitor_id), at=now)


@operation
def withdraw(
    *,
    purpose: str,
    now: datetime,
    person_id: UUID | None = None,
    visitor_id: UUID | None = None,
    source: str = "",
    locale: str | None = None,
) -> None:
    """A no, as easy as the yes was. Without a yes before: nothing."""
    known = purpose_named(purpose)
    if not known.asks or not state(**_who(person_id, visitor_id))[purpose]:
        return
    _note(known.key, known.version, False, now, person_id, visitor_id, source, locale)
    emit(ConsentWithdrawn(known.key, now, person_id, visitor_id), at=now)


@operation
def adopt(*, visitor_id: UUID, person_id: UUID, now: datetime) -> None:
    """What this device agreed to before signing in counts for the person, unless they have answered themselves."""
    answered = {answer.purpose for answer in history(person_id=person_id)}
    for purpose, given in state(visitor_id=visitor_id).items():
        if given and purpose not in answered:
            give(purpose=purpose, now=now, person_id=person_id, source="device")


@operation
def erase_person(*, person_id: UUID, now: datetime) -> ErasureReport:
    """Erases somebody everywhere, in one unit: all of it, or none. Again: the report of the first time.

    What the books need is kept without the name. Refuses whatever a package registered as standing in the way (an
    order on its way, a firm without another owner), and NotFound.
    """
    done = erasure(person_id)
    if done is not None:
        return done
    for blocker in registry.blockers().values():
        refusal = blocker(person_id)
        if refusal is not None:
            raise refusal
    parts = {name: erase(person_id, now) for name, erase in registry.erasers()}
    Erasure.objects.create(person_id=person_id, at=now, report={name: asdict(part) for name, part in parts.items()})
    record(f"person:{person_id}", "consent.erased", f"person:{person_id}", at=now)
    emit(PersonErased(person_id, now), at=now)
    return ErasureReport(person_id, now, parts)


def forget_old(now: datetime) -> dict[str, int]:
    """Runs every retention rule and returns how many rows each forgot. A rule that fails does not stop the others."""
    forgotten: dict[str, int] = {}
    for rule in registry.retentions():
        try:
            forgotten[rule.name] = rule.forget(rule.before(now))
        except Exception:
            log.exception("retention rule %s failed", rule.name)
            forgotten[rule.name] = -1
    return forgotten


def _who(person_id: UUID | None, visitor_id: UUID | None) -> dict[str, UUID | None]:
    return {"person_id": person_id} if person_id else {"visitor_id": visitor_id}


def _note(
    purpose: str,
    version: int,
    given: bool,
    now: datetime,
    person_id: UUID | None,
    visitor_id: UUID | None,
    source: str,
    locale: str | None,
) -> None:
    add(
        Choice(
            person_id=person_id,
            visitor_id=visitor_id,
            purpose=purpose,
            given=given,
            text_version=version,
            locale=locale or get_language() or "en",
            source=source,
            at=now,
        )
    )
