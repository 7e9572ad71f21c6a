"""Which right shows which events. What is not listed here leaves the house in no webhook and no list of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paseo.kernel.events import event_types
from paseo.platform.webhooks.events import EndpointPinged

RIGHTS: Mapping[str, str] = {
    "ordering": "orders.see",
    "fulfillment": "orders.see",
    "payments": "money.see",
    "vouchers": "vouchers.edit",
    "catalog": "catalog.edit",
    "pricing": "prices.edit",
    "inventory": "stock.edit",
    "care": "insight.see",
    "directory": "store.edit",
}
"""By the first word of a type, the right that shows it."""

KEPT_INSIDE: Mapping[str, str] = {
    "consent": "what a person agreed to is between the person and the installation",
    "journeys": "whose device was where is not any one merchant's to know",
    "webhooks": "a ping goes to the endpoint that was pinged and to nobody else",
}
"""First words of types that are never told, and why."""

PING = EndpointPinged.event_type  # type: ignore[attr-defined]


def right_for(type_name: str) -> str | None:
    """The right that shows events of this type; None for what is kept inside."""
    return RIGHTS.get(type_name.partition(".")[0])


def offered() -> dict[str, list[str]]:
    """The types that can be subscribed to, by their first word."""
    found: dict[str, list[str]] = {word: [] for word in RIGHTS}
    for type_name in dict.fromkeys(name for name, _ in event_types()):
        word = type_name.partition(".")[0]
        if word in found and type_name not in found[word]:
            found[word].append(type_name)
    return {word: types for word, types in found.items() if types}


def is_known(pattern: str) -> bool:
    """Whether this is a type that is offered, or ``ordering.*`` for all of one kind."""
    word, _, rest = pattern.partition(".")
    types = offered().get(word, [])
    return bool(types) and (rest == "*" or pattern in types)


def wants(patterns: Iterable[str], type_name: str) -> bool:
    whole = type_name.partition(".")[0] + ".*"
    return any(pattern in (type_name, whole) for pattern in patterns)
