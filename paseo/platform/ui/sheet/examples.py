"""Example values for the living sheets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from paseo.kernel.money import Money
from paseo.platform.ui.formatting import money
from paseo.platform.ui.text import RefusalText
from paseo.platform.ui.values import (
    Act,
    Bar,
    Flow,
    FlowEnd,
    House,
    LampState,
    Receipt,
    ReceiptLine,
    ReceiptRow,
    Series,
    Stage,
    Station,
    Ticket,
)
from paseo.platform.ui.wording import scene_words


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def houses() -> list[House]:
    looks: tuple[tuple[str, str, str, LampState, int], ...] = (
        ("Café Esplanad", "shop", "cup", "lit", 40), ("Akateeminen Kirjakauppa", "shop", "books", "lit", 120),
        ("Apteekki", "pharmacy", "bottle", "lit", 150), ("Kluuvi", "mall", "shirt", "lit", 190),
        ("油泼面馆", "shop", "bowl", "half", 210), ("Maxim", "cinema", "film", "lit", 260),
        ("Kauppatori", "stall", "apple", "lit", 290), ("Parturi", "salon", "glasses", "dark", 310),
        ("K歌之王", "ktv", "film", "lit", 350), ("Kanniston leipomo", "shop", "bread", "lit", 400),
        ("1640", "campus", "books", "half", 450), ("Autohuolto", "garage", "tool", "lit", 520),
    )  # fmt: skip
    return [
        House(seed=f"example-{name}", name=name, kind=kind, goods=goods, state=state, distance=far)
        for name, kind, goods, state, far in looks
    ]


def order() -> list[Station]:
    return [
        Station(_("Kept for you"), "done", time="18:01"),
        Station(_("Card declined"), "refused", "change", "18:02", _("By the bank. Nothing was taken.")),
        Station(_("Paid %(sum)s") % {"sum": money(euro(2430))}, "done", "change", "18:03"),
        Station(
            _("In the kitchen"), "now", time=_("since %(time)s") % {"time": "18:12"}, detail=_("About 7 minutes more.")
        ),
        Station(_("On the shelf"), "next", time=_("about %(time)s") % {"time": "18:25"}),
        Station(
            _("At the counter"),
            "next",
            "end",
            _("by %(time)s") % {"time": "19:10"},
            _("Show the code. It works without network."),
        ),
    ]


def track() -> list[Station]:
    return [
        Station(_("Kept"), "done", time="17:58"),
        Station(_("Card"), "refused", "change", "18:00"),
        Station(_("Paid"), "done", "change", "18:01"),
        Station(_("Kitchen"), "now", time=_("now")),
        Station(_("Counter"), "next", "end", "18:20"),
    ]


def short_track() -> list[Station]:
    return [
        Station(_("Bought"), "done", "change", "18:01"),
        Station(_("Yours"), "now", time=_("until %(time)s") % {"time": "20:00"}),
        Station(_("Counter"), "next", "end"),
    ]


def receipt(answer: bool = False) -> Receipt:
    moved = ReceiptLine(
        "Flautas de papa",
        euro(1020),
        was=euro(980),
        explain=_("The kitchen raised this by %(sum)s. Nothing has been paid; your things are kept until %(time)s.")
        % {"sum": money(euro(40)), "time": "18:15"},
        acts=(
            Act(_("Agree to %(sum)s") % {"sum": money(euro(1020))}, "#", now=True, post=True),
            Act(_("Take it out"), "#", post=True),
        ),
    )
    return Receipt(
        total_words=_("If you agree") if answer else _("To pay"),
        total=euro(2470 if answer else 2430),
        title=_("If you agree") if answer else _("Your order"),
        lines=(
            ReceiptLine("Tres tacos al pastor", euro(1390), notes=("Salsa verde",), hurt=_("No peanuts")),
            moved if answer else ReceiptLine("Flautas de papa", euro(980)),
            ReceiptLine("Agua de jamaica 油泼面", euro(360), quantity=2),
        ),
        rows=(
            ReceiptRow(
                _("Ticket “%(name)s”, paid by %(shop)s") % {"name": "Evening tacos", "shop": "El Rey"},
                euro(-300),
                good=True,
            ),
            ReceiptRow(_("Tax %(rate)s included") % {"rate": "14 %"}, euro(298), foot=True),
        ),
    )


def tall_ticket(used: bool = False) -> Ticket:
    return Ticket(
        "Two bowls, one price 两碗油泼面",
        "Biáng! 油泼面馆, Pohjoisesplanadi 41",
        code="K7M492QX3HTN",
        link="https://paseo.example/c/K7M492QX3HTN",
        hint=_("Show it or read it out. It works without network."),
        stations=short_track(),
        used=used,
        stamp=_("Used %(time)s") % {"time": "18:06"} if used else "",
    )


def stages() -> list[Stage]:
    return [
        Stage(_("Traffic"), 41200, _("saw a place"), "#", "traffic"),
        Stage(_("Conversion"), 6930, _("%(share)s wanted something") % {"share": "16.8 %"}, "#", "conversion"),
        Stage(_("Consumption"), 3214, _("%(share)s received it") % {"share": "46.4 %"}, "#", "consumption"),
        Stage(_("Feedback"), 902, _("%(share)s told us how it was") % {"share": "28.1 %"}, "#", "feedback"),
        Stage(_("Retention"), 1377, _("%(share)s of those served came back") % {"share": "42.8 %"}, "#", "retention"),
    ]


def charts() -> dict[str, Any]:
    hours = (6, 12, 10, 5, 4, 7, 13, 6)
    before = (5, 9, 11, 6, 4, 6, 10, 9)
    return {
        "bars": [Bar(str(11 + i), value, before[i], now=i == 7) for i, value in enumerate(hours)],
        "bars_before": _("Grey stroke: last Saturday"),
        "ticks": [str(day) for day in range(1, 8)],
        "series": [
            Series(_("Orders"), (30, 45, 41, 60, 38, 70, 76)),
            Series(_("Tickets"), (12, 15, 36, 28, 40, 34, 48)),
            Series(_("Reviews"), (4, 6, 9, 14, 18, 21, 22)),
        ],
        "flow": Flow(
            (
                FlowEnd("poster", _("Poster, tram stop")),
                FlowEnd("search", _("Search")),
                FlowEnd("walk", _("Walked in")),
                FlowEnd("link", "微信"),
            ),
            tuple(FlowEnd(key, scene_words(key), key) for key in ("pickup", "here", "delivery")),
            {
                ("poster", "pickup"): 14,
                ("poster", "here"): 4,
                ("poster", "delivery"): 3,
                ("search", "pickup"): 9,
                ("search", "delivery"): 8,
                ("walk", "here"): 16,
                ("link", "pickup"): 6,
                ("link", "here"): 2,
                ("link", "delivery"): 1,
            },
        ),
    }


def price_moved() -> RefusalText:
    return RefusalText(
        _("The price moved by %(sum)s.") % {"sum": money(euro(40))},
        _("Nothing has been paid; your things are kept until %(time)s.") % {"time": "18:15"},
        code="pricing.moved",
    )
