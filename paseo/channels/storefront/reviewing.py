"""One review for an order: the whole, its parts, a mark for each thing, words, photos. It can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.care import operations as writing
from paseo.capabilities.care import queries as care
from paseo.capabilities.care.refusals import AlreadyReviewed, NothingToReview
from paseo.capabilities.care.values import MEDIA_LIMIT, PARTS, TEXT_LIMIT, LineMark, ReviewView, RightView
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering.values import OrderView
from paseo.channels.storefront.context import frame
from paseo.channels.storefront.keyring import actor_of, open_order
from paseo.channels.storefront.order_state import review_keys
from paseo.channels.storefront.reviews import told
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.platform.identity.web import current_person
from paseo.platform.media import operations as media
from paseo.platform.ui.formatting import localized

ASKED = {"here": ("taste", "service", "speed", "place", "value"), "pickup": ("taste", "service", "speed", "value")}
"""Which parts are worth asking for, by the way of buying."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the form says. ``stars`` 0: nothing was chosen."""

    stars: int = 0
    parts: dict[str, int] | None = None
    text: str = ""
    signature: str = ""
    marks: dict[UUID, int] | None = None
    kept: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    words: str
    mark: int


def _mark(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _read(request: HttpRequest, rights: Sequence[RightView], photos: Sequence[UUID] = ()) -> Said:
    form = request.POST
    parts = {key: _mark(form.get(f"part-{key}", "")) for key in PARTS}
    marks = {right.line_id: _mark(form.get(f"line-{right.line_id}", "")) for right in rights}
    return Said(
        stars=_mark(form.get("stars", "")),
        parts={key: mark for key, mark in parts.items() if mark},
        text=form.get("text", "").strip()[:TEXT_LIMIT],
        signature=form.get("signature", "").strip()[:40],
        marks={line_id: mark for line_id, mark in marks.items() if mark},
        kept=tuple(photo for photo in photos if f"drop-{photo}" not in form),
    )


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET shows what can be said and what was said; POST publishes. Refuses NothingToReview before the hand-over."""
    order = open_order(request, order_id)
    keys = _keys(request, order)
    rights = care.rights_of(keys, order_id=order_id)
    if not rights:
        raise NothingToReview
    if request.method == "GET":
        return _show(request, order, rights, keys, Said(signature=_first_name(request, order)))
    free = [right for right in rights if right.review_id is None]
    said = _read(request, free)
    stored: list[UUID] = []
    try:
        if not said.stars:
            raise Invalid(fields={"stars": N_("Choose one to five stars for the whole.")})
        stored = _photos(request, order, MEDIA_LIMIT)
        writing.review_order(
            order_id=order_id,
            owners=keys,
            stars=said.stars,
            parts=said.parts,
            text=said.text,
            lang=get_language() or "en",
            signature=said.signature,
            media_ids=stored,
            lines=[LineMark(line_id, mark) for line_id, mark in (said.marks or {}).items()],
            now=clock.now(),
        )
    except AlreadyReviewed:
        media.remove(media_ids=stored)
        messages.info(request, gettext("Your review is published already. You can edit it here."))
    except Refusal as refusal:
        media.remove(media_ids=stored)
        return _show(request, order, rights, keys, said, refusal)
    else:
        messages.success(request, gettext("Thank you. Your review is published."))
    return HttpResponseRedirect(reverse("storefront:order-review", args=[order_id]), status=303)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, order_id: UUID, review_id: UUID) -> HttpResponse:
    """Replaces what was said; what it said before is kept with it. ``withdraw`` takes it back for good."""
    order = open_order(request, order_id)
    keys = _keys(request, order)
    review = care.review(review_id, owners=keys)
    to = reverse("storefront:order-review", args=[order_id])
    if request.method == "GET":
        said = Said(review.stars, dict(review.parts), review.text, review.signature, {}, review.media_ids)
        return _show_edit(request, order, review, said)
    if "withdraw" in request.POST:
        writing.withdraw(review_id=review_id, owners=keys, now=clock.now())
        messages.success(request, gettext("Your review is taken back."))
        return HttpResponseRedirect(to, status=303)
    said = _read(request, (), review.media_ids)
    stored: list[UUID] = []
    try:
        if not said.stars:
            raise Invalid(fields={"stars": N_("Choose one to five stars for the whole.")})
        stored = _photos(request, order, MEDIA_LIMIT - len(said.kept))
        writing.edit_review(
            review_id=review_id,
            owners=keys,
            stars=said.stars,
            parts=said.parts,
            text=said.text,
            media_ids=[*said.kept, *stored],
            now=clock.now(),
        )
    except Refusal as refusal:
        media.remove(media_ids=stored)
        return _show_edit(request, order, review, said, refusal)
    messages.success(request, gettext("Your review is changed."))
    return HttpResponseRedirect(to, status=303)


def _keys(request: HttpRequest, order: OrderView) -> list[str]:
    person = current_person(request)
    return review_keys(order.id, person.id if person else None)


def _first_name(request: HttpRequest, order: OrderView) -> str:
    person = current_person(request)
    name = (person.name if person else "") or order.summary.name
    return name.split(" ")[0] if name else ""


def _photos(request: HttpRequest, order: OrderView, most: int) -> list[UUID]:
    files = [file for file in request.FILES.getlist("photos") if file.size][: max(0, most)]
    actor, now = actor_of(request, order), clock.now()
    stored: list[UUID] = []
    try:
        for file in files:
            stored.append(media.store_image(file, tenant_id=None, actor=actor, now=now).id)
    except Refusal:
        media.remove(media_ids=stored)
        raise
    return stored


def part_words(key: str) -> str:
    return {
        "taste": pgettext("part of a review", "Taste"),
        "quality": pgettext("part of a review", "Quality"),
        "service": pgettext("part of a review", "Service"),
        "speed": pgettext("part of a review", "Speed"),
        "place": pgettext("part of a review", "Place"),
        "value": pgettext("part of a review", "Value for money"),
    }[key]


def _asked(mode: str, given: dict[str, int]) -> list[Asked]:
    keys = [key for key in PARTS if key in ASKED.get(mode, PARTS) or key in given]
    return [Asked(key, part_words(key), given.get(key, 0)) for key in keys]


def _show(
    request: HttpRequest,
    order: OrderView,
    rights: Sequence[RightView],
    keys: Sequence[str],
    said: Said,
    refusal: Refusal | None = None,
) -> HttpResponse:
    free = [right for right in rights if right.review_id is None]
    mine = [one for one in care.my_reviews(keys) if one.order_id == order.id]
    marks = said.marks or {}
    context: dict[str, Any] = frame(
        "orders",
        order=order,
        store=directory.store(order.summary.store_id),
        free=[(f"line-{right.line_id}", _right_words(right), marks.get(right.line_id, 0)) for right in free],
        written=told(mine),
        said=said,
        parts=_asked(order.summary.mode, said.parts or {}),
        photos=MEDIA_LIMIT,
        refusal=refusal,
        expires_at=min((right.expires_at for right in free), default=None),
    )
    return render(request, "storefront/review.html", context, status=refusal.status if refusal else 200)


def _right_words(right: RightView) -> str:
    return localized({key: text for key, text in right.names.items() if isinstance(text, str)})


def _show_edit(
    request: HttpRequest, order: OrderView, review: ReviewView, said: Said, refusal: Refusal | None = None
) -> HttpResponse:
    context = frame(
        "orders",
        order=order,
        store=directory.store(order.summary.store_id),
        review=review,
        said=said,
        parts=_asked(order.summary.mode, said.parts or {}),
        photos=MEDIA_LIMIT - len(review.media_ids),
        refusal=refusal,
    )
    return render(request, "storefront/review_edit.html", context, status=refusal.status if refusal else 200)
