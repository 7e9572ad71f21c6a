"""What people say about a store, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_GET

from paseo.capabilities.care import queries as care
from paseo.capabilities.care.values import ReviewView
from paseo.channels.storefront.context import frame
from paseo.channels.storefront.shops import shown_store
from paseo.platform.ui.answers import is_fragment

PAGE = 20
_PARTS = {
    "taste": pgettext_lazy("part of a review", "Taste"),
    "quality": pgettext_lazy("part of a review", "Quality"),
    "service": pgettext_lazy("part of a review", "Service"),
    "speed": pgettext_lazy("part of a review", "Speed"),
    "place": pgettext_lazy("part of a review", "Place"),
    "value": pgettext_lazy("part of a review", "Value for money"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A review as it is read: ``parts`` are words such as "Taste 5"."""

    review: ReviewView
    parts: tuple[str, ...]


def told(reviews: Iterable[ReviewView]) -> list[Told]:
    return [Told(review, tuple(_part(key, mark) for key, mark in review.parts.items())) for review in reviews]


def _part(key: str, mark: int) -> str:
    return gettext("%(part)s %(mark)s") % {"part": _PARTS.get(key, key), "mark": mark}


@require_GET
def of_store(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of reviews; ``after`` continues the list, ``stars`` narrows it."""
    card = shown_store(slug)
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        after = None
    text = request.GET.get("stars", "")
    stars = int(text) if text in {"1", "2", "3", "4", "5"} else None
    found = care.reviews_of_store(card.id, limit=PAGE + 1, after=after, stars=stars)
    shown = found[:PAGE]
    more = ""
    if len(found) > PAGE:
        more = f"?after={shown[-1].id}" + (f"&stars={stars}" if stars else "")
    rating = care.rating([card.id])[card.id]
    context = frame("near", store=card, reviews=told(shown), more=more, rating=rating, stars=stars)
    fragment = is_fragment(request) and after is not None
    return render(request, "storefront/reviews.html#rows" if fragment else "storefront/reviews.html", context)
