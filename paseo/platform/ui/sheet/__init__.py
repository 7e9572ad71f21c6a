"""What the living sheets under /design/ show: real components with example values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paseo.kernel.clock import now as clock_now
from paseo.kernel.errors import Invalid, TooMany
from paseo.platform.ui import contrast
from paseo.platform.ui.drawing import facade
from paseo.platform.ui.drawing.icons import SHAPES
from paseo.platform.ui.formatting import clock, money
from paseo.platform.ui.sheet import examples
from paseo.platform.ui.values import (
    Act,
    Place,
    Station,
    StationKind,
    Tab,
    Ticket,
)

_TITLES = {
    "foundations": gettext_lazy("Foundations"),
    "objects": gettext_lazy("Objects"),
    "guest": gettext_lazy("Guest"),
    "staff": gettext_lazy("Staff"),
}


def links(current: str) -> list[Tab]:
    return [
        Tab(
            str(title),
            reverse("design") if name == "foundations" else reverse("design-sheet", args=[name]),
            icon,
            name == current,
        )
        for (name, title), icon in zip(_TITLES.items(), ("sun", "box", "person", "store"), strict=True)
    ]


def foundations() -> dict[str, Any]:
    moment = clock_now().replace(hour=16, minute=2)
    lamps = [
        SimpleNamespace(state="lit", until=moment + timedelta(hours=3), opens_at=None, last_orders_at=None),
        SimpleNamespace(
            state="half",
            until=moment + timedelta(minutes=40),
            opens_at=None,
            last_orders_at=moment + timedelta(minutes=18),
        ),
        SimpleNamespace(state="dark", until=None, opens_at=moment + timedelta(hours=1), last_orders_at=None),
        SimpleNamespace(state="dark", until=None, opens_at=moment + timedelta(hours=20), last_orders_at=None),
    ]
    return {
        "houses": examples.houses(),
        "lamps": lamps,
        "moment": moment,
        "scenes": contrast.SCENES,
        "pairs": contrast.pairs(),
        "track": examples.track(),
        "order": examples.order(),
        "stages": examples.stages(),
        "icons": sorted(SHAPES),
        "inks": [f"c{i}" for i in range(1, 7)],
        **examples.charts(),
    }


def objects() -> dict[str, Any]:
    return {
        "houses": examples.houses(),
        "kinds": facade.KINDS,
        "goods": sorted(facade.GOODS),
        "states": ("lit", "half", "dark"),
        "order": examples.order(),
        "track": examples.track(),
        "receipt": examples.receipt(),
        "answer": examples.receipt(answer=True),
        "ticket": Ticket(
            "Yesterday’s loaf 昨日面包", _("Pickup after %(time)s") % {"time": "17:00"}, "−50 %", _("free"), href="#"
        ),
        "used_ticket": Ticket(
            "Yesterday’s loaf 昨日面包", "Kanniston leipomo", stamp=_("Used %(time)s") % {"time": "18:06"}, used=True
        ),
        "tall": examples.tall_ticket(),
        "tall_used": examples.tall_ticket(used=True),
        "moved": examples.price_moved(),
        "moved_acts": (
            Act(_("Agree to %(sum)s") % {"sum": money(examples.euro(1020))}, "#", now=True),
            Act(_("Take it out"), "#"),
        ),
        "refused": TooMany(retry_after=40),
        "invalid": Invalid(fields={"email": _("Write an e-mail address.")}),
        "offer": Act(_("Offer a ticket for tonight"), "#"),
        "pay": Act(_("Pay"), "#", now=True, amount=examples.euro(2430)),
        "rows": _("Lights on near you"),
    }


def guest() -> dict[str, Any]:
    near = [
        SimpleNamespace(
            seed=house.seed,
            name=house.name,
            kind=house.kind,
            goods=house.goods,
            state=house.state,
            far=house.distance,
            bearing=i * 53 % 360,
            scenes=scenes,
        )
        for i, (house, scenes) in enumerate(
            zip(
                examples.houses()[:6],
                (
                    ("pickup", "here"),
                    ("pickup",),
                    ("pickup", "delivery"),
                    ("pickup", "booking"),
                    ("pickup", "here", "voucher"),
                    ("booking",),
                ),
                strict=True,
            )
        )
    ]
    return {
        "houses": examples.houses(),
        "near": near,
        "place": Place("Pohjoisesplanadi 31", "Norra Esplanaden 31", "#"),
        "tabs": [
            Tab(_("Near"), "#", "store", True),
            Tab(_("Tickets"), "#", "ticket"),
            Tab(_("Orders"), "#", "receipt", count=1),
            Tab(_("Me"), "#", "person"),
        ],
        "ticket": Ticket(
            "Two bowls, one price",
            "Biáng! 油泼面馆, 20:00",
            money(examples.euro(1700)),
            _("was %(sum)s") % {"sum": money(examples.euro(2380))},
            href="#",
        ),
        "receipt": examples.receipt(),
        "pay": Act(_("Pay"), "#", now=True, amount=examples.euro(2430)),
    }


def staff() -> dict[str, Any]:
    def stations(now_at: int, refused: int = -1) -> list[Station]:
        kinds: tuple[StationKind, ...] = ("step", "step", "step", "end")
        words = (_("Waiting for your answer"), _("In the kitchen"), _("On the shelf"), _("Handed over"))
        return [
            Station(
                word, "refused" if i == refused else "done" if i < now_at else "now" if i == now_at else "next", kind
            )
            for i, (word, kind) in enumerate(zip(words, kinds, strict=True))
        ]

    rows = [
        SimpleNamespace(
            due="17:58",
            late=True,
            wait=_("4 min late"),
            scene="delivery",
            plate="112",
            who="Aleksi Virtanen-Korhonen",
            what="2 × biáng, 1 × plum juice",
            hurt="",
            stations=stations(4, 2)[:3] + stations(0)[3:],
            act=Act(_("Call a courier"), "#", now=True),
        ),
        SimpleNamespace(
            due="18:04",
            late=False,
            wait=_("2 min to answer"),
            scene="pickup",
            plate="064",
            who="王思远",
            what="2 × biáng, 1 × cucumber",
            hurt=_("No peanuts"),
            stations=stations(0),
            act=Act(_("Accept %(time)s") % {"time": "18:20"}, "#", now=True),
        ),
        SimpleNamespace(
            due="18:09",
            late=False,
            wait="",
            scene="here",
            plate="T2",
            who="Sofia Lindqvist",
            what="3 × biáng",
            hurt="",
            stations=stations(1),
            act=Act(_("Ready"), "#"),
        ),
        SimpleNamespace(
            due="18:15",
            late=False,
            wait="",
            scene="pickup",
            plate="058",
            who="Marja-Leena Hietaharju-Koivuniemi",
            what="1 × biáng, 1 × tofu",
            hurt="",
            stations=stations(2),
            act=Act(_("Hand over"), "#"),
        ),
    ]
    names = (
        ("clock", _("Today")),
        ("receipt", _("Orders")),
        ("scan", _("Verify")),
        ("table", _("Menu")),
        ("ticket", _("Tickets")),
        ("euro", _("Money")),
        ("people", _("Guests")),
        ("store", _("Store")),
    )
    return {
        "rows": rows,
        "rail": [Tab(words, "#", icon, icon == "clock", 3 if icon == "receipt" else 0) for icon, words in names],
        "signed_in": "Linh",
        "taken": examples.euro(184260),
        "given_back": examples.euro(1700),
        "time": clock(clock_now()),
        **examples.charts(),
    }


SHEETS: dict[str, Callable[[], dict[str, Any]]] = {
    "foundations": foundations,
    "objects": objects,
    "guest": guest,
    "staff": staff,
}
