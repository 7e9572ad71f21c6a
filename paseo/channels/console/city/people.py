"""A person asks for their data, or wants to be forgotten, and cannot do it alone: the operator does it for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from paseo.channels.console.city.frame import operators, show, to
from paseo.channels.console.desk import scope_of
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.platform.audit.operations import record
from paseo.platform.consent import operations, registry
from paseo.platform.consent import queries as consent
from paseo.platform.consent.purposes import PURPOSES
from paseo.platform.consent.values import ErasureReport
from paseo.platform.db.unit import unit
from paseo.platform.identity import queries as identity
from paseo.platform.identity.values import PersonView
from paseo.platform.tenancy import queries as tenancy
from paseo.platform.tenancy.roles import ROLES
from paseo.platform.ui.text import RefusalText, refusal_text

PARTS = {
    "account": gettext_noop("Account"),
    "care": gettext_noop("Reviews"),
    "consent": gettext_noop("What the person agreed to"),
    "deeds": gettext_noop("What the person did for a firm"),
    "journeys": gettext_noop("What the person looked at and scanned"),
    "letters": gettext_noop("Letters"),
    "media": gettext_noop("Pictures"),
    "notices": gettext_noop("What the person was told"),
    "orders": gettext_noop("Orders and carts"),
    "vouchers": gettext_noop("Tickets"),
}


@require_GET
@operators("people.act")
def search(request: HttpRequest) -> HttpResponse:
    """By the whole e-mail address: nobody leafs through people."""
    email = request.GET.get("q", "").strip()[:254]
    found = identity.person_by_email(email) if email else None
    orders = f"{reverse('console:city-orders')}?{urlencode({'q': email})}" if email else ""
    return show(request, "people", "people", q=email, found=found, orders_href=orders)


@require_GET
@operators("people.act")
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Refuses NotFound. That somebody looked is written down."""
    found = identity.person(person_id)
    scope = scope_of(request)
    record(scope.actor, "person.see", f"person:{person_id}", tenant_id=scope.tenant_id, at=clock.now())
    return _page(request, found)


def _page(request: HttpRequest, found: PersonView, *, refusal: RefusalText | None = None) -> HttpResponse:
    stands = [refusal_text(one) for blocker in registry.blockers().values() if (one := blocker(found.id)) is not None]
    report = consent.erasure(found.id)
    agreed = consent.state(person_id=found.id)
    context: dict[str, Any] = {
        "person": found,
        "stands": [] if found.erased_at else stands,
        "roles": _roles(found.id),
        "agreed": [(gettext(one.name), agreed[key]) for key, one in PURPOSES.items() if one.asks],
        "history": consent.history(person_id=found.id)[:20],
        "purposes": {key: gettext(one.name) for key, one in PURPOSES.items()},
        "parts": [gettext(PARTS.get(name, name)) for name in sorted(registry.exporters())],
        "report": _told(report) if report else [],
        "orders_href": f"{reverse('console:city-orders')}?{urlencode({'q': found.email or ''})}" if found.email else "",
        "refusal": refusal,
        "typed": request.POST,
    }
    return show(request, "person", "people", status=refusal.status if refusal else 200, **context)


def _roles(person_id: UUID) -> list[tuple[str, str]]:
    grants = tenancy.grants_of(person_id)
    firms = tenancy.tenants({one.tenant_id for one in grants})
    return [
        (gettext(ROLES[one.role].name) if one.role in ROLES else one.role, firms[one.tenant_id].name)
        for one in grants
        if one.tenant_id in firms
    ]


def _told(report: ErasureReport) -> list[dict[str, Any]]:
    return [
        {
            "words": gettext(PARTS.get(name, name)),
            "removed": part.removed,
            "kept": part.kept,
            "why": gettext(part.why_kept) if part.why_kept else "",
        }
        for name, part in report.parts.items()
        if part.removed or part.kept
    ]


@require_POST
@operators("people.act")
def export(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Everything about the person as one file, for the person. Refuses NotFound."""
    scope, now = scope_of(request), clock.now()
    content = operations.export_person(person_id, now)
    why = request.POST.get("why", "").strip()[:300]
    record(scope.actor, "person.export", f"person:{person_id}", tenant_id=scope.tenant_id, why=why, at=now)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="paseo-{now:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@operators("people.act")
def erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """There is no way back, so the address is written once more. Twice is once. Refuses NotFound."""
    scope, now = scope_of(request), clock.now()
    found = identity.person(person_id)
    said = ""
    if found.erased_at is None:
        try:
            _erase(found, request, scope.actor, scope.tenant_id, now)
        except Refusal as refusal:
            return _page(request, found, refusal=refusal_text(refusal))
        said = gettext("Erased. What had to be kept leads to no name any more.")
    return to(request, "city-person", person_id, said=said)


def _erase(found: PersonView, request: HttpRequest, actor: str, tenant_id: UUID, now: datetime) -> None:
    typed, why = (request.POST.get(name, "").strip() for name in ("email", "why"))
    wrong = {}
    if typed.casefold() != (found.email or "").casefold():
        wrong["email"] = N_("Write the address of the person once more, as it stands above.")
    if not why:
        wrong["why"] = N_("Write how the person asked for it, such as the date of the letter.")
    if wrong:
        raise Invalid(fields=wrong)
    with unit():
        operations.erase_person(person_id=found.id, now=now)
        record(actor, "person.erase", f"person:{found.id}", tenant_id=tenant_id, why=why[:300], at=now)
