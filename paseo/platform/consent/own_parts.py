"""Export, erasure and retention for the packages below, which cannot register themselves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.kernel.errors import N_
from paseo.platform.audit import queries as audit
from paseo.platform.consent import queries
from paseo.platform.consent.models import Choice
from paseo.platform.consent.operations import adopt, give
from paseo.platform.consent.registry import eraser, exporter, retention
from paseo.platform.consent.values import Erased
from paseo.platform.identity import queries as identity
from paseo.platform.identity.operations import erase_account
from paseo.platform.identity.values import SignedIn
from paseo.platform.identity.web import post_sign_in_hook
from paseo.platform.media import operations as media
from paseo.platform.media import queries as media_queries
from paseo.platform.notices import operations as notices
from paseo.platform.notices import queries as notice_queries
from paseo.platform.notices.ports import ask_permission_with
from paseo.platform.notices.retention import forget_letters, forget_notices
from paseo.platform.tenancy import queries as tenancy


@exporter("account")
def export_account(person_id: UUID) -> dict[str, Any]:
    return {
        "person": identity.person(person_id),
        "security": identity.security(person_id),
        "devices": [asdict(view) for view in identity.sessions(person_id)],
        "roles": [asdict(view) for view in tenancy.grants_of(person_id, with_revoked=True)],
    }


@exporter("consent")
def export_consent(person_id: UUID) -> dict[str, Any]:
    return {"answers": [asdict(answer) for answer in queries.history(person_id=person_id)]}


@exporter("notices")
def export_notices(person_id: UUID) -> dict[str, Any]:
    locale = identity.person(person_id).locale
    page = notice_queries.inbox(person_id, limit=10_000, locale=locale)
    return {"notices": [asdict(item) for item in page.items]}


@exporter("media")
def export_media(person_id: UUID) -> dict[str, Any]:
    return {"uploads": [asdict(view) for view in media_queries.of_actor(f"person:{person_id}")]}


@exporter("deeds")
def export_deeds(person_id: UUID) -> dict[str, Any]:
    return {"entries": [asdict(entry) for entry in audit.of_person(person_id)]}


@eraser("notices", order=900)
def erase_notices(person_id: UUID, now: datetime) -> Erased:
    return Erased(removed=notices.forget_person(person_id=person_id, email=identity.person(person_id).email))


@eraser("media", order=910)
def erase_media(person_id: UUID, now: datetime) -> Erased:
    """A person's own pictures go. What they uploaded for a firm is the firm's."""
    uploads = media_queries.of_actor(f"person:{person_id}")
    own = [view.id for view in uploads if view.tenant_id is None]
    return Erased(
        removed=media.remove(media_ids=own),
        kept=len(uploads) - len(own),
        why_kept=N_("Pictures and papers that you uploaded for a firm belong to it."),
    )


@eraser("consent", order=950)
def keep_consent(person_id: UUID, now: datetime) -> Erased:
    return Erased(
        kept=Choice.objects.filter(person_id=person_id).count(),
        why_kept=N_("That you agreed to something, and when, must stay provable. It leads to no name."),
    )


@eraser("account", order=1000)
def erase_person_account(person_id: UUID, now: datetime) -> Erased:
    erase_account(person_id=person_id, now=now)
    return Erased(removed=1)


retention("notices", days=400, why=N_("What you were told stays in your inbox for thirteen months."))(forget_notices)
retention("letters", days=30, why=N_("Letters kept in the demo mailbox go after a month."))(forget_letters)


@post_sign_in_hook(order=10)
def take_over(signed_in: SignedIn) -> None:
    """The yes on the sign-in page comes first: what other packages join depends on it."""
    if signed_in.joins_journey:
        give(purpose="journey", now=signed_in.at, person_id=signed_in.person_id, source="sign-in")
    if signed_in.visitor_id is not None:
        adopt(visitor_id=signed_in.visitor_id, person_id=signed_in.person_id, now=signed_in.at)


def register() -> None:
    """Loading this module registers all of the above; the question that notices ask needs an answer as well."""
    ask_permission_with(lambda person_id, purpose: queries.allows(purpose, person_id=person_id))
