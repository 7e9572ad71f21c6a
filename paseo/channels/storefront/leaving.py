"""Taking one's data along, having the account erased, and making this device forget."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.channels.storefront.context import frame
from paseo.channels.storefront.here import COOKIE as POSITION
from paseo.channels.storefront.keyring import forget_orders
from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.platform.consent import operations as consent
from paseo.platform.consent import registry
from paseo.platform.consent.export import export_person
from paseo.platform.consent.values import Erased, ErasureReport
from paseo.platform.identity.web import current_person, forget_visitor, person_required, sign_out
from paseo.platform.limits.operations import hit


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one part of the data."""

    words: str
    removed: int
    kept: int
    why: str


@person_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything about the person as one file. Refuses TooMany after ten in an hour."""
    person, now = current_person(request), clock.now()
    assert person is not None
    hit("storefront.export", str(person.id), limit=10, seconds=3600, now=now)
    content = export_person(person.id, now)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="paseo-{now:%Y-%m-%d}.zip"'
    return response


@person_required
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Asks plainly, says what is kept and why; POST erases and shows what was done. There is no way back."""
    person = current_person(request)
    assert person is not None
    stands = [refusal for blocker in registry.blockers().values() if (refusal := blocker(person.id)) is not None]
    if request.method == "GET" or stands or request.POST.get("sure") != "1":
        unsure = request.method == "POST" and not stands
        context = frame("me", person=person, stands=stands, unsure=unsure)
        return render(request, "storefront/erase.html", context, status=422 if unsure else 200)
    try:
        report = consent.erase_person(person_id=person.id, now=clock.now())
    except Refusal as refusal:
        return render(request, "storefront/erase.html", frame("me", person=person, stands=[refusal]), status=409)
    sign_out(request)
    response = render(request, "storefront/erased.html", frame("me", parts=_parts(report)))
    forget_visitor(response)
    forget_orders(response)
    response["Clear-Site-Data"] = '"cache"'
    return response


def _parts(report: ErasureReport) -> list[Part]:
    return [
        Part(part_words(name), part.removed, part.kept, gettext(part.why_kept) if part.why_kept else "")
        for name, part in report.parts.items()
        if _says_something(part)
    ]


def _says_something(part: Erased) -> bool:
    return bool(part.removed or part.kept)


def part_words(name: str) -> str:
    """The parts of an export or an erasure in words; one that is new here keeps its own name."""
    return {
        "account": gettext("Account"),
        "care": gettext("Reviews"),
        "consent": gettext("What you agreed to"),
        "deeds": gettext("What you did for a firm"),
        "journeys": gettext("What you looked at and scanned"),
        "letters": gettext("Letters"),
        "media": gettext("Pictures"),
        "notices": gettext("What you were told"),
        "orders": gettext("Orders and carts"),
        "vouchers": gettext("Tickets"),
    }.get(name, name)


@require_POST
def forget_device(request: HttpRequest) -> HttpResponse:
    """This device forgets carts, orders and the position. What is in an account stays there."""
    response = HttpResponseRedirect(reverse("storefront:me"), status=303)
    if current_person(request) is not None:
        sign_out(request)
    forget_visitor(response)
    forget_orders(response)
    response.delete_cookie(POSITION, samesite="Lax")
    messages.success(request, gettext("This device has forgotten you. Orders can still be opened from your mail."))
    return response
