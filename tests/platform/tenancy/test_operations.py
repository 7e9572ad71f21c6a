"""Giving and taking roles and keys, and that nothing crosses from firm to firm."""

from uuid import uuid4

import pytest

from paseo.kernel.errors import NotFound
from paseo.platform.db.unit import sql_count
from paseo.platform.tenancy import operations, queries
from paseo.platform.tenancy.models import ApiKey, Grant
from paseo.platform.tenancy.refusals import KeyRefused, LastOwner, MoreThanOwn, RoleDoesNotFit, SecondFactorNeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(now):
    return operations.found_tenant(kind="merchant", name="El Rey", now=now)


@pytest.fixture
def other(now):
    return operations.found_tenant(kind="merchant", name="Zucchini", now=now)


def person(firm, role, now, *, place_id=None, by=None, confirmed=True):
    """A new person with one role; returns their scope."""
    id = uuid4()
    operations.grant(person_id=id, tenant_id=firm, role=role, place_id=place_id, now=now, by=by)
    return queries.scopes_of(id, confirmed=confirmed)[0]


def test_the_same_tenant_twice_is_one(now):
    id = uuid4()
    assert operations.found_tenant(kind="merchant", name="A", now=now, tenant_id=id) == id
    assert operations.found_tenant(kind="merchant", name="B", now=now, tenant_id=id) == id
    assert queries.tenant(id).name == "A"


def test_an_owner_hires_and_the_role_works_at_the_next_question(firm, now):
    owner = person(firm, "owner", now)
    cashier = person(firm, "cashier", now, by=owner, place_id=uuid4())
    assert cashier.rights == {"orders.see", "orders.act", "codes.verify"}
    assert [view.role for view in queries.staff_of(firm)] == ["owner", "cashier"]


def test_scopes_cost_one_statement(firm, other, now):
    id = uuid4()
    for tenant in (firm, other):
        operations.grant(person_id=id, tenant_id=tenant, role="kitchen", now=now, by=None)
    with sql_count() as sql:
        scopes = queries.scopes_of(id)
    assert [scope.tenant_id for scope in scopes] == [firm, other]
    assert sql.count == 1, sql.all


def test_a_revoked_role_gives_nothing_any_more(firm, now):
    owner = person(firm, "owner", now)
    helper = person(firm, "cashier", now, by=owner)
    grant = queries.grants_of(helper.person_id)[0]
    operations.revoke(grant_id=grant.id, now=now, by=owner)
    assert queries.scopes_of(helper.person_id) == []
    operations.revoke(grant_id=grant.id, now=now, by=owner)
    assert Grant.objects.get(id=grant.id).revoked_by == owner.actor


def test_the_last_owner_stays(firm, now):
    owner = person(firm, "owner", now)
    with pytest.raises(LastOwner):
        operations.revoke(grant_id=queries.grants_of(owner.person_id)[0].id, now=now, by=owner)
    with pytest.raises(LastOwner):
        operations.leave_everywhere(person_id=owner.person_id, now=now)
    second = person(firm, "owner", now, by=owner)
    assert operations.leave_everywhere(person_id=owner.person_id, now=now) == 1
    assert queries.holders_of(firm, "money.act") == [second.person_id]


def test_a_manager_cannot_make_an_owner(firm, now):
    manager = person(firm, "manager", now)
    with pytest.raises(MoreThanOwn):
        person(firm, "owner", now, by=manager)


def test_a_manager_of_one_place_hires_there_only(firm, now):
    cafe, bar = uuid4(), uuid4()
    manager = person(firm, "manager", now, place_id=cafe)
    assert person(firm, "cashier", now, place_id=cafe, by=manager).place_ids == {cafe}
    with pytest.raises(NotFound):
        person(firm, "cashier", now, place_id=bar, by=manager)
    with pytest.raises(MoreThanOwn):
        person(firm, "cashier", now, by=manager)


def test_giving_money_rights_needs_the_second_factor(firm, now):
    owner = person(firm, "owner", now, confirmed=False)
    assert person(firm, "cashier", now, by=owner)
    with pytest.raises(SecondFactorNeeded):
        person(firm, "manager", now, by=owner)


def test_nobody_gives_roles_in_another_firm(firm, other, now):
    owner = person(firm, "owner", now)
    foreign = person(other, "owner", now)
    with pytest.raises(NotFound):
        person(other, "cashier", now, by=owner)
    with pytest.raises(NotFound):
        operations.revoke(grant_id=queries.grants_of(foreign.person_id)[0].id, now=now, by=owner)
    with pytest.raises(NotFound):
        operations.dismiss(person_id=foreign.person_id, tenant_id=other, now=now, by=owner)


@pytest.mark.parametrize("role, place", [("operator_admin", None), ("owner", uuid4()), ("king", None)])
def test_roles_that_do_not_fit(firm, now, role, place):
    with pytest.raises(RoleDoesNotFit):
        operations.grant(person_id=uuid4(), tenant_id=firm, role=role, place_id=place, now=now, by=None)


def test_the_same_grant_twice_is_one(firm, now):
    id = uuid4()
    first = operations.grant(person_id=id, tenant_id=firm, role="kitchen", now=now, by=None)
    assert operations.grant(person_id=id, tenant_id=firm, role="kitchen", now=now, by=None) == first


def test_narrow_hides_other_firms_and_places(firm, other, now):
    cafe, bar = uuid4(), uuid4()
    for tenant, place in ((firm, cafe), (firm, bar), (other, cafe)):
        operations.grant(person_id=uuid4(), tenant_id=tenant, role="kitchen", place_id=place, now=now, by=None)
    rows = Grant.objects.all()
    owner = person(firm, "owner", now)
    assert owner.narrow(rows, "tenant_id", "place_id").count() == 3
    cook = person(firm, "kitchen", now, place_id=cafe)
    assert cook.narrow(rows, "tenant_id", "place_id").count() == 2
    operator = person(operations.found_tenant(kind="operator", name="City", now=now), "operator_admin", now)
    assert operator.narrow(rows, "tenant_id", "place_id").count() == 6
    foreign = rows.get(tenant_id=other)
    with pytest.raises(NotFound):
        owner.one(rows, tenant="tenant_id", place="place_id", id=foreign.id)
    assert operator.one(rows, tenant="tenant_id", place="place_id", id=foreign.id) == foreign


def test_a_key_opens_what_it_was_given_in_one_statement(firm, now, clock):
    owner = person(firm, "owner", now)
    key = operations.issue_key(by=owner, name="Till", rights=frozenset({"orders.see"}), now=now)
    assert key.text not in str(ApiKey.objects.values_list()[0])
    scope = queries.authenticate_key(key.text, now=now)
    assert (scope.tenant_id, scope.rights, scope.actor) == (firm, {"orders.see"}, f"key:{key.id}")
    with sql_count() as sql:
        queries.authenticate_key(key.text, now=clock.advance(minutes=59))
    assert sql.count == 1, sql.all
    queries.authenticate_key(key.text, now=clock.advance(minutes=1))
    assert queries.keys_of(firm)[0].last_used_at == clock.now()


def test_a_revoked_unknown_or_closed_key_is_one_refusal(firm, now):
    owner = person(firm, "owner", now)
    revoked = operations.issue_key(by=owner, name="a", rights=frozenset({"orders.see"}), now=now)
    closed = operations.issue_key(by=owner, name="b", rights=frozenset({"orders.see"}), now=now)
    operations.revoke_key(by=owner, key_id=revoked.id, now=now)
    operations.close_tenant(tenant_id=firm, now=now)
    for text in (revoked.text, closed.text, "paseo_nothing", ""):
        with pytest.raises(KeyRefused):
            queries.authenticate_key(text, now=now)
    assert queries.scopes_of(owner.person_id) == []


def test_keys_hold_no_more_than_their_maker(firm, other, now):
    owner = person(firm, "owner", now)
    for rights in ({"city.see"}, {"orders.see", "nonsense"}, set()):
        with pytest.raises(MoreThanOwn):
            operations.issue_key(by=owner, name="x", rights=frozenset(rights), now=now)
    with pytest.raises(SecondFactorNeeded):
        unconfirmed = queries.scopes_of(owner.person_id)[0]
        operations.issue_key(by=unconfirmed, name="x", rights=frozenset({"money.see"}), now=now)
    key = operations.issue_key(by=owner, name="x", rights=frozenset({"orders.see"}), now=now)
    with pytest.raises(NotFound):
        operations.revoke_key(by=person(other, "owner", now), key_id=key.id, now=now)
