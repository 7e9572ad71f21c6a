"""Changing the address by which one signs in: a code goes to the new one, and the old one is told.

Nobody learns here whether an address has an account: only who reads the letters of the new address hears that it is
taken. Tries are counted in units of their own, because the refusal that follows would otherwise take the counting back.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F

from paseo.kernel.errors import NotFound, TooMany
from paseo.kernel.ids import new_id
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import guarded, unit
from paseo.platform.identity.addresses import normal_email
from paseo.platform.identity.models import Person, SignInCode
from paseo.platform.identity.operations.sign_in import (
    CODE_MINUTES,
    CODE_TRIES,
    LETTERS_PER_EMAIL,
    LETTERS_PER_NETWORK,
)
from paseo.platform.identity.ports import send_letter
from paseo.platform.identity.refusals import (
    AddressTaken,
    SameAddress,
    TooManyAddressTries,
    WrongAddressCode,
)
from paseo.platform.identity.secrets_at_rest import keyed_hash
from paseo.platform.limits.operations import hit

LETTERS_PER_PERSON = (6, 3600)
CODES_PER_PERSON = (20, 3600)


def start_email_change(*, person_id: UUID, email: str, now: datetime, locale: str = "en", network: str = "") -> UUID:
    """Sends six digits to the new address and returns the id of this attempt.

    Refuses NotFound, BadEmail, SameAddress, TooManyAddressTries. ``network`` is where the request comes from.
    """
    address = normal_email(email)
    person = _person(person_id)
    if person.email == address:
        raise SameAddress
    _limit("change", str(person_id), LETTERS_PER_PERSON, now)
    _limit("letters.network", network, LETTERS_PER_NETWORK, now)
    _limit("letters", address, LETTERS_PER_EMAIL, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    attempt = new_id()
    with unit():
        SignInCode.objects.create(
            id=attempt,
            email=address,
            person=person,
            code_hash=_hash(attempt, person_id, code),
            created_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
            tries_left=CODE_TRIES,
        )
        send_letter(
            email=address,
            kind="identity.new_address_code",
            params={"code": code, "minutes": CODE_MINUTES},
            locale=locale,
            now=now,
        )
    return attempt


def finish_email_change(*, person_id: UUID, attempt: UUID, code: str, now: datetime) -> str:
    """Makes the address of this attempt the person's own, tells the old one by letter, and returns the new one.

    Refuses WrongAddressCode, AddressTaken, TooManyAddressTries.
    """
    _limit("change.codes", str(person_id), CODES_PER_PERSON, now)
    found = SignInCode.objects.filter(id=attempt, person_id=person_id, used_at__isnull=True, expires_at__gt=now).first()
    if found is None:
        raise WrongAddressCode
    alive = SignInCode.objects.filter(id=found.id, used_at__isnull=True, tries_left__gt=0)
    with unit():
        counted = guarded(alive, tries_left=F("tries_left") - 1)
    digits = "".join(letter for letter in code if letter.isdecimal())
    if not counted or not hmac.compare_digest(_hash(found.id, person_id, digits), found.code_hash):
        raise WrongAddressCode
    try:
        with unit():
            _change(person_id, found, now)
    except IntegrityError:
        raise AddressTaken from None
    return found.email


def _change(person_id: UUID, found: SignInCode, now: datetime) -> None:
    person = _person(person_id)
    old = person.email or ""
    if not guarded(SignInCode.objects.filter(id=found.id, used_at__isnull=True), used_at=now):
        raise WrongAddressCode
    same = Person.objects.filter(id=person_id, email=person.email, erased_at__isnull=True)
    if not guarded(same, email=found.email, email_confirmed_at=now):
        raise WrongAddressCode
    # What was sent before to either address opens nothing any more.
    SignInCode.objects.filter(email__in=[old, found.email]).exclude(id=found.id).delete()
    SignInCode.objects.filter(person_id=person_id).exclude(id=found.id).delete()
    # Without the addresses: the record outlives an erased account.
    record(f"person:{person_id}", "identity.address_changed", f"person:{person_id}", at=now)
    if old:
        send_letter(
            email=old,
            kind="identity.address_changed",
            params={"at": now, "hint": masked(found.email)},
            locale=person.locale,
            now=now,
        )


def masked(email: str) -> str:
    """``r…@example.org``: enough to recognise one's own, too little to learn another's."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _person(person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def _hash(attempt: UUID, person_id: UUID, digits: str) -> str:
    return keyed_hash("new-address", attempt, person_id, digits)


def _limit(what: str, subject: str, most: tuple[int, int], now: datetime) -> None:
    if not subject:
        return
    try:
        hit(f"identity.{what}", subject, limit=most[0], seconds=most[1], now=now)
    except TooMany as refusal:
        raise TooManyAddressTries(retry_after=refusal.retry_after) from None
