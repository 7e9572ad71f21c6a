"""Readiness: what is missing before the shop can go live, most important first, each with the page that mends it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory import queries as places
from paseo.capabilities.directory.refusals import NotReady
from paseo.channels.console.desk import scope_of, staff
from paseo.channels.console.shop.rooms import mended_at
from paseo.channels.console.shop.store import store_desk
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import unit
from paseo.platform.media import operations as media
from paseo.platform.ui.text import RefusalText, refusal_text, sentence
from paseo.platform.ui.values import Station

PAPER_KINDS = ("registration", "identity", "licence", "bank", "other")
_PATH = ("applied", "in_review", "approved", "live")


@require_GET
@staff("store.edit")
def ready(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    return _page(request, tenant_id)


def _page(request: HttpRequest, tenant_id: UUID, refusal: RefusalText | None = None) -> HttpResponse:
    merchant, report = places.merchant(tenant_id), places.readiness(tenant_id)
    rows: list[dict[str, Any]] = [
        {
            "item": item,
            "words": sentence(item.sentence if not item.ok else item.done or item.sentence, item.params),
            "href": mended_at(item, tenant_id),
        }
        for item in report.items
    ]
    next_step = next((row for row in rows if row["href"] and not row["item"].ok), None)
    if next_step is not None:
        next_step["now"] = next_step["item"].importance == "must"
    context: dict[str, Any] = {
        "merchant": merchant,
        "report": report,
        "must": [row for row in rows if not row["item"].ok and row["item"].importance == "must"],
        "should": [row for row in rows if not row["item"].ok and row["item"].importance != "must"],
        "done": [row for row in rows if row["item"].ok],
        "stations": _stations(merchant.state, merchant.reason),
        "papers": places.papers(tenant_id),
        "paper_kinds": _paper_words(),
        "refusal": refusal,
        "can_go_live": merchant.state == "approved" and report.ready,
    }
    status = refusal.status if refusal else 200
    return render(request, "console/shop/ready.html", store_desk(request, "ready", **context), status=status)


def _paper_words() -> list[tuple[str, str]]:
    words = {
        "registration": gettext("Registration of the business"),
        "identity": gettext("Identity of the owner"),
        "licence": gettext("License, such as for food or alcohol"),
        "bank": gettext("Bank account"),
        "other": gettext("Another paper"),
    }
    return [(kind, words.get(kind, kind)) for kind in PAPER_KINDS]


def _stations(state: str, reason: str) -> list[Station]:
    """The way of a merchant from the application to the lights."""
    words = {
        "applied": (gettext("Applied"), gettext("the operator will look at it")),
        "in_review": (gettext("Under review"), gettext("the operator reads your papers")),
        "approved": (gettext("Approved"), gettext("go live when you are ready")),
        "live": (gettext("Live"), gettext("customers see you")),
    }
    if state in _PATH:
        at = _PATH.index(state)
        return [
            Station(
                words[key][0],
                "done" if place < at or state == "live" else "now" if place == at else "next",
                "end" if key == "live" else "step",
                detail=words[key][1] if place == at else "",
            )
            for place, key in enumerate(_PATH)
        ]
    ended = {
        "refused": gettext("Application refused"),
        "suspended": gettext("Suspended by the operator"),
        "closed": gettext("Closed for good"),
    }
    return [Station(words["applied"][0], "done"), Station(ended.get(state, state), "refused", "end", detail=reason)]


@require_POST
@staff("store.edit")
def add_paper(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Stores a paper for the operator's eyes. The same file again is not kept twice."""
    scope, now = scope_of(request), clock.now()
    file = request.FILES.get("paper")
    try:
        if file is None:
            raise Invalid(fields={"paper": N_("Choose a file first.")})
        kept = media.store_paper(file, tenant_id=tenant_id, actor=scope.actor, now=now)
        if kept.id not in {paper.media_id for paper in places.papers(tenant_id)}:
            directory.add_paper(
                merchant_id=tenant_id,
                kind=request.POST.get("kind", ""),
                media_id=kept.id,
                name=file.name or "",
                now=now,
                actor=scope.actor,
            )
    except Refusal as refusal:
        return _page(request, tenant_id, refusal_text(refusal))
    messages.success(request, gettext("The paper is with the operator."))
    return HttpResponseRedirect(f"{reverse('console:ready', args=[tenant_id])}#papers", status=303)


@require_POST
@staff("store.edit")
def go_live(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Turns the lights on. Again: nothing. Refuses NotReady with the report, beside the list."""
    try:
        with unit():
            directory.go_live(merchant_id=tenant_id, now=clock.now(), actor=scope_of(request).actor)
    except NotReady as refusal:
        return _page(request, tenant_id, refusal_text(refusal))
    except NotAllowed:
        if places.merchant(tenant_id).state != "live":
            raise
    messages.success(request, gettext("Your lights are on. Customers see you now."))
    return HttpResponseRedirect(reverse("console:ready", args=[tenant_id]), status=303)
