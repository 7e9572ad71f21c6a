"""Signing in by a code from a letter, or by password.

Nothing here tells whether an address has an account: both ways answer the same for everybody, take the same time, and
an address without an account gets one with its first valid code. Tries are counted in units of their own, because the
refusal that follows would otherwise take the counting back.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F

from paseo.kernel.errors import NotFound, TooMany
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import guarded, operation, unit
from paseo.platform.identity.addresses import normal_email
from paseo.platform.identity.models import Person, SignInCode
from paseo.platform.identity.operations.people import unusable_password
from paseo.platform.identity.ports import send_letter
from paseo.platform.identity.refusals import TooManyTries, WeakPassword, WrongCode, WrongPassword
from paseo.platform.identity.secrets_at_rest import keyed_hash
from paseo.platform.limits.operations import forgive, hit

CODE_MINUTES = 10
CODE_TRIES = 5

# (tries, seconds), per e-mail address and per network
LETTERS_PER_EMAIL = (5, 900)
LETTERS_PER_NETWORK = (30, 3600)
CODES_PER_EMAIL = (20, 3600)
PASSWORDS_PER_EMAIL = (8, 900)
TRIES_PER_NETWORK = (60, 3600)


def start_email_code(email: str, now: datetime, *, locale: str = "en", network: str = "") -> UUID:
    """Sends six digits to the address and returns the id of this attempt. Refuses BadEmail, TooManyTries.

    ``network`` is where the request comes from (``web.network_of``).
    """
    address = normal_email(email)
    _limit("letters", address, network, LETTERS_PER_EMAIL, LETTERS_PER_NETWORK, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    attempt = new_id()
    with unit():
        SignInCode.objects.create(
            id=attempt,
            email=address,
            code_hash=keyed_hash("code", attempt, code),
            created_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
            tries_left=CODE_TRIES,
        )
        send_letter(
            email=address,
            kind="identity.sign_in_code",
            params={"code": code, "minutes": CODE_MINUTES},
            locale=locale,
            now=now,
        )
    return attempt


def finish_email_code(
    email: str,
    code: str,
    now: datetime,
    *,
    attempt: UUID | None = None,
    locale: str = "en",
    network: str = "",
    name: str = "",
) -> Person:
    """The person behind the address, made when new. Refuses WrongCode, TooManyTries.

    With ``attempt`` only that attempt's code counts, so that a stranger who types the same address elsewhere can
    neither use up its tries nor make it void; without, the newest one.
    """
    address = normal_email(email)
    _limit("codes", address, network, CODES_PER_EMAIL, TRIES_PER_NETWORK, now)
    sent = SignInCode.objects.filter(email=address, person=None, used_at__isnull=True, expires_at__gt=now)
    found = (sent.filter(id=attempt) if attempt else sent).order_by("-id").first()
    if found is None:
        raise WrongCode
    alive = SignInCode.objects.filter(id=found.id, used_at__isnull=True, tries_left__gt=0)
    with unit():
        counted = guarded(alive, tries_left=F("tries_left") - 1)
    digits = "".join(letter for letter in code if letter.isdecimal())
    if not counted or not hmac.compare_digest(keyed_hash("code", found.id, digits), found.code_hash):
        raise WrongCode
    with unit():
        if not guarded(SignInCode.objects.filter(id=found.id, used_at__isnull=True), used_at=now):
            raise WrongCode
        SignInCode.objects.filter(email=address, person=None).exclude(id=found.id).delete()
        person, _ = Person.objects.get_or_create(
            email=address,
            defaults={
                "name": name.strip()[:120],
                "locale": locale,
                "created_at": now,
                "email_confirmed_at": now,
                "password": unusable_password(),
            },
        )
        if person.email_confirmed_at is None:
            Person.objects.filter(id=person.id).update(email_confirmed_at=now)
        if not person.is_active:
            raise WrongCode
    return person


def sign_in_with_password(email: str, password: str, now: datetime, *, network: str = "") -> Person:
    """Refuses WrongPassword, TooManyTries. The right password gives the address its tries back."""
    address = normal_email(email)
    _limit("passwords", address, network, PASSWORDS_PER_EMAIL, TRIES_PER_NETWORK, now)
    person = Person.objects.filter(email=address, is_active=True).first()
    stored = person.password if person else "!"

    def renew(plain: str) -> None:
        Person.objects.filter(email=address).update(password=make_password(plain))

    # Without an account, or without a password, check_password computes a hash all the same.
    if not check_password(password, stored, renew if person else None) or person is None:
        raise WrongPassword
    forgive("identity.passwords", address)
    return person


@operation
def set_password(*, person_id: UUID, password: str) -> None:
    """Sets or, when empty, removes the password. Every other session of the person ends. Refuses WeakPassword."""
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    if password:
        try:
            validate_password(password, person)
        except ValidationError:
            raise WeakPassword from None
    hashed = make_password(password) if password else unusable_password()
    Person.objects.filter(id=person_id).update(password=hashed)


def clear_old_codes(now: datetime) -> int:
    """Removes codes a day after they expired, and returns how many."""
    removed, _ = SignInCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    return removed


def _limit(
    what: str, address: str, network: str, per_email: tuple[int, int], per_network: tuple[int, int], now: datetime
) -> None:
    try:
        if network:
            hit(f"identity.{what}.network", network, limit=per_network[0], seconds=per_network[1], now=now)
        hit(f"identity.{what}", address, limit=per_email[0], seconds=per_email[1], now=now)
    except TooMany as refusal:
        raise TooManyTries(retry_after=refusal.retry_after) from None
