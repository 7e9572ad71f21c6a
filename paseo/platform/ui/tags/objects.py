"""Window, plate, line, five stages, receipt, ticket, refusal and the acts that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from paseo.kernel.errors import Refusal
from paseo.platform.ui.drawing import charts, icons
from paseo.platform.ui.text import RefusalText, refusal_text
from paseo.platform.ui.values import Act, Receipt, Stage, Station, Ticket
from paseo.platform.ui.wording import lamp_words, scene_words, station_state_words, ticks_words

register = template.Library()
COMPONENTS = "ui/components/"


@register.inclusion_tag(COMPONENTS + "lamp.html")
def lamp(state: Any, words: str = "", zone: Any = None, now: Any = None) -> dict[str, Any]:
    """A window. ``state`` is a word, or a value with ``state``, ``until``, ``opens_at`` and ``last_orders_at``."""
    key = state if isinstance(state, str) else state.state
    key = str(getattr(key, "value", key))
    return {
        "state": key,
        "words": words or (lamp_words(state, zone, now) if not isinstance(state, str) else lamp_words(key)),
    }


@register.inclusion_tag(COMPONENTS + "plate.html")
def plate(words: str, second: str = "", href: str = "", arrow: bool = False) -> dict[str, Any]:
    return {"words": words, "second": second, "href": href, "arrow": arrow}


@register.simple_tag
def house_plate(text: Any, size: str = "") -> SafeString:
    """The enamel number of a house: ``big`` in a header, ``call`` when it is called out."""
    return format_html('<span class="house{}">{}</span>', f" {size}" if size else "", text)


@register.inclusion_tag(COMPONENTS + "order_plate.html")
def order_plate(scene: str, number: Any, size: str = "", letter: str = "") -> dict[str, Any]:
    """Pictogram and number on the scene's color; read aloud as scene and number."""
    return {
        "scene": scene,
        "number": number,
        "letter": letter,
        "size": size,
        "drawing": icons.pictogram(scene),
        "spoken": f"{scene_words(scene)} {number}",
    }


def _stations(stations: Sequence[Station]) -> list[dict[str, Any]]:
    if sum(station.state == "now" for station in stations) > 1:
        raise ValueError("Exactly one station is now, or none on a finished line.")
    return [{"station": station, "spoken": station_state_words(station.state)} for station in stations]


@register.inclusion_tag(COMPONENTS + "line.html")
def line(stations: Sequence[Station], scene: str = "member", label: str = "", variant: str = "") -> dict[str, Any]:
    """A line from top to bottom. ``variant``: ``quiet`` (close together) or ``stops`` (numbered).

    With ``plan`` in it, it says how something goes, not how far it has come: states are not read aloud.
    """
    return {"stations": _stations(stations), "scene": scene, "label": label or gettext("Progress"), "variant": variant}


@register.inclusion_tag(COMPONENTS + "track.html")
def track(stations: Sequence[Station], scene: str = "member", label: str = "") -> dict[str, Any]:
    """A line from start to end, at most six stations; below 360 px it stands upright."""
    if len(stations) > 6:
        raise ValueError("A track has at most six stations; use a line.")
    return {"stations": _stations(stations), "scene": scene, "label": label or gettext("Progress")}


@register.inclusion_tag(COMPONENTS + "ticks.html")
def ticks(stations: Sequence[Station], scene: str = "member", label: str = "") -> dict[str, Any]:
    """A line in a row of a table: dots only, read aloud as what happens now."""
    return {"stations": stations, "scene": scene, "label": label or ticks_words(stations)}


@register.inclusion_tag(COMPONENTS + "five.html")
def five(stages: Sequence[Stage], label: str = "", color: str = "") -> dict[str, Any]:
    """The five stages. The width of the band is the quantity, linear, at least 4 px."""
    most = max((stage.quantity for stage in stages), default=0) or 1
    widths = [max(4.0, stage.quantity / most * charts.FIVE_WIDTH) for stage in stages]
    rows = [
        {"stage": stage, "width": f"{width:.1f}", "next": f"{(widths[i + 1] if i + 1 < len(widths) else width):.1f}"}
        for i, (stage, width) in enumerate(zip(stages, widths, strict=True))
    ]
    return {"rows": rows, "label": label or gettext("Five stages"), "color": color}


@register.inclusion_tag(COMPONENTS + "receipt.html")
def receipt(paper: Receipt, fresh: bool = False) -> dict[str, Any]:
    """The paper. ``fresh`` prints it once, after a payment."""
    return {"receipt": paper, "fresh": fresh}


@register.inclusion_tag(COMPONENTS + "ticket.html")
def ticket(value: Ticket, fresh: bool = False) -> dict[str, Any]:
    return {"ticket": value, "fresh": fresh, "payload": value.link or value.code}


@register.inclusion_tag(COMPONENTS + "refusal.html")
def refusal(
    value: Refusal | RefusalText, acts: Sequence[Act] = (), slim: bool = False, ask: bool = False, heading: int = 2
) -> dict[str, Any]:
    """What happened, what it means, what one can do. ``ask`` (ink, not red) when only an answer is due."""
    text = refusal_text(value) if isinstance(value, Refusal) else value
    return {"text": text, "acts": acts, "slim": slim, "ask": ask, "heading": heading}


@register.inclusion_tag(COMPONENTS + "empty.html")
def empty(what: str, meaning: str = "", act: Act | None = None, seed: str = "", state: str = "lit") -> dict[str, Any]:
    """An empty list: since when, what it means, and one act."""
    return {"what": what, "meaning": meaning, "act": act, "seed": seed, "state": state}


@register.inclusion_tag(COMPONENTS + "act.html")
def act(value: Act, wide: bool = False, small: bool = False) -> dict[str, Any]:
    """A button that is a link or a small form of its own."""
    return {"act": value, "wide": wide, "small": small}
