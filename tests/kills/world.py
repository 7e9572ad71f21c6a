"""Fills an empty installation with one shop, and prints what a buyer and a cashier need to know about it."""

from __future__ import annotations

import json
import sys

CAKES = 60
COFFEES = 1_000_000


def fill() -> dict[str, object]:
    from paseo.capabilities.inventory import operations as inventory
    from paseo.kernel import clock
    from paseo.platform.db.unit import unit
    from paseo.platform.identity import operations as identity
    from paseo.platform.tenancy import operations as tenancy
    from paseo.platform.tenancy.values import Scope
    from tests.capabilities.cafe import OPERATOR, make_cafe

    now = clock.now()
    rights = frozenset({"codes.verify", "orders.see", "orders.act", "money.act"})
    with unit():
        cafe = make_cafe(now, stock=CAKES, auto_accept=True)
        inventory.receive(store_id=cafe.store_id, variant_id=cafe.variants["coffee"], quantity=COFFEES, now=now)
        for tenant_id, kind, role, email in (
            (cafe.merchant_id, "merchant", "owner", "owner@example.com"),
            (OPERATOR, "operator", "operator_admin", "operator@example.com"),
        ):
            tenancy.found_tenant(kind=kind, name=kind, now=now, tenant_id=tenant_id)
            person_id = identity.person_for_email(email=email, name=role, locale="en", now=now)
            tenancy.grant(person_id=person_id, tenant_id=tenant_id, role=role, now=now, by=None)
        key = tenancy.issue_key(
            by=Scope.of(cafe.merchant_id, "keys.edit", *rights), name="counter", rights=rights, now=now
        )
    return {
        "store_id": str(cafe.store_id),
        "offers": {name: str(id) for name, id in cafe.offers.items()},
        "key": key.text,
    }


def main() -> int:
    import django

    django.setup()
    print(json.dumps(fill()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
