"""What people said, those without an answer first, and the shop's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.care import operations, queries
from paseo.capabilities.care.values import TEXT_LIMIT, Rating, ReviewView
from paseo.channels.console.desk import is_part, scope_of, staff, stores_of
from paseo.channels.console.goods.forms import DeskForm
from paseo.channels.console.goods.sending import id_in, once, show, to
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.ui.formatting import localized

PAGE = 25


class ReplyForm(DeskForm):
    text = forms.CharField(
        label=_("Your answer"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One review with the form that answers it."""

    review: ReviewView
    stars: tuple[bool, ...]
    parts: tuple[tuple[str, int], ...]
    store: str
    order_href: str
    form: ReplyForm
    open: bool
    key: UUID


def part_words(part: str) -> str:
    return {
        "taste": gettext("Taste"),
        "quality": gettext("Quality"),
        "service": gettext("Service"),
        "speed": gettext("Speed"),
        "place": gettext("Place"),
        "value": gettext("Value"),
    }.get(part, part)


def _told(request: HttpRequest, review: ReviewView, form: ReplyForm | None = None) -> Told:
    cards = {card.id: card for card in stores_of(request)}
    scope = scope_of(request)
    initial = {"text": review.reply.text if review.reply else ""}
    return Told(
        review,
        tuple(at < review.stars for at in range(5)),
        tuple((part_words(part), stars) for part, stars in review.parts.items()),
        localized(cards[review.store_id].name) if len(cards) > 1 and review.store_id in cards else "",
        reverse("console:order", args=[scope.tenant_id, review.order_id]) if scope.holds("orders.see") else "",
        form or ReplyForm(initial=initial, prefix=f"r{review.id.hex[-8:]}"),
        form is not None,
        new_id(),
    )


@require_GET
@staff("insight.see")
def reviews(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Unanswered ones first, then the rest; or only one kind of them."""
    ids = [card.id for card in stores_of(request)]
    only, after = request.GET.get("show", ""), id_in(request.GET.get("after"))
    waiting = queries.reviews_of_merchant(
        tenant_id, store_ids=ids, unanswered=True, limit=PAGE + 1, after=after if only else None
    )
    everything = (
        [] if only == "open" else queries.reviews_of_merchant(tenant_id, store_ids=ids, limit=PAGE + 1, after=after)
    )
    shown = {one.id for one in waiting}
    rest = [one for one in everything[:PAGE] if one.id not in shown or after]
    last = (waiting if only == "open" else everything)[:PAGE]
    more = len(waiting if only == "open" else everything) > PAGE
    context: dict[str, Any] = {
        "waiting": [_told(request, one) for one in waiting[:PAGE]] if not after or only else [],
        "rest": [_told(request, one) for one in rest],
        "ratings": _ratings(request),
        "only": only,
        "next": f"?show={only}&after={last[-1].id}" if more and last else "",
    }
    return show(request, "reviews", "reviews", **context)


def _ratings(request: HttpRequest) -> list[tuple[str, Rating, list[tuple[str, object]]]]:
    """Each store's mean and parts, where there are any."""
    cards = {card.id: card for card in stores_of(request)}
    found = queries.rating(cards)
    return [
        (localized(cards[one].name), rating, [(part_words(part), mean) for part, mean in rating.parts.items()])
        for one, rating in found.items()
        if rating.count
    ]


@require_POST
@staff("insight.see", "orders.act")
def reply(request: HttpRequest, tenant_id: UUID, review_id: UUID) -> HttpResponse:
    """Publishes the answer, or replaces it. htmx gets the review alone."""
    found = queries.review(review_id, merchant_id=tenant_id)
    if found.store_id not in {card.id for card in stores_of(request)}:
        raise NotFound
    form = ReplyForm(request.POST, prefix=f"r{review_id.hex[-8:]}")
    status = 422
    if form.is_valid():
        lang = (get_language() or "").lower()
        text = form.cleaned_data["text"]
        try:
            once(
                request,
                lambda: operations.reply(
                    review_id=review_id,
                    merchant_id=tenant_id,
                    text=text,
                    lang=lang,
                    now=clock.now(),
                    actor=scope_of(request).actor,
                ),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            status = form.take(refusal)
        else:
            if is_part(request):
                fresh = _told(request, queries.review(review_id, merchant_id=tenant_id))
                return render(
                    request, "console/goods/_review.html", {"told": fresh, "tenant_id": tenant_id, "said": True}
                )
            return to(request, "reviews", query=f"#r-{review_id}", said=gettext("Your answer is published."))
    told = _told(request, found, form)
    if is_part(request):
        return render(request, "console/goods/_review.html", {"told": told, "tenant_id": tenant_id}, status=status)
    return show(request, "reviews", "reviews", status=status, waiting=[told], rest=[], ratings=[], only="", next="")
