"""Whether a code may be used here and now. Every answer but yes is a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from paseo.platform.codes.models import Code, Redemption, Scan
from paseo.platform.codes.naming import names_of, where
from paseo.platform.codes.refusals import (
    AlreadyUsed,
    Blocked,
    Expired,
    NotEnoughUses,
    NotYetValid,
    TooManyGuesses,
    WrongShop,
)

GUESS_SECONDS = 600
GUESSES_PER_TERMINAL = 10
GUESSES_PER_TENANT = 100


def undo_window() -> timedelta:
    return timedelta(minutes=settings.PASEO["UNDO_MINUTES"])


def check_guesses(terminal: str, tenant_id: UUID, now: datetime) -> None:
    """Only wrong codes count, so that a busy counter is never stopped by its own customers."""
    since = now - timedelta(seconds=GUESS_SECONDS)
    guesses = Scan.objects.filter(guess=True, at__gt=since).order_by("-at").values_list("at", flat=True)
    for tried, limit in (
        (guesses.filter(terminal=terminal), GUESSES_PER_TERMINAL),
        (guesses.filter(tenant_id=tenant_id), GUESSES_PER_TENANT),
    ):
        newest = list(tried[:limit])
        if len(newest) == limit:
            left = newest[-1] + timedelta(seconds=GUESS_SECONDS) - now
            raise TooManyGuesses(retry_after=max(1, int(left.total_seconds())))


def check_shop(code: Code, tenant_id: UUID, place_id: UUID | None) -> None:
    places = None if code.place_ids is None else [UUID(place) for place in code.place_ids]
    if code.tenant_id == tenant_id and (places is None or place_id in places):
        return
    names = names_of(places or [])
    raise WrongShop(place=names[0] if names else "", place_ids=[str(place) for place in places or []])


def check_use(code: Code, uses: int, now: datetime) -> None:
    if code.state == "blocked":
        raise Blocked(reason=gettext(code.blocked_for) if code.blocked_for else code.state)
    if code.uses_left == 0 and code.uses_total > 0:
        raise already_used(code, now)
    if code.valid_from is not None and now < code.valid_from:
        raise NotYetValid(valid_from=code.valid_from)
    if code.valid_until is not None and now >= code.valid_until:
        raise Expired(at=code.valid_until)
    if code.uses_left < uses:
        raise NotEnoughUses(left=code.uses_left, wanted=uses)


def already_used(code: Code, now: datetime) -> AlreadyUsed:
    last = Redemption.objects.filter(code=code, state="done").order_by("-at").first()
    if last is None:
        raise AssertionError(f"Code {code.id} is used up without a redemption.")
    until = last.at + undo_window()
    return AlreadyUsed(at=last.at, where=where(last.place_id, last.terminal), undo_until=until if now < until else None)
