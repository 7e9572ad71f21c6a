"""Fitting a new price into the periods that a list already has. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Span:
    """An existing price."""

    id: UUID
    amount_minor: int
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """``close``: the existing price that ends when the new one begins. ``replace``: the existing price that begins at
    the same instant and takes the new amount. ``resume``: its amount holds again from
    ``resume_from`` until ``resume_until``. ``until``: when the new one ends. ``overlapping``: why it cannot be."""

    close: UUID | None = None
    replace: UUID | None = None
    until: datetime | None = None
    resume: int | None = None
    resume_from: datetime | None = None
    resume_until: datetime | None = None
    unchanged: bool = False
    overlapping: tuple[UUID, ...] = ()


def plan_price(existing: Iterable[Span], amount_minor: int, start: datetime, until: datetime | None) -> Change:
    """How the new price fits.

    Without ``until`` it holds until the next price that is already planned. With ``until`` it is an exception inside
    the price that held before, which then holds again. A price that begins within an exception, or runs beyond the end
    of what it interrupts, overlaps and is refused. One that begins at the same instant is replaced.
    """
    spans = sorted(existing, key=lambda span: span.valid_from)
    same = next((span for span in spans if span.valid_from == start), None)
    before = next((span for span in spans if span.valid_from < start and _lasts_beyond(span, start)), None)
    later = [span for span in spans if span.valid_from > start]
    if until is None:
        until = later[0].valid_from if later else None
        if same is not None:
            return Change(unchanged=True) if same.amount_minor == amount_minor else Change(replace=same.id)
        if before is not None and before.amount_minor == amount_minor and before.valid_until == until:
            return Change(unchanged=True)
        return Change(close=before.id if before else None, until=until)
    if same is not None:
        if same.valid_until != until:
            return Change(overlapping=(same.id,))
        return Change(unchanged=True) if same.amount_minor == amount_minor else Change(replace=same.id)
    if inside := tuple(span.id for span in later if span.valid_from < until):
        return Change(overlapping=inside)
    if before is None:
        return Change(until=until)
    if before.valid_until is not None and before.valid_until < until:
        return Change(overlapping=(before.id,))
    if before.amount_minor == amount_minor:
        return Change(unchanged=True)
    if before.valid_until == until:
        return Change(close=before.id, until=until)
    return Change(
        close=before.id,
        until=until,
        resume=before.amount_minor,
        resume_from=until,
        resume_until=before.valid_until,
    )


def _lasts_beyond(span: Span, instant: datetime) -> bool:
    return span.valid_until is None or span.valid_until > instant
