"""The second factor: setting up, checking, turning off, and recovery codes. Each code works once."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from paseo.kernel.codes import ALPHABET
from paseo.kernel.errors import NotFound, TooMany
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import guarded, operation, unit
from paseo.platform.identity.models import Person, RecoveryCode, SecondFactor
from paseo.platform.identity.ports import send_letter
from paseo.platform.identity.refusals import FactorAlreadySet, TooManyTries, WrongFactor
from paseo.platform.identity.secrets_at_rest import keyed_hash, seal, unseal
from paseo.platform.identity.values import FactorSetup
from paseo.platform.limits.operations import forgive, hit
from paseo.platform.tenancy.values import Scope

STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
TRIES = (6, 300)


@operation
def start_second_factor(*, person_id: UUID, now: datetime) -> FactorSetup:
    """A secret for the person's authenticator app; the same one until it is confirmed. Refuses FactorAlreadySet."""
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    factor, _ = SecondFactor.objects.get_or_create(
        person=person, defaults={"secret_sealed": seal(pyotp.random_base32()), "created_at": now}
    )
    if factor.confirmed_at is not None:
        raise FactorAlreadySet
    secret = unseal(factor.secret_sealed)
    uri = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=person.email or "", issuer_name="Paseo")
    return FactorSetup(secret, uri)


def confirm_second_factor(*, person_id: UUID, code: str, now: datetime) -> list[str]:
    """Ends the set-up with a first code from the app and returns the recovery codes, which are shown this once.

    Refuses WrongFactor, FactorAlreadySet, TooManyTries.
    """
    _limit(person_id, now)
    with unit():
        factor = SecondFactor.objects.select_for_update().filter(person_id=person_id).first()
        if factor is None:
            raise NotFound
        if factor.confirmed_at is not None:
            raise FactorAlreadySet
        if not _take_step(factor, code, now):
            raise WrongFactor
        SecondFactor.objects.filter(person_id=person_id).update(confirmed_at=now)
        record(f"person:{person_id}", "identity.second_factor_set", f"person:{person_id}", at=now)
        return _fresh_recovery_codes(person_id)


def check_second_factor(*, person_id: UUID, code: str, now: datetime) -> None:
    """Accepts a code of the app (this step, the one before or after, each once) or a recovery code.

    Refuses WrongFactor, TooManyTries.
    """
    _limit(person_id, now)
    factor = SecondFactor.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if factor is None:
        raise WrongFactor
    with unit():
        if not _take_step(factor, code, now) and not _take_recovery_code(person_id, code, now):
            raise WrongFactor
    forgive("identity.factor", str(person_id))


def new_recovery_codes(*, person_id: UUID, code: str, now: datetime) -> list[str]:
    """Ten new codes instead of all old ones. Needs a code of the factor; refuses as ``check_second_factor``."""
    check_second_factor(person_id=person_id, code=code, now=now)
    with unit():
        return _fresh_recovery_codes(person_id)


def turn_off_second_factor(*, person_id: UUID, code: str, now: datetime) -> None:
    """Needs a code of the factor. The person is told by letter. Refuses as ``check_second_factor``."""
    check_second_factor(person_id=person_id, code=code, now=now)
    with unit():
        _remove(person_id, f"person:{person_id}", "", now)


@operation
def reset_second_factor(*, person_id: UUID, by: Scope, why: str, now: datetime) -> None:
    """The operator's help for somebody who lost phone and recovery codes. Recorded with the reason; the person is told.

    Refuses NotAllowedHere unless ``by`` is an operator who may hire.
    """
    by.require("staff.edit")
    if by.kind != "operator":
        raise NotFound
    _remove(person_id, by.actor, why, now)


def _limit(person_id: UUID, now: datetime) -> None:
    try:
        hit("identity.factor", str(person_id), limit=TRIES[0], seconds=TRIES[1], now=now)
    except TooMany as refusal:
        raise TooManyTries(retry_after=refusal.retry_after) from None


def _take_step(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether the code belongs to a step that nobody used; using it takes it and all earlier ones."""
    digits = "".join(letter for letter in code if letter.isdecimal())
    generator = pyotp.TOTP(unseal(factor.secret_sealed), interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(generator.generate_otp(step), digits):
            unused = SecondFactor.objects.filter(person_id=factor.person_id, last_step__lt=step)
            return guarded(unused, last_step=step)
    return False


def _take_recovery_code(person_id: UUID, code: str, now: datetime) -> bool:
    hashed = keyed_hash("recovery", person_id, _plain(code))
    return guarded(
        RecoveryCode.objects.filter(person_id=person_id, code_hash=hashed, used_at__isnull=True), used_at=now
    )


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter in ALPHABET)


def _fresh_recovery_codes(person_id: UUID) -> list[str]:
    RecoveryCode.objects.filter(person_id=person_id).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person_id=person_id, code_hash=keyed_hash("recovery", person_id, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _remove(person_id: UUID, actor: str, why: str, now: datetime) -> None:
    removed, _ = SecondFactor.objects.filter(person_id=person_id).delete()
    RecoveryCode.objects.filter(person_id=person_id).delete()
    if not removed:
        return
    record(actor, "identity.second_factor_off", f"person:{person_id}", why=why, at=now)
    person = Person.objects.get(id=person_id)
    if person.email:
        params: dict[str, object] = {"at": now}
        send_letter(email=person.email, kind="identity.factor_off", params=params, locale=person.locale, now=now)
