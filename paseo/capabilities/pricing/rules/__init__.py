"""Pure rules of pricing: the quote, the resolution of lists, the planning of periods, parity."""

from paseo.capabilities.pricing.rules.lists import best, parity_gaps
from paseo.capabilities.pricing.rules.periods import Change, Span, plan_price
from paseo.capabilities.pricing.rules.quote import quote

__all__ = ["Change", "Span", "best", "parity_gaps", "plan_price", "quote"]
