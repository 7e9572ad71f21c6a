"""The HTML of the components, exactly, for the cases that carry meaning."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from paseo.kernel.money import Money
from paseo.platform.ui.values import (
    Act,
    Bar,
    Flow,
    FlowEnd,
    House,
    Receipt,
    ReceiptLine,
    ReceiptRow,
    Series,
    Stage,
    Station,
    Ticket,
)


def write(source: str, **values: Any) -> str:
    with translation.override("en"):
        return Template(source).render(Context(values)).strip()


class Outline(HTMLParser):
    """Every start tag with its attributes, for looking things up."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


ORDER = [
    Station("Kept", "done", time="17:58"),
    Station("Card", "refused", "change", "18:00"),
    Station("Kitchen", "now", time="now"),
    Station("Counter", "next", "end", "18:20"),
]


def test_a_window() -> None:
    assert write('{% lamp "lit" "Until 21:00" %}') == '<span class="lamp lit">Until 21:00</span>'
    assert write('{% lamp "dark" %}') == '<span class="lamp dark">Closed</span>'


def test_an_order_plate_is_spoken_as_scene_and_number() -> None:
    shown = write('{% order_plate "pickup" "047" %}')
    assert shown.startswith('<span class="plate order" data-scene="pickup" role="img" aria-label="Pickup 047">')
    assert shown.endswith('<span aria-hidden="true">047</span></span>')


def test_a_scene_is_silent_beside_a_word_and_named_alone() -> None:
    assert write('{% scene "pickup" "s" %}').startswith('<span class="scene s" data-scene="pickup" aria-hidden="true">')
    assert 'role="img" aria-label="Eat in"' in write('{% scene "here" words=True %}')
    assert write('{% scene "teleport" %}') == ""


def test_each_station_begins_with_its_state_and_now_is_marked() -> None:
    shown = write('{% track order "pickup" %}', order=ORDER)
    items = Outline(shown).all("li")
    assert [(item["data-kind"], item["data-state"]) for item in items] == [
        ("step", "done"),
        ("change", "refused"),
        ("step", "now"),
        ("end", "next"),
    ]
    assert [item.get("aria-current") for item in items] == [None, None, "step", None]
    for words in (
        "Done: </span><b>Kept",
        "Refused: </span><b>Card",
        "Now: </span><b>Kitchen",
        "To come: </span><b>Counter",
    ):
        assert words in shown


def test_a_line_has_one_now_and_a_track_six_stations_at_most() -> None:
    with pytest.raises(ValueError, match="Exactly one"):
        write("{% line order %}", order=[Station("a", "now"), Station("b", "now")])
    with pytest.raises(ValueError, match="six"):
        write("{% track order %}", order=[Station("a")] * 7)
    with pytest.raises(ValueError, match="never"):
        Station("a", "maybe")  # type: ignore[arg-type]


def test_ticks_say_what_happens_now_or_happened_last() -> None:
    assert 'aria-label="Kitchen"' in write("{% ticks order %}", order=ORDER)
    assert 'aria-label="Done: Handed over"' in write("{% ticks order %}", order=[Station("Handed over", "done", "end")])


def test_the_widths_of_the_five_stages_are_linear_with_a_least_width() -> None:
    stages = [Stage("Traffic", 1000, href="/rows"), Stage("Conversion", 500, "50 %"), Stage("Retention", 1)]
    shown = write("{% five stages %}", stages=stages)
    assert [item["style"] for item in Outline(shown).all("li")] == [
        "--q:92.0px;--q2:46.0px",
        "--q:46.0px;--q2:4.0px",
        "--q:4.0px;--q2:4.0px",
    ]
    assert '<a href="/rows"><b>1,000</b></a>' in shown


def test_a_receipt_shows_a_changed_price_in_place_with_its_answers() -> None:
    agree = Act("Agree to €10.20", "/agree/", now=True, post=True, fields=(("total", "1020"),))
    receipt = Receipt(
        "To pay",
        Money(2470, "EUR"),
        lines=(
            ReceiptLine(
                "Flautas",
                Money(1020, "EUR"),
                was=Money(980, "EUR"),
                explain="The kitchen raised it.",
                acts=(agree,),
                key="7",
            ),
            ReceiptLine("Soup", Money(900, "EUR"), quantity=2, notes=("hot",), hurt="No peanuts"),
        ),
        rows=(ReceiptRow("Ticket, paid by El Rey", Money(-300, "EUR"), good=True),),
    )
    shown = write("{% receipt receipt %}", receipt=receipt, csrf_token="token")
    assert '<div class="item moved" id="line-7">' in shown
    assert '<s class="was"><span class="sr">before: </span>€9.80</s>€10.20' in shown
    assert '<input type="hidden" name="total" value="1020">' in shown
    assert 'name="csrfmiddlewaretoken" value="token"' in shown
    assert '<button class="btn now small">Agree to €10.20</button>' in shown
    assert '<span class="num">2 × </span>Soup' in shown
    assert '<div class="lead good"><span>Ticket, paid by El Rey</span><span class="num">−€3.00</span></div>' in shown
    assert '<div class="lead sum"><span>To pay</span><span class="num">€24.70</span></div>' in shown


def test_a_used_ticket_keeps_its_paper_and_gets_a_stamp() -> None:
    ticket = Ticket("Two bowls", code="K7M492QX3HTN", link="https://x.example/c/1", used=True, stamp="Used 18:06")
    shown = write("{% ticket ticket %}", ticket=ticket)
    assert '<article class="ticket tall used" data-scene="voucher">' in shown
    assert '<p class="codetext" translate="no">K7M4 92QX 3HTN</p>' in shown
    assert '<p class="stamp">Used 18:06</p>' in shown


def test_a_qr_code_is_dark_on_white_and_named() -> None:
    shown = write('{% qr "https://paseo.example/c/K7M4" "Your code" %}')
    assert shown.startswith('<svg role="img" aria-label="Your code" shape-rendering="crispEdges"')
    assert 'stroke="#16202e"' in shown
    assert 'fill="#fff"' in shown
    assert "#16202e" not in write('{% qr "x" "<script>" %}').split("<path")[0]
    assert "<script>" not in write('{% qr "x" "<script>" %}')


def test_every_icon_is_drawn_and_an_unknown_one_is_a_mistake_of_the_program() -> None:
    assert write('{% icon "bag" %}').startswith('<svg class="ico" viewBox="0 0 24 24" aria-hidden="true"')
    assert 'role="img" aria-label="Bag &lt;"' in write('{% icon "bag" "Bag <" %}')
    with pytest.raises(KeyError):
        write('{% icon "unicorn" %}')


def test_bars_have_a_table_with_the_same_numbers() -> None:
    shown = write(
        '{% bars items "Orders by hour" "Orders" "Last Saturday" %}',
        items=[Bar("11", 6, 5), Bar("12", 12, 9, now=True)],
    )
    assert 'class="plot"' in shown
    assert '<th scope="row">12</th><td class="r">12</td><td class="r">9</td>' in shown
    assert shown.count('class="bar now"') == 1
    assert shown.count('class="before"') == 2


def test_a_flow_adds_up_on_both_sides() -> None:
    flow = Flow(
        (FlowEnd("a", "Poster"), FlowEnd("b", "Search")),
        (FlowEnd("p", "Pickup", "pickup"), FlowEnd("h", "Eat in", "here")),
        {("a", "p"): 14, ("a", "h"): 4, ("b", "p"): 9},
    )
    shown = write('{% flow flow "Orders" %}', flow=flow)
    for words in (">18<", ">9<", ">23<", ">4<"):
        assert words in shown
    assert shown.count('class="stream"') == 3


def test_empty_charts_are_drawn_too() -> None:
    assert "plot" in write('{% bars items "x" %}', items=[])
    assert "plot" in write('{% lines series ticks "x" %}', series=[Series("a", ())], ticks=[])
    assert "plot" in write('{% stack series ticks "x" %}', series=[Series("a", (0, 0))], ticks=["1", "2"])
    assert "plot" in write('{% flow flow "x" %}', flow=Flow((), (), {}))


def test_the_street_is_silent_and_carries_distances_on_the_pavement() -> None:
    shown = write(
        "{% street houses %}", houses=[House("a", "Café & Bar", distance=40), House("b", "Two", distance=1200)]
    )
    assert shown.startswith('<div class="strip" aria-hidden="true">')
    assert "Café &amp; Bar" in shown
    assert ">40 m</span>" in shown
    assert ">1.2 km</span>" in shown


def test_blocks_wrap_their_contents() -> None:
    assert (
        write('{% actbar %}<a href="#">x</a>{% endactbar %}')
        == '<div class="actbar" data-actbar><a href="#">x</a></div>'
    )
    assert '<h2>Due</h2><span class="small">late first</span>' in write(
        '{% section title="Due" aside="late first" %}y{% endsection %}'
    )
