"""Writes of care."""

from paseo.capabilities.care.operations.answer import reply
from paseo.capabilities.care.operations.moderate import hide, show
from paseo.capabilities.care.operations.rights import end_rights, grant_rights
from paseo.capabilities.care.operations.write import edit_review, review_order, withdraw, write_review

__all__ = [
    "edit_review",
    "end_rights",
    "grant_rights",
    "hide",
    "reply",
    "review_order",
    "show",
    "withdraw",
    "write_review",
]
