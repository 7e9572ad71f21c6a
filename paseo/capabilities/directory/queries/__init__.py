"""Reads. Values, never querysets; things of one merchant are asked for with its id."""

from paseo.capabilities.directory.queries.cities import categories, in_view
from paseo.capabilities.directory.queries.merchants import (
    commission_bps,
    contract_of,
    contracts,
    merchant,
    merchants,
    papers,
    staff,
)
from paseo.capabilities.directory.queries.near import nearest, search_places
from paseo.capabilities.directory.queries.places import place, places
from paseo.capabilities.directory.queries.report import readiness, register_readiness_check
from paseo.capabilities.directory.queries.stores import (
    lamp,
    opens_within,
    store,
    stores,
    stores_of_merchant,
    stores_of_operator,
)
from paseo.capabilities.directory.queries.touchpoints import touchpoint, touchpoint_of, touchpoints, touchpoints_by_id

__all__ = [
    "categories",
    "commission_bps",
    "contract_of",
    "contracts",
    "in_view",
    "lamp",
    "merchant",
    "merchants",
    "nearest",
    "opens_within",
    "papers",
    "place",
    "places",
    "readiness",
    "register_readiness_check",
    "search_places",
    "staff",
    "store",
    "stores",
    "stores_of_merchant",
    "stores_of_operator",
    "touchpoint",
    "touchpoint_of",
    "touchpoints",
    "touchpoints_by_id",
]
