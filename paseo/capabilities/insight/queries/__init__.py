"""Reads of insight: the five stages, what is behind each number, the live page, the day, the city."""

from paseo.capabilities.insight.queries.behind import orders_behind, paths_behind
from paseo.capabilities.insight.queries.city import city
from paseo.capabilities.insight.queries.day import day_report
from paseo.capabilities.insight.queries.live import live
from paseo.capabilities.insight.queries.models import attribution_models, attribution_of, journey_shares
from paseo.capabilities.insight.queries.stages import by_touchpoint, five_stages, flows, hours

__all__ = [
    "attribution_models",
    "attribution_of",
    "by_touchpoint",
    "city",
    "day_report",
    "five_stages",
    "flows",
    "hours",
    "journey_shares",
    "live",
    "orders_behind",
    "paths_behind",
]
