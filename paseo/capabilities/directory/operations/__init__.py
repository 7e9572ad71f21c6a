"""Writes. Every function is one unit; ``now`` is the instant, ``actor`` who did it, as the audit names people.

``merchant_id`` is the tenant of whoever acts: things of another merchant are refused as if they did not exist.
"""

from paseo.capabilities.directory.operations.applications import (
    add_paper,
    apply_merchant,
    approve,
    refuse,
    start_review,
)
from paseo.capabilities.directory.operations.contracts import sign_contract
from paseo.capabilities.directory.operations.life import close_merchant, go_live, resume, suspend
from paseo.capabilities.directory.operations.places import add_place, edit_place
from paseo.capabilities.directory.operations.staff import dismiss_staff, hire
from paseo.capabilities.directory.operations.stores import (
    add_store,
    close_store,
    edit_store,
    open_store,
    pause_store,
    reindex_stores,
    set_hours,
)
from paseo.capabilities.directory.operations.touchpoints import add_touchpoint, edit_touchpoint, retire_touchpoint

__all__ = [
    "add_paper",
    "add_place",
    "add_store",
    "add_touchpoint",
    "apply_merchant",
    "approve",
    "close_merchant",
    "close_store",
    "dismiss_staff",
    "edit_place",
    "edit_store",
    "edit_touchpoint",
    "go_live",
    "hire",
    "open_store",
    "pause_store",
    "refuse",
    "reindex_stores",
    "resume",
    "retire_touchpoint",
    "set_hours",
    "sign_contract",
    "start_review",
    "suspend",
]
