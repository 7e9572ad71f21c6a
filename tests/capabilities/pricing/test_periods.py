from __future__ import annotations

from datetime import UTC, datetime

import pytest

from paseo.capabilities.pricing.rules import Change, Span, plan_price
from paseo.kernel.ids import stable_id

BASE, NEXT, SALE = (stable_id("price", name) for name in ("base", "next", "sale"))


def day(n: int) -> datetime:
    return datetime(2026, 5, n, tzinfo=UTC)


OPEN = [Span(BASE, 420, day(1), None)]
PLANNED = [Span(BASE, 420, day(1), day(10)), Span(NEXT, 450, day(10), None)]
ON_SALE = [Span(BASE, 420, day(1), day(5)), Span(SALE, 300, day(5), day(8)), Span(NEXT, 420, day(8), None)]


@pytest.mark.parametrize(
    ("existing", "minor", "start", "until", "change"),
    [
        ([], 420, 3, None, Change()),
        ([], 300, 3, 5, Change(until=day(5))),
        (OPEN, 450, 3, None, Change(close=BASE)),
        (OPEN, 420, 3, None, Change(unchanged=True)),
        (OPEN, 450, 1, None, Change(replace=BASE)),
        (PLANNED, 430, 3, None, Change(close=BASE, until=day(10))),
        (PLANNED, 430, 10, None, Change(replace=NEXT)),
        (PLANNED, 430, 12, None, Change(close=NEXT)),
        (OPEN, 300, 3, 5, Change(close=BASE, until=day(5), resume=420, resume_from=day(5))),
        (PLANNED, 300, 3, 5, Change(close=BASE, until=day(5), resume=420, resume_from=day(5), resume_until=day(10))),
        (PLANNED, 300, 3, 10, Change(close=BASE, until=day(10))),
        (PLANNED, 300, 3, 12, Change(overlapping=(NEXT,))),
        (ON_SALE, 290, 6, 9, Change(overlapping=(NEXT,))),
        (ON_SALE, 290, 4, 6, Change(overlapping=(SALE,))),
        (ON_SALE, 290, 5, 8, Change(replace=SALE)),
        (ON_SALE, 290, 5, 7, Change(overlapping=(SALE,))),
        (ON_SALE, 310, 6, None, Change(close=SALE, until=day(8))),
        ([Span(SALE, 300, day(5), day(8))], 290, 6, 9, Change(overlapping=(SALE,))),
        ([Span(SALE, 300, day(5), day(8))], 290, 6, None, Change(close=SALE)),
    ],
)
def test_how_a_new_price_fits(existing, minor, start, until, change):
    assert plan_price(existing, minor, day(start), day(until) if until else None) == change
