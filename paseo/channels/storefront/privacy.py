"""What is kept, why, and for how long: from the same registers that the erasure and the daily forgetting use."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.channels.storefront.context import frame
from paseo.channels.storefront.leaving import part_words
from paseo.platform.consent import registry
from paseo.platform.consent.purposes import PURPOSES


@dataclass(frozen=True, slots=True)
class Purpose:
    name: str
    text: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Kept:
    words: str
    days: int
    why: str


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    why: str
    ends: str


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    purposes = [Purpose(gettext(one.name), gettext(one.text), one.asks) for one in PURPOSES.values()]
    kept = [Kept(part_words(one.name), one.days, gettext(one.why)) for one in registry.retentions()]
    return render(request, "storefront/privacy.html", frame("me", purposes=purposes, kept=kept, cookies=_cookies()))


def _cookies() -> list[Cookie]:
    year, session = gettext("a year"), gettext("60 days after the last visit")
    return [
        Cookie("paseo_visitor", gettext("Your cart, orders and tickets on this device, without a name."), year),
        Cookie("paseo_orders", gettext("Which orders this device may open."), gettext("four months")),
        Cookie("sessionid", gettext("That you are signed in."), session),
        Cookie(
            "paseo_at",
            gettext("Where you are, to about 100 m, if you said so. It stays on the device."),
            gettext("a day"),
        ),
        Cookie("paseo_language, paseo_scheme", gettext("Language, and light or dark."), year),
        Cookie("csrftoken, messages", gettext("That forms come from you, and what to tell you next."), year),
    ]
