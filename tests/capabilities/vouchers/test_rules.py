"""Why a coupon does not apply, and what would make it apply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from paseo.capabilities.vouchers import rules
from paseo.capabilities.vouchers.values import CartItem, CouponContext, Effect
from paseo.kernel.money import Money

STORE, OTHER, LATTE, CAKE = (UUID(int=number) for number in range(1, 5))
NOON = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def context(gross: int = 680, mode: str = "here") -> CouponContext:
    return CouponContext(STORE, mode, "Europe/Helsinki", "EUR", (CartItem(LATTE, "dish", 1, gross),))


def reasons(effect: Effect | None, *, state: str = "claimed", stores: list[UUID] | None = None, **changes: object):
    given = {
        "valid_from": NOON - timedelta(days=1),
        "valid_until": NOON + timedelta(days=1),
        "currency": "EUR",
        "context": context(),
        "now": NOON,
    }
    return rules.reasons_against(effect=effect, state=state, store_ids=stores, **{**given, **changes})  # type: ignore[arg-type]


def said(reason: rules.Reason) -> str:
    return f"{reason.what} {reason.remedy}".strip().format(**reason.params)


def test_a_coupon_without_conditions_applies() -> None:
    assert reasons(Effect("percent_bps", 1000)) == ()


def test_least_spending_names_what_is_missing() -> None:
    (reason,) = reasons(Effect("amount", 200, min_spend_minor=1000))
    assert reason.params == {"missing": Money(320, "EUR"), "least": Money(1000, "EUR")}
    assert said(reason) == "This ticket applies from 10.00 EUR. 3.20 EUR more and it applies."


def test_least_spending_counts_only_what_is_covered() -> None:
    (reason,) = reasons(Effect("amount", 200, min_spend_minor=500, variant_ids=(CAKE,)))
    assert reason.key == "items"
    assert reasons(Effect("amount", 200, min_spend_minor=680, variant_ids=(LATTE,))) == ()


def test_only_for_pickup() -> None:
    (reason,) = reasons(Effect("amount", 200, modes=("pickup",)))
    assert said(reason) == "This ticket is only for pickup. Choose pickup."
    assert reasons(Effect("amount", 200, modes=("pickup",)), context=context(mode="pickup")) == ()


def test_from_two_in_the_afternoon_of_the_store() -> None:
    (reason,) = reasons(Effect("amount", 200, hours=("14:00", "17:00")))
    assert reason.key == "hours"
    assert reason.params["from_at"] == datetime(2026, 5, 13, 11, 0, tzinfo=UTC)
    at_two = NOON + timedelta(hours=2)
    assert reasons(Effect("amount", 200, hours=("14:00", "17:00")), now=at_two) == ()
    assert reasons(Effect("amount", 200, hours=("14:00", "17:00")), now=at_two + timedelta(hours=3))[0].params[
        "from_at"
    ] == datetime(2026, 5, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "utc, applies",
    [
        (datetime(2026, 5, 15, 20, 0, tzinfo=UTC), True),  # Friday 23:00 in Helsinki
        (datetime(2026, 5, 15, 22, 30, tzinfo=UTC), True),  # Saturday 01:30 belongs to Friday's night
        (datetime(2026, 5, 16, 20, 0, tzinfo=UTC), False),  # Saturday 23:00
        (datetime(2026, 5, 14, 22, 30, tzinfo=UTC), False),  # Friday 01:30 belongs to Thursday's night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(utc: datetime, applies: bool) -> None:
    assert (
        rules.runs_now(Effect("amount", 1, hours=("22:00", "02:00"), weekdays=(4,)), utc, "Europe/Helsinki") is applies
    )


def test_the_next_time_is_the_next_weekday() -> None:
    friday = rules.next_run(Effect("amount", 1, weekdays=(4,)), NOON, "Europe/Helsinki")
    assert friday == datetime(2026, 5, 14, 21, 0, tzinfo=UTC)


def test_all_reasons_are_given_at_once() -> None:
    effect = Effect("amount", 200, min_spend_minor=1000, modes=("pickup",), hours=("14:00", "17:00"))
    assert [reason.key for reason in reasons(effect, stores=[OTHER])] == ["store", "mode", "hours", "min_spend"]


@pytest.mark.parametrize("state", ["used", "expired", "reserved", "blocked", "refunded", "returned"])
def test_a_voucher_that_is_not_free_says_why(state: str) -> None:
    (reason,) = reasons(Effect("amount", 200), state=state)
    assert reason.key == state and reason.what


def test_an_order_may_use_what_it_keeps_itself() -> None:
    order = UUID(int=9)
    assert reasons(Effect("amount", 200), state="reserved", order_id=order, reserved_for=order) == ()
    assert reasons(Effect("amount", 200), state="reserved", order_id=UUID(int=8), reserved_for=order) != ()


def test_its_end_is_half_open() -> None:
    assert reasons(Effect("amount", 200), valid_until=NOON)[0].key == "expired"
    assert reasons(Effect("amount", 200), valid_until=NOON + timedelta(microseconds=1)) == ()


def test_a_deal_does_not_change_a_price() -> None:
    assert reasons(None)[0].key == "deal"


def test_what_is_wrong_with_a_program_is_told_by_field() -> None:
    wrong = rules.check_program(
        kind="coupon",
        names={"en": " "},
        effect=Effect("percent_bps", 10_001),
        contents=(),
        price_minor=-1,
        limit=0,
        per_person=None,
        uses=1,
        valid_from=NOON,
        valid_until=NOON,
        variant_id=None,
    )
    assert set(wrong) == {"names", "value", "price", "limit", "valid_until"}
