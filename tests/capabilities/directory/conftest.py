from importlib import import_module
from uuid import UUID

import pytest

from paseo.capabilities.directory import operations
from paseo.capabilities.directory.values import Address
from paseo.kernel.geo import Point
from paseo.kernel.ids import new_id, stable_id
from paseo.platform.tenancy import operations as tenancy

report = import_module("paseo.capabilities.directory.queries.report")
OPERATOR = stable_id("tests", "operator")
SENATE_SQUARE = Point(60.16952, 24.95245)


@pytest.fixture(autouse=True)
def _own_checks_only(monkeypatch):
    """Readiness without what higher packages ask for."""
    monkeypatch.setattr(report, "_checks", {})


@pytest.fixture
def operator(db, now) -> UUID:
    return tenancy.found_tenant(kind="operator", name="City of Tests", now=now, tenant_id=OPERATOR)


@pytest.fixture
def merchant(operator, now) -> UUID:
    return make_merchant("Kahvila Oy", "1234567-1", now)


@pytest.fixture
def live_merchant(merchant, now) -> UUID:
    return make_live(merchant, now)


def make_merchant(name: str, business_id: str, now) -> UUID:
    return operations.apply_merchant(
        legal_name=name, business_id=business_id, country="FI", now=now, actor="test", applicant_id=new_id()
    )


def make_live(merchant_id: UUID, now) -> UUID:
    """Approved, under contract and live, with one store."""
    operations.add_paper(
        merchant_id=merchant_id, kind="registration", media_id=new_id(), name="r.pdf", now=now, actor="test"
    )
    operations.start_review(merchant_id=merchant_id, now=now, actor="operator")
    operations.approve(merchant_id=merchant_id, now=now, actor="operator")
    operations.sign_contract(merchant_id=merchant_id, commission_bps=800, currency="EUR", now=now, actor="operator")
    make_store(merchant_id, now)
    operations.go_live(merchant_id=merchant_id, now=now, actor="operator")
    return merchant_id


def make_store(merchant_id: UUID, now, **fields) -> UUID:
    given = {
        "name": {"fi": "Kahvila Tori", "en": "Square Café"},
        "category": "cafe",
        "point": SENATE_SQUARE,
        "address": Address("Aleksanterinkatu", "20", "00170", "Helsinki", "FI"),
        "hours": "Mo-Fr 08:00-20:00; Sa 10:00-18:00; PH off",
        "phone": "09 1234567",
        **fields,
    }
    return operations.add_store(merchant_id=merchant_id, now=now, actor="test", **given)
