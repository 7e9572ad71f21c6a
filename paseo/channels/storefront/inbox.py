"""What the person was told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from paseo.channels.storefront.context import frame
from paseo.kernel import clock
from paseo.platform.identity.web import current_person, person_required
from paseo.platform.notices import operations as notices
from paseo.platform.notices import queries
from paseo.platform.notices.values import InboxItem


@dataclass(frozen=True, slots=True)
class Told:
    item: InboxItem
    href: str


@person_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Newest first; POST marks all as read."""
    person = current_person(request)
    assert person is not None
    if request.method == "POST":
        notices.mark_read(person_id=person.id, now=clock.now())
        return HttpResponseRedirect(reverse("storefront:inbox"), status=303)
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        after = None
    found = queries.inbox(person.id, after=after)
    told = [Told(item, _href(item.about)) for item in found.items]
    context = frame("me", told=told, more=found.next, unread=any(not one.item.is_read for one in told))
    return render(request, "storefront/inbox.html", context)


def _href(about: str) -> str:
    kind, _, text = about.partition(":")
    try:
        return reverse("storefront:order", args=[UUID(text)]) if kind == "order" else ""
    except ValueError:
        return ""
