"""The purposes and their texts. Whoever changes a text raises its version: earlier answers then ask again."""

from __future__ import annotations

from dataclasses import dataclass

from paseo.kernel.errors import N_


@dataclass(frozen=True)
class Purpose:
    """``asks`` is false for what the service cannot do without, which needs no consent."""

    key: str
    name: str
    text: str
    version: int
    asks: bool = True


PURPOSES: dict[str, Purpose] = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "essential",
            N_("Your orders"),
            N_("To make, hand over and account for your orders we keep what you ordered, where, and how to reach you."),
            version=1,
            asks=False,
        ),
        Purpose(
            "journey",
            N_("Your way to us"),
            N_("We join what you looked at and scanned on your devices to your account: shops learn what works."),
            version=1,
        ),
        Purpose(
            "marketing",
            N_("Offers by message"),
            N_("Shops where you ordered may write to you about offers. You can end this in every message."),
            version=1,
        ),
        Purpose(
            "location",
            N_("Where you are"),
            N_("While you use the pages we read where you are to sort shops by distance. It is not kept."),
            version=1,
        ),
    )
}


def purpose(key: str) -> Purpose:
    try:
        return PURPOSES[key]
    except KeyError:
        raise LookupError(f"There is no purpose {key}.") from None
