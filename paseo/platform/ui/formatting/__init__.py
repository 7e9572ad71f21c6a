"""Amounts, times, distances and names as the reader's language writes them. Always plain text, never markup."""

from paseo.platform.ui.formatting.amounts import money, number, percent
from paseo.platform.ui.formatting.names import localized, localized_with_language
from paseo.platform.ui.formatting.phones import phone
from paseo.platform.ui.formatting.places import compass_words, distance, walk_minutes
from paseo.platform.ui.formatting.readers import reader_language
from paseo.platform.ui.formatting.times import (
    clock,
    countdown,
    date_words,
    day,
    day_and_clock,
    moment,
    weekday,
    zone_in_use,
)

__all__ = [
    "clock",
    "compass_words",
    "countdown",
    "date_words",
    "day",
    "day_and_clock",
    "distance",
    "localized",
    "localized_with_language",
    "moment",
    "money",
    "number",
    "percent",
    "phone",
    "reader_language",
    "walk_minutes",
    "weekday",
    "zone_in_use",
]
