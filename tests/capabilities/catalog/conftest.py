from uuid import UUID

import pytest

from paseo.capabilities.directory import operations as directory
from paseo.capabilities.directory.values import Address
from paseo.kernel.geo import Point
from paseo.kernel.ids import stable_id
from paseo.platform.tenancy import operations as tenancy


@pytest.fixture
def operator(db, now) -> UUID:
    return tenancy.found_tenant(
        kind="operator", name="City of Tests", now=now, tenant_id=stable_id("tests", "operator")
    )


@pytest.fixture
def merchant(operator, now) -> UUID:
    return directory.apply_merchant(legal_name="Kahvila Oy", business_id="1", country="FI", now=now, actor="test")


@pytest.fixture
def other(operator, now) -> UUID:
    return directory.apply_merchant(legal_name="Other Oy", business_id="2", country="FI", now=now, actor="test")


@pytest.fixture
def store(merchant, now) -> UUID:
    return make_store(merchant, "Square Café", now)


@pytest.fixture
def others_store(other, now) -> UUID:
    return make_store(other, "Other Café", now)


def make_store(merchant_id: UUID, name: str, now) -> UUID:
    return directory.add_store(
        merchant_id=merchant_id,
        name={"en": name},
        category="cafe",
        point=Point(60.1695, 24.9525),
        address=Address("Aleksanterinkatu", "20", "00170", "Helsinki", "FI"),
        hours="24/7",
        listed=True,
        now=now,
        actor="test",
    )
