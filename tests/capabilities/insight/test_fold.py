"""The fold: any way of cutting the log into portions gives the same counts, and they equal a plain recount."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paseo.capabilities.insight import rules
from paseo.capabilities.insight.values import HEADLINE
from paseo.capabilities.journeys.values import ContactView
from paseo.kernel.periods import day_of

NOON = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
STORES = {UUID(int=1): "Europe/Helsinki", UUID(int=2): "Asia/Kolkata"}
POSTERS = [None, UUID(int=11), UUID(int=12)]
VISITORS = [None, UUID(int=21), UUID(int=22), UUID(int=23)]


def contact(seq: int, kind: str, at: datetime, **fields) -> ContactView:
    given = {
        "visitor_id": VISITORS[1],
        "person_id": None,
        "touchpoint_id": None,
        "campaign": "",
        "store_id": UUID(int=1),
        "merchant_id": UUID(int=9),
        "subject_id": None,
        "channel": "web",
    }
    return ContactView(seq=seq, id=UUID(int=1000 + seq), at=at, kind=kind, **{**given, **fields})


def totals(folded: rules.Folded) -> Counter[str]:
    sums: Counter[str] = Counter()
    for bucket, (count, _) in folded.counts.items():
        sums[bucket.measure] += count
    return sums


def fold(*contacts: ContactView) -> rules.Folded:
    return rules.fold(contacts, STORES, {})


@pytest.mark.parametrize(
    "zone, at, hour",
    [
        ("Europe/Helsinki", datetime(2026, 5, 13, 9, 59, 59, tzinfo=UTC), datetime(2026, 5, 13, 9, 0, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 5, 13, 9, 15, tzinfo=UTC), datetime(2026, 5, 13, 8, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 5, 13, 9, 14, tzinfo=UTC), datetime(2026, 5, 13, 8, 15, tzinfo=UTC)),
    ],
)
def test_hours_begin_with_the_clock_of_the_shop(zone: str, at: datetime, hour: datetime) -> None:
    assert rules.hour_of(at, zone) == hour


def test_scan_and_views_of_a_day_are_one_visit() -> None:
    poster = POSTERS[1]
    folded = fold(
        contact(1, "scan", NOON, touchpoint_id=poster),
        contact(2, "view", NOON + timedelta(minutes=1)),
        contact(3, "view", NOON + timedelta(hours=2)),
    )
    assert totals(folded) == {"visit": 1, "scan": 1, "view": 2}
    (visit,) = [bucket for bucket in folded.counts if bucket.measure == "visit"]
    assert visit.touchpoint_id == poster and visit.hour == NOON


def test_another_poster_is_another_visit_and_another_day_too() -> None:
    folded = fold(
        contact(1, "view", NOON),
        contact(2, "scan", NOON, touchpoint_id=POSTERS[1]),
        contact(3, "scan", NOON, touchpoint_id=POSTERS[1]),
        contact(4, "scan", NOON, touchpoint_id=POSTERS[2]),
        contact(5, "view", NOON + timedelta(hours=12, minutes=1)),
    )
    assert totals(folded)["visit"] == 4


def test_an_exposure_is_no_visit_and_strangers_are_one_each() -> None:
    folded = fold(contact(1, "exposure", NOON), *(contact(n, "view", NOON, visitor_id=None) for n in (2, 3)))
    assert totals(folded) == {"exposure": 1, "view": 2, "visit": 2}


def test_what_is_taken_back_is_taken_from_where_it_was_counted() -> None:
    ordered = NOON.isoformat()
    folded = fold(
        contact(1, "order", NOON, amount_minor=1000, extra={"again": True}),
        contact(2, "redemption", NOON + timedelta(hours=1), amount_minor=1000),
        contact(
            3, "return", NOON + timedelta(days=1), amount_minor=300,
            extra={"ordered_at": ordered, "consumed_at": (NOON + timedelta(hours=1)).isoformat(), "again": True},
        ),
    )  # fmt: skip
    by = {(bucket.measure, bucket.hour): sums for bucket, sums in folded.counts.items()}
    assert by == {
        ("order", NOON): (1, 700),
        ("again", NOON): (1, 700),
        ("redemption", NOON + timedelta(hours=1)): (1, 700),
        ("return", NOON + timedelta(days=1)): (1, 300),
    }


def test_a_cancelled_order_leaves_nothing_in_conversion() -> None:
    folded = fold(
        contact(1, "order", NOON, amount_minor=1000),
        contact(
            2, "return", NOON + timedelta(hours=3), amount_minor=1000,
            extra={"ordered_at": NOON.isoformat(), "cancelled": True},
        ),
    )  # fmt: skip
    assert {sums for bucket, sums in folded.counts.items() if bucket.measure == "order"} == {(0, 0)}


contacts = st.builds(
    lambda kind, minutes, visitor, poster, store, amount: (kind, minutes, visitor, poster, store, amount),
    st.sampled_from(["scan", "visit", "view", "search", "exposure", "cart", "order", "redemption", "review"]),
    st.integers(0, 3 * 24 * 60),
    st.sampled_from(VISITORS),
    st.sampled_from(POSTERS),
    st.sampled_from([*STORES, UUID(int=3), None]),
    st.integers(0, 5000),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(contacts, max_size=60), st.lists(st.integers(1, 10), min_size=1, max_size=30))
def test_any_cut_gives_the_recount(raw: list[tuple], cuts: list[int]) -> None:
    log = [
        contact(
            seq, kind, NOON + timedelta(minutes=minutes),
            visitor_id=visitor, touchpoint_id=poster, store_id=store, amount_minor=amount,
        )
        for seq, (kind, minutes, visitor, poster, store, amount) in enumerate(raw)
    ]  # fmt: skip
    whole = rules.fold(log, STORES, {})
    known: rules.KnownDays = {}
    parts: dict[rules.Bucket, tuple[int, int]] = {}
    position = turn = 0
    while position < len(log):
        size = cuts[turn % len(cuts)]
        for bucket, (count, amount) in rules.fold(log[position : position + size], STORES, known).counts.items():
            before = parts.get(bucket, (0, 0))
            parts[bucket] = (before[0] + count, before[1] + amount)
        position, turn = position + size, turn + 1
    assert parts == dict(whole.counts)

    counted = [one for one in log if one.store_id in STORES]
    plain = Counter(one.kind for one in counted if one.kind != "visit")
    # Independently: a visit is a distinct way (poster) of a visitor's day, or one more when it began without.
    ways: dict[tuple, list] = {}
    for one in counted:
        if one.kind in rules.TRAFFIC:
            ways.setdefault((one.visitor_id or one.id, one.store_id, day_of(one.at, STORES[one.store_id])), []).append(
                one.touchpoint_id
            )
    visits = sum(len({way for way in day if way}) + (day[0] is None) for day in ways.values())
    sums = totals(whole)
    assert sums["visit"] == visits
    assert {measure: sums[measure] for measure in plain} == dict(plain)
    amounts = sum(amount for bucket, (_, amount) in whole.counts.items() if bucket.measure == HEADLINE["conversion"])
    assert amounts == sum(one.amount_minor for one in counted if one.kind == "order")
