from datetime import timedelta

import pytest

from paseo.capabilities.directory import operations, queries
from paseo.capabilities.directory.models import Store
from paseo.capabilities.directory.refusals import AlreadyApplied, BadPhone, ContractOverlaps, NotReady, UnknownStore
from paseo.capabilities.directory.values import ReadinessItem
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.models import Transition
from paseo.platform.outbox.models import Event
from paseo.platform.tenancy import queries as tenancy

from .conftest import make_live, make_merchant, make_store

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("type", flat=True))


def test_an_application_makes_a_tenant_with_an_owner(operator, now):
    applicant = new_id()
    merchant_id = operations.apply_merchant(
        legal_name="  Kahvila   Oy ",
        business_id="1234567-1",
        country="fi",
        applicant_id=applicant,
        phone="09 1234567",
        now=now,
        actor="person",
    )
    found = queries.merchant(merchant_id)
    assert (found.legal_name, found.state, found.country, found.phone, found.stores) == (
        "Kahvila Oy",
        "applied",
        "FI",
        "+35891234567",
        0,
    )
    [scope] = tenancy.scopes_of(applicant, confirmed=True)
    assert scope.tenant_id == merchant_id and scope.may("staff.edit")
    assert events() == ["directory.merchant_applied"]


def test_the_same_application_again_changes_nothing(operator, now):
    id = new_id()
    for _ in range(2):
        given = operations.apply_merchant(legal_name="A", business_id="1", merchant_id=id, now=now, actor="x")
        assert given == id
    assert events() == ["directory.merchant_applied"]


def test_one_business_number_is_one_merchant(merchant, now):
    with pytest.raises(AlreadyApplied) as refused:
        make_merchant("Other", "1234567-1", now)
    assert str(refused.value).startswith("A merchant with the business number 1234567-1 is already here.")
    operations.refuse(merchant_id=merchant, reason="Unreadable papers", now=now, actor="op")
    assert make_merchant("Other", "1234567-1", now) != merchant


def test_impossible_input_is_refused(operator, now):
    with pytest.raises(BadPhone):
        operations.apply_merchant(legal_name="A", phone="12", country="FI", now=now, actor="x")
    with pytest.raises(Invalid) as refused:
        operations.apply_merchant(legal_name=" ", now=now, actor="x")
    assert "legal_name" in refused.value.fields


def test_the_report_lists_what_is_missing_in_order(merchant, now):
    report = queries.readiness(merchant)
    assert [item.key for item in report.missing] == ["papers", "review", "contract", "store"]
    assert not report.ready
    make_store(merchant, now, hours="", phone="", address=None)
    report = queries.readiness(merchant)
    assert [(item.key, item.importance) for item in report.missing] == [
        ("papers", "must"),
        ("review", "must"),
        ("contract", "must"),
        ("store_address", "must"),
        ("store_hours", "must"),
        ("store_phone", "should"),
        ("store_photo", "should"),
    ]
    hours = next(item for item in report.items if item.key == "store_hours")
    assert (
        hours.where == "store.hours" and hours.subject_id is not None and hours.params["store"]["en"] == "Square Café"
    )


def test_other_packages_add_checks(merchant):
    def products(merchant_id):
        yield ReadinessItem("products", False, "must", 100, "Add a product.", "catalog.add")

    queries.register_readiness_check(products)
    queries.register_readiness_check(products)
    assert [item.key for item in queries.readiness(merchant).missing].count("products") == 1


def test_nobody_goes_live_unready(merchant, now):
    operations.start_review(merchant_id=merchant, now=now, actor="op")
    operations.approve(merchant_id=merchant, now=now, actor="op")
    with pytest.raises(NotReady) as refused:
        operations.go_live(merchant_id=merchant, now=now, actor="op")
    assert refused.value.params == {"count": 3, "missing": ["papers", "contract", "store"]}
    assert queries.merchant(merchant).state == "approved"


def test_nobody_goes_live_unapproved(merchant, now):
    with pytest.raises(NotAllowed):
        operations.go_live(merchant_id=merchant, now=now, actor="op")


def test_going_live_lights_the_stores(merchant, now):
    make_live(merchant, now)
    [store] = queries.stores_of_merchant(merchant)
    assert (store.state, store.listed, store.sells) == ("open", True, True)
    assert queries.lamp(store, now).state == "lit"
    assert events()[-2:] == ["directory.store_opened", "directory.merchant_live"]
    verbs = Transition.objects.filter(subject_id=merchant).order_by("id").values_list("verb", "actor")
    assert list(verbs) == [("start_review", "operator"), ("approve", "operator"), ("go_live", "operator")]


def test_suspension_darkens_and_hides_all_stores(live_merchant, now):
    [store] = queries.stores_of_merchant(live_merchant)
    assert [near.card.id for near in queries.nearest(store.point, now=now)] == [store.id]
    operations.suspend(merchant_id=live_merchant, reason="Unpaid fees", now=now, actor="op")
    dark = queries.store(store.id)
    assert queries.lamp(dark, now).state == "dark" and queries.lamp(dark, now).reason == "suspended"
    assert not dark.sells
    assert queries.nearest(store.point, now=now) == []
    assert queries.merchant(live_merchant).reason == "Unpaid fees"
    operations.resume(merchant_id=live_merchant, now=now, actor="op")
    assert queries.store(store.id).sells
    assert queries.merchant(live_merchant).reason == ""
    assert events()[-2:] == ["directory.merchant_suspended", "directory.merchant_live"]


def test_closing_a_merchant_closes_its_stores(live_merchant, now):
    operations.close_merchant(merchant_id=live_merchant, reason="Retired", now=now, actor="op")
    assert Store.objects.get(merchant_id=live_merchant).state == "closed"
    with pytest.raises(NotAllowed):
        operations.resume(merchant_id=live_merchant, now=now, actor="op")


def test_contracts_follow_each_other_without_overlap(merchant, now):
    sign = {"merchant_id": merchant, "currency": "EUR", "actor": "op"}
    operations.sign_contract(commission_bps=1000, trial_until=now + timedelta(days=30), now=now, **sign)
    assert queries.commission_bps(merchant, now) == 0, "nothing is taken within the trial"
    assert queries.commission_bps(merchant, now + timedelta(days=30)) == 1000
    later = now + timedelta(days=60)
    operations.sign_contract(commission_bps=700, valid_from=later, now=now, **sign)
    assert queries.commission_bps(merchant, later - timedelta(seconds=1)) == 1000
    assert queries.commission_bps(merchant, later) == 700
    with pytest.raises(ContractOverlaps):
        operations.sign_contract(commission_bps=1, now=now, **sign)
    newest, oldest = queries.contracts(merchant)
    assert (oldest.valid_from, oldest.valid_until, newest.valid_from, newest.valid_until) == (now, later, later, None)


@pytest.mark.parametrize("fields", [{"commission_bps": 10_001}, {"commission_bps": -1}, {"monthly_fee_minor": -5}])
def test_impossible_terms_are_refused(merchant, now, fields):
    with pytest.raises(Invalid) as refused:
        operations.sign_contract(
            **{"merchant_id": merchant, "commission_bps": 1, "currency": "EUR", "now": now, "actor": "op", **fields}
        )
    assert set(refused.value.fields) == set(fields)


def test_staff_of_one_store(live_merchant, now):
    [store] = queries.stores_of_merchant(live_merchant)
    helper = new_id()
    operations.hire(merchant_id=live_merchant, person_id=helper, role="cashier", store_id=store.id, now=now, by=None)
    assert [grant.role for grant in queries.staff(live_merchant) if grant.person_id == helper] == ["cashier"]
    assert operations.dismiss_staff(merchant_id=live_merchant, person_id=helper, now=now, by=None) == 1
    assert tenancy.scopes_of(helper) == []


def test_nobody_is_hired_at_anothers_store(live_merchant, now):
    other = make_merchant("Other", "2", now)
    [store] = queries.stores_of_merchant(live_merchant)
    with pytest.raises(UnknownStore):
        operations.hire(merchant_id=other, person_id=new_id(), role="cashier", store_id=store.id, now=now, by=None)
