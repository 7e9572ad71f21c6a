"""The front of the store: its drawn house, chosen by hand, and its photo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.channels.console.desk import is_part, scope_of, staff, store_of
from paseo.channels.console.shop.store import store_desk
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.platform.media import operations as media
from paseo.platform.ui.drawing.facade import STYLE

PICTURED = ("awning", "form")
CHOSEN = ("wall", "storeys", "roof", "bays", "window", "door", "frame")


def _words() -> dict[str, tuple[str, list[str]]]:
    """Name of each part and of its values, in the order of ``STYLE``."""
    return {
        "awning": (
            gettext("Awning"),
            [
                gettext("Oxblood"), gettext("Bottle green"), gettext("Navy"), gettext("Rust"),
                gettext("Slate"), gettext("Ochre"), gettext("Plum"), gettext("Moss"),
            ],
        ),
        "form": (
            gettext("Edge of the awning"),
            [gettext("Scalloped"), gettext("Straight"), gettext("With a border"), gettext("Canopy")],
        ),
        "wall": (gettext("Wall"), [gettext("Wall %(number)s") % {"number": n} for n in range(1, 11)]),
        "storeys": (gettext("Storeys"), [str(n) for n in STYLE["storeys"]]),
        "roof": (gettext("Roof"), [gettext("Cornice"), gettext("Gable"), gettext("Mansard"), gettext("Stepped")]),
        "bays": (gettext("Windows side by side"), [str(n) for n in STYLE["bays"]]),
        "window": (gettext("Windows"), [gettext("Cross"), gettext("Arch"), gettext("Pair")]),
        "door": (gettext("Door"), [gettext("Left"), gettext("Right"), gettext("In the middle")]),
        "frame": (gettext("Frames"), [gettext("Frame %(number)s") % {"number": n} for n in range(1, 5)]),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff("store.edit")
def look(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """GET with choices shows how it would look; POST keeps it."""
    store = store_of(request)
    if store is None:
        return HttpResponseRedirect(reverse("console:store-new", args=[tenant_id]))
    if request.method == "POST":
        directory.edit_store(
            merchant_id=tenant_id,
            store_id=store.id,
            changes={"facade": dict(_choices(request.POST))},
            now=clock.now(),
            actor=scope_of(request).actor,
        )
        messages.success(request, gettext("Your house looks like this now, on every street and map."))
        return HttpResponseRedirect(reverse("console:store-look", args=[tenant_id]), status=303)
    tried = any(name in request.GET for name in STYLE)
    fixed = {**store.facade, **(_choices(request.GET) if tried else {})}
    context = {"store": store, "fixed": fixed, "tried": tried, "zone": store.zone, "tenant_id": tenant_id}
    if is_part(request):
        return render(request, "console/shop/look.html#house", context)
    parts = _parts(store, fixed)
    return render(request, "console/shop/look.html", store_desk(request, "store-look", **context, **parts))


def _choices(given: Mapping[str, str]) -> dict[str, Any]:
    """The chosen value of each part; None where it shall be as it comes."""
    chosen: dict[str, Any] = {}
    for part, values in STYLE.items():
        text = given.get(part, "")
        chosen[part] = next((value for value in values if str(value) == text), None)
    return chosen


def _parts(store: StoreCard, fixed: Mapping[str, Any]) -> dict[str, Any]:
    words = _words()

    def part(name: str) -> dict[str, Any]:
        title, names = words[name]
        return {
            "name": name,
            "title": title,
            "chosen": fixed.get(name),
            "values": [
                {"value": value, "words": word, "fixed": {**fixed, name: value}, "chosen": fixed.get(name) == value}
                for value, word in zip(STYLE[name], names, strict=True)
            ],
        }

    return {"pictured": [part(name) for name in PICTURED], "others": [part(name) for name in CHOSEN]}


@require_POST
@staff("store.edit")
def photo(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Hangs a photo into the window, or takes it down. The same photo again changes nothing."""
    store, scope = store_of(request), scope_of(request)
    if store is None:
        raise NotFound
    photo_id: UUID | None = None
    if request.POST.get("remove") != "1":
        file = request.FILES.get("photo")
        if file is None:
            raise Invalid(fields={"photo": N_("Choose a photo first.")})
        photo_id = media.store_image(file, tenant_id=tenant_id, actor=scope.actor, now=clock.now()).id
    directory.edit_store(
        merchant_id=tenant_id, store_id=store.id, changes={"photo_id": photo_id}, now=clock.now(), actor=scope.actor
    )
    messages.success(request, gettext("The photo hangs in your window.") if photo_id else gettext("The photo is down."))
    return HttpResponseRedirect(reverse("console:store-look", args=[tenant_id]), status=303)
