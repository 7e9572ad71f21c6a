"""Accounts: making, editing, hiring, erasing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password

from paseo.kernel.errors import NotFound
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import operation
from paseo.platform.identity.addresses import normal_email
from paseo.platform.identity.models import Person, RecoveryCode, SecondFactor, Session, SignInCode
from paseo.platform.identity.ports import send_letter
from paseo.platform.tenancy import operations as tenancy
from paseo.platform.tenancy import queries as tenants
from paseo.platform.tenancy.roles import ROLES
from paseo.platform.tenancy.values import Scope


def unusable_password() -> str:
    return make_password(None)


@operation
def person_for_email(*, email: str, now: datetime, name: str = "", locale: str = "en") -> UUID:
    """The account of this address, made when there is none. Refuses BadEmail."""
    person, _ = Person.objects.get_or_create(
        email=normal_email(email),
        defaults={"name": name.strip()[:120], "locale": locale, "created_at": now, "password": unusable_password()},
    )
    return person.id


@operation
def edit_profile(
    *, person_id: UUID, name: str | None = None, phone: str | None = None, locale: str | None = None
) -> None:
    """Changes what is given. Refuses NotFound."""
    changes = {"name": name and name.strip()[:120], "phone": phone and phone.strip()[:20], "locale": locale}
    given = {key: value for key, value in changes.items() if value is not None}
    if given and not Person.objects.filter(id=person_id, erased_at__isnull=True).update(**given):
        raise NotFound


@operation
def hire(
    *,
    email: str,
    tenant_id: UUID,
    role: str,
    now: datetime,
    by: Scope | None,
    name: str = "",
    place_id: UUID | None = None,
    locale: str = "en",
) -> UUID:
    """Gives a role to whoever owns this address, makes the account when there is none, and writes a letter.

    Returns the grant's id. Refuses BadEmail and what ``tenancy.grant`` refuses. The caller makes sure that the place
    belongs to the tenant.
    """
    person_id = person_for_email(email=email, now=now, name=name, locale=locale)
    grant_id = tenancy.grant(person_id=person_id, tenant_id=tenant_id, role=role, place_id=place_id, now=now, by=by)
    person = Person.objects.get(id=person_id)
    firm = tenants.tenant(tenant_id).name
    record(
        by.actor if by else "system",
        "tenancy.hired",
        f"person:{person_id}",
        tenant_id=tenant_id,
        after={"role": role, "place_id": place_id and str(place_id)},
        at=now,
    )
    send_letter(
        email=person.email or "",
        kind="identity.hired",
        params={"firm": firm, "role": ROLES[role].name},
        locale=person.locale,
        now=now,
    )
    return grant_id


@operation
def erase_account(*, person_id: UUID, now: datetime) -> None:
    """Empties the account and ends every session. The id stays, so that books keep their rows. Again: nothing.

    Refuses NotFound, and LastOwner while a firm would be left without one.
    """
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise NotFound
    if person.erased_at is not None:
        return
    tenancy.leave_everywhere(person_id=person_id, now=now)
    if person.email:
        SignInCode.objects.filter(email=person.email).delete()
    Session.objects.filter(person_id=person_id).delete()
    RecoveryCode.objects.filter(person_id=person_id).delete()
    SecondFactor.objects.filter(person_id=person_id).delete()
    SignInCode.objects.filter(person_id=person_id).delete()
    Person.objects.filter(id=person_id).update(
        email=None,
        phone="",
        name="",
        is_active=False,
        erased_at=now,
        email_confirmed_at=None,
        password=unusable_password(),
    )
