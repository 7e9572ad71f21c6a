"""What the operator's pages share: who may enter, the frame, how long ago something was, names of actors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from paseo.channels.console.desk import city, scope_of
from paseo.kernel.errors import NotAllowedHere
from paseo.kernel.ids import new_id
from paseo.kernel.periods import Period, day_of, day_period
from paseo.platform.identity import queries as identity
from paseo.platform.identity.web import scope_required

View = Callable[..., HttpResponseBase]


def operators(*rights: str) -> Callable[[View], View]:
    """Lets the operator's people through who hold ``rights`` and have given their second factor.

    Some rights of the operator have namesakes in shops (``orders.see``, ``audit.see``), so the kind is asked for, too.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def in_the_city(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if scope_of(request).kind != "operator":
                raise NotAllowedHere
            return view(request, *args, **kwargs)

        guarded: View = scope_required("city.see", *rights)(in_the_city)  # type: ignore[arg-type]
        guarded.rights = ("city.see", *rights)  # type: ignore[attr-defined]
        return guarded

    return decorate


def zone() -> str:
    """The zone of the city: the installation's."""
    return str(settings.PASEO["DEFAULT_TIME_ZONE"])


def show(request: HttpRequest, template: str, room: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of a room in the operator's frame; ``key`` is for its forms."""
    context = {"key": new_id(), "zone": zone(), **context}
    return render(request, f"console/city/{template}.html", city(request, room, **context), status=status)


def to(request: HttpRequest, route: str, *args: Any, query: str = "", said: str = "") -> HttpResponse:
    """After a form: off to a page, with one sentence about what happened."""
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(reverse(f"console:{route}", args=args) + query, status=303)


def today(now: datetime) -> Period:
    return day_period(day_of(now, zone()), zone())


def age(since: datetime, now: datetime) -> str:
    """``14 min``, ``3 h``, ``2 days``: how long something has been waiting."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return gettext("%(count)s min") % {"count": minutes}
    if minutes < 60 * 48:
        return gettext("%(count)s h") % {"count": minutes // 60}
    return ngettext("%(count)s day", "%(count)s days", minutes // 1440) % {"count": minutes // 1440}


def named_actors(actors: Iterable[str]) -> dict[str, str]:
    """Who is behind ``person:…`` and the other actors, in words. One statement."""
    wanted = {actor for actor in actors if actor}
    names = identity.actor_names(actor for actor in wanted if actor.startswith("person:"))
    return {actor: names.get(actor) or _kind_of(actor) for actor in wanted}


def _kind_of(actor: str) -> str:
    kind, _, rest = actor.partition(":")
    words = {
        "system": gettext("Paseo itself"),
        "visitor": gettext("a guest"),
        "person": gettext("somebody who is gone"),
        "gateway": gettext("payment service %(name)s") % {"name": rest},
        "key": gettext("a program with a key"),
    }
    return words.get(kind, actor)
