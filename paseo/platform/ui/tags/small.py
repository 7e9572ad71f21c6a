"""The small parts: style sheet link, icons, scene marks, arrows, QR codes, times."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from paseo.platform.ui import formatting
from paseo.platform.ui.drawing import icons
from paseo.platform.ui.drawing.qr import qr_svg
from paseo.platform.ui.stylesheet import preload_font, stylesheet
from paseo.platform.ui.wording import scene_words

register = template.Library()
COMPONENTS = "ui/components/"


@register.simple_tag
def styles() -> SafeString:
    """The link to the one style sheet, and to the sign font where this installation has it."""
    link = format_html('<link rel="stylesheet" href="{}">', reverse("styles", args=[stylesheet()[1]]))
    font = preload_font()
    return (
        format_html('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>{}', font, link)
        if font
        else link
    )


@register.simple_tag
def icon(name: str, words: str = "", classes: str = "") -> SafeString:
    return icons.icon(name, str(words), classes)


@register.simple_tag
def scene(key: str, size: str = "", words: Any = None) -> SafeString:
    """The round mark of a scene. ``words=True`` reads its name aloud; otherwise it is silent beside a word."""
    if key not in icons.SCENE_ICONS:
        return mark_safe("")
    spoken = scene_words(key) if words is True else (str(words) if words else "")
    attributes = format_html('role="img" aria-label="{}"', spoken) if spoken else mark_safe('aria-hidden="true"')
    return format_html(
        '<span class="scene{}" data-scene="{}" {}>{}</span>',
        f" {size}" if size else "",
        key,
        attributes,
        icons.pictogram(key),
    )


@register.simple_tag
def scene_name(key: str) -> str:
    return scene_words(key)


@register.simple_tag
def arrow(bearing: float, wind: str = "") -> SafeString:
    """An arrow turned to the true direction (degrees clockwise from north), read aloud as a wind."""
    words = formatting.compass_words(wind) if wind else ""
    attributes = format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="arrow" viewBox="0 0 24 24" {} focusable="false"><path transform="rotate({} 12 12)" '
        'd="M12 21V5M5.500 11.500 12 5l6.500 6.500"/></svg>',
        attributes,
        round(bearing),
    )


@register.simple_tag
def qr(text: str, words: str = "") -> SafeString:
    return mark_safe(qr_svg(str(text), str(words)))  # noqa: S308


@register.inclusion_tag(COMPONENTS + "time.html")
def time(value: Any, words: str = "", zone: Any = None) -> dict[str, Any]:
    """A time as text, with the instant for programs."""
    return {"value": value, "words": words or formatting.day_and_clock(value, zone)}


@register.inclusion_tag(COMPONENTS + "countdown.html")
def countdown(until: Any, now: Any = None) -> dict[str, Any]:
    """The rest of a limit, counted down by the page; without JavaScript it says until when."""
    return {"until": until, "rest": formatting.countdown(until, now), "clock": formatting.clock(until)}
