"""Rights and roles, as data. A new role is a new line here; code asks for rights, never for roles."""

from __future__ import annotations

from dataclasses import dataclass

from paseo.kernel.errors import N_

RIGHTS: frozenset[str] = frozenset(
    {
        "orders.see",
        "orders.act",
        "codes.verify",
        "catalog.edit",
        "prices.edit",
        "stock.edit",
        "vouchers.edit",
        "money.see",
        "money.act",
        "staff.edit",
        "store.edit",
        "keys.edit",
        "insight.see",
        "merchant.approve",
        "city.see",
        "events.repair",
        "audit.see",
        "people.act",
    }
)


@dataclass(frozen=True)
class Role:
    """``kinds``: the kinds of tenant that have it. ``place_bound``: whether it can be limited to one place."""

    key: str
    name: str
    rights: frozenset[str]
    kinds: frozenset[str]
    place_bound: bool


def _role(key: str, name: str, kinds: str, rights: str, *, place_bound: bool = False) -> Role:
    role = Role(key, name, frozenset(rights.split()), frozenset(kinds.split()), place_bound)
    unknown = role.rights - RIGHTS
    if unknown:
        raise ValueError(f"{key} holds unknown rights: {sorted(unknown)}")
    return role


_SHOP = "orders.see orders.act codes.verify catalog.edit prices.edit stock.edit vouchers.edit store.edit insight.see"
_FIRM = "staff.edit keys.edit audit.see"
_BUILD = "orders.see catalog.edit stock.edit insight.see keys.edit"

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        _role("owner", N_("Owner"), "merchant developer", f"{_SHOP} money.see money.act {_FIRM}"),
        _role("manager", N_("Manager"), "merchant", f"{_SHOP} money.see staff.edit", place_bound=True),
        _role("cashier", N_("Cashier"), "merchant", "orders.see orders.act codes.verify", place_bound=True),
        _role("kitchen", N_("Kitchen"), "merchant", "orders.see orders.act", place_bound=True),
        _role("developer", N_("Developer"), "merchant developer", _BUILD),
        _role(
            "operator_admin",
            N_("Operator"),
            "operator",
            "merchant.approve city.see events.repair audit.see people.act money.see money.act staff.edit keys.edit orders.see"
            " store.edit catalog.edit insight.see",
        ),
        _role("operator_support", N_("Operator's support"), "operator", "city.see orders.see insight.see"),
    )
}

OWNING = {"merchant": "owner", "developer": "owner", "operator": "operator_admin"}
"""Per kind of tenant the role that must never be without a holder."""


def is_strong(right: str, kind: str) -> bool:
    """Whether the right waits for a second factor: money anywhere, and everything an operator may do."""
    return right.startswith("money.") or kind == "operator"
