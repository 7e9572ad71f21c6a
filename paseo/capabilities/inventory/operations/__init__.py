"""Everything that changes stock. One function per use case; each is one transaction, or part of the caller's."""

from paseo.capabilities.inventory.operations.expiry import expire_due
from paseo.capabilities.inventory.operations.giving_back import deallocate, release, release_lines
from paseo.capabilities.inventory.operations.holding import extend, hold, reacquire
from paseo.capabilities.inventory.operations.keeping import convert, issue_out, unissue
from paseo.capabilities.inventory.operations.shelf import (
    adjust,
    count,
    open_stock,
    receive,
    set_safety,
    stock_take,
    take_back,
    track,
    untrack,
)

__all__ = [
    "adjust",
    "convert",
    "count",
    "deallocate",
    "expire_due",
    "extend",
    "hold",
    "issue_out",
    "open_stock",
    "reacquire",
    "receive",
    "release",
    "release_lines",
    "set_safety",
    "stock_take",
    "take_back",
    "track",
    "unissue",
    "untrack",
]
