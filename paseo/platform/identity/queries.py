"""Reads."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from paseo.kernel.errors import NotFound
from paseo.platform.identity.models import Person, RecoveryCode, SecondFactor, Session
from paseo.platform.identity.session_store import stored_key
from paseo.platform.identity.values import PersonView, Security, SessionView


def person(person_id: UUID) -> PersonView:
    """Refuses NotFound."""
    found = people([person_id]).get(person_id)
    if found is None:
        raise NotFound
    return found


def people(person_ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    """One statement for any number of people."""
    return {row.id: _view(row) for row in Person.objects.filter(id__in=list(person_ids))}


def person_by_email(email: str) -> PersonView | None:
    """For staff and imports only: an answer shown to a guest would tell who has an account."""
    row = Person.objects.filter(email=email.strip().lower()).first()
    return _view(row) if row else None


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Names for ``person:<id>`` actors, as an audit page shows them; others are left out."""
    ids = {}
    for actor in actors:
        kind, _, text = actor.partition(":")
        if kind == "person":
            ids[actor] = UUID(text)
    found = people(ids.values())
    return {actor: found[id].label for actor, id in ids.items() if id in found}


def sessions(person_id: UUID, *, current_key: str | None = None) -> list[SessionView]:
    """Devices that are signed in, the one in use first, then the one used last."""
    current = stored_key(current_key) if current_key else None
    views = [
        SessionView(row.handle, row.device, row.started_at, row.seen_at, row.session_key == current)
        for row in Session.objects.filter(person_id=person_id).order_by("-seen_at")
    ]
    return sorted(views, key=lambda view: not view.is_current)


def security(person_id: UUID) -> Security:
    password = Person.objects.values_list("password", flat=True).get(id=person_id)
    return Security(
        has_password=bool(password) and not password.startswith("!"),
        has_second_factor=has_second_factor(person_id),
        recovery_codes_left=RecoveryCode.objects.filter(person_id=person_id, used_at__isnull=True).count(),
    )


def has_second_factor(person_id: UUID) -> bool:
    return SecondFactor.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def _view(row: Person) -> PersonView:
    return PersonView(row.id, row.email, row.name, row.phone, row.locale, row.created_at, row.erased_at)
