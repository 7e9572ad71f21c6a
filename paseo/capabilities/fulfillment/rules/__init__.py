"""What a plate looks like, and what can be promised."""

from paseo.capabilities.fulfillment.rules.plates import plate_text
from paseo.capabilities.fulfillment.rules.promises import PLACES_IN_KITCHEN, promise_after, wait_for_queue

__all__ = ["PLACES_IN_KITCHEN", "plate_text", "promise_after", "wait_for_queue"]
