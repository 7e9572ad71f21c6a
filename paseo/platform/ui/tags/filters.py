"""Amounts, times, distances, codes and names in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from paseo.kernel.codes import grouped
from paseo.platform.ui import formatting

register = template.Library()
COMPONENTS = "ui/components/"


@register.filter
def money(amount: Any, currency: str | None = None) -> str:
    """``{{ total|money }}`` for Money; ``{{ line.total_minor|money:line.currency }}`` for minor units."""
    return formatting.money(amount, currency)


@register.filter
def signed_money(amount: Any, currency: str | None = None) -> str:
    return formatting.money(amount, currency, signed=True)


@register.filter
def number(value: Any) -> str:
    return "" if value is None else formatting.number(value)


@register.filter
def percent(share: Any, places: int = 0) -> str:
    return "" if share is None else formatting.percent(share, places)


@register.filter
def localized(texts: Any) -> SafeString:
    """A merchant's text for the reader; marked with its language when that is another than the page's."""
    text, language = formatting.localized_with_language(texts)
    reader = formatting.reader_language()
    if language and language.split("-")[0] != reader.split("-")[0]:
        return format_html('<span lang="{}">{}</span>', "zh-Hans" if language == "zh-hans" else language, text)
    return conditional_escape(text)


@register.filter
def plain_localized(texts: Any) -> str:
    """The same without markup: for attributes, titles and SVG."""
    return formatting.localized(texts)


@register.filter
def clock(value: Any, zone: Any = None) -> str:
    return formatting.clock(value, zone)


@register.filter
def day(value: Any, zone: Any = None) -> str:
    return formatting.day(value, zone)


@register.filter
def date_words(value: Any, zone: Any = None) -> str:
    """``Sat 21 Nov``, also when that is today."""
    return formatting.date_words(value, zone)


@register.filter
def day_and_clock(value: Any, zone: Any = None) -> str:
    return formatting.day_and_clock(value, zone)


@register.filter
def distance(metres: Any) -> str:
    return formatting.distance(metres)


@register.filter
def walk_minutes(metres: Any) -> int:
    return formatting.walk_minutes(metres)


@register.filter
def compass_words(wind: str) -> str:
    return formatting.compass_words(wind)


@register.filter
def code_groups(code: str) -> str:
    """``K7M492QX3HTN`` → ``K7M4 92QX 3HTN``."""
    return grouped(code)


@register.filter
def phone(number: str) -> str:
    """``+358 9 1234567``."""
    return formatting.phone(number) if number else ""


@register.filter
def initial(text: Any) -> str:
    return str(text or "")[:1]


@register.filter
def is_soon(until: Any, now: Any) -> bool:
    """Within half an hour."""
    return bool(until and now and now <= until <= now + timedelta(minutes=30))
