"""What a scope lets through: rules without a database."""

from uuid import UUID

import pytest

from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.roles import RIGHTS, ROLES, is_strong
from paseo.platform.tenancy.values import Holding, Scope

FIRM, OTHER, CAFE, BAR = (UUID(int=number) for number in range(1, 5))


def test_a_right_at_one_place_is_not_a_right_at_the_next():
    scope = Scope.of(FIRM, "orders.see", place_ids=frozenset({CAFE}))
    assert scope.may("orders.see")
    assert scope.may("orders.see", CAFE)
    assert not scope.may("orders.see", BAR)
    with pytest.raises(NotFound):
        scope.require("orders.see", BAR)


def test_rights_of_two_places_do_not_flow_together():
    scope = Scope(
        FIRM,
        "merchant",
        (Holding(frozenset({"orders.see", "stock.edit"}), CAFE), Holding(frozenset({"orders.see"}), BAR)),
    )
    assert scope.place_ids == {CAFE, BAR}
    assert scope.at("stock.edit").place_ids == {CAFE}
    assert scope.at("orders.see").place_ids == {CAFE, BAR}
    assert not scope.may("stock.edit", BAR)


def test_a_missing_right_is_told_as_such():
    with pytest.raises(NotAllowedHere) as refusal:
        Scope.of(FIRM, "orders.see").require("money.see")
    assert refusal.value.code == "not_allowed"


def test_money_waits_for_the_second_factor():
    scope = Scope.of(FIRM, "orders.see", "money.see", confirmed=False)
    assert scope.rights == {"orders.see"}
    with pytest.raises(SecondFactorNeeded):
        scope.require("money.see")
    Scope.of(FIRM, "money.see").require("money.see")


def test_everything_an_operator_may_waits_for_the_second_factor():
    scope = Scope.of(FIRM, "orders.see", "city.see", kind="operator", confirmed=False)
    assert scope.rights == frozenset()
    with pytest.raises(SecondFactorNeeded):
        scope.require("orders.see")


def test_covers_only_the_own_firm_except_for_the_operator():
    assert not Scope.of(FIRM, "orders.see").covers(OTHER)
    assert Scope.of(FIRM, "orders.see").covers(FIRM, CAFE)
    assert not Scope.of(FIRM, "orders.see", place_ids=frozenset({BAR})).covers(FIRM, CAFE)
    assert Scope.of(FIRM, "orders.see", kind="operator").covers(OTHER)
    with pytest.raises(NotFound):
        Scope.of(FIRM, "orders.see").require_covers(OTHER)


def test_a_cashier_verifies_but_sees_no_money():
    rights = ROLES["cashier"].rights
    assert "codes.verify" in rights and "orders.see" in rights
    assert not any(right.startswith("money.") for right in rights)


def test_every_right_belongs_to_somebody():
    assert frozenset().union(*(role.rights for role in ROLES.values())) == RIGHTS


@pytest.mark.parametrize(
    "right, kind, strong",
    [
        ("money.see", "merchant", True),
        ("orders.see", "merchant", False),
        ("orders.see", "operator", True),
        ("keys.edit", "developer", False),
    ],
)
def test_strong_rights(right, kind, strong):
    assert is_strong(right, kind) is strong


def test_the_actor_names_person_key_or_system():
    assert Scope.of(FIRM, person_id=CAFE).actor == f"person:{CAFE}"
    assert Scope(FIRM, "merchant", (), key_id=BAR).actor == f"key:{BAR}"
    assert Scope.of(FIRM).actor == "system"
