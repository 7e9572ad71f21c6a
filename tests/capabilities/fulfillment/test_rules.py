"""Plates and promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from paseo.capabilities.fulfillment.rules import plate_text, promise_after, wait_for_queue
from paseo.capabilities.fulfillment.rules.plates import MOST

START = datetime(2026, 5, 13, 9, 0, 20, tzinfo=UTC)


def test_plates_have_three_characters_and_are_all_different() -> None:
    plates = [plate_text(number) for number in range(1, MOST + 1)]
    assert len(set(plates)) == MOST == 22_983
    assert {len(plate) for plate in plates} == {3}
    assert not set("IO") & set("".join(plates))
    samples = (1, 47, 999, 1000, 3399, 3400, 9159, 9160, MOST)
    assert [plates[number - 1] for number in samples] == ["001", "047", "999", "A00", "Z99", "AA0", "ZZ9", "AAA", "ZZZ"]


@pytest.mark.parametrize("number", [0, MOST + 1])
def test_there_are_no_more(number: int) -> None:
    with pytest.raises(ValueError):
        plate_text(number)


@pytest.mark.parametrize("in_hand, minutes", [(0, 0), (3, 0), (4, 5), (8, 10), (11, 10)])
def test_a_queue_makes_longer(in_hand: int, minutes: int) -> None:
    assert wait_for_queue(in_hand, 10) == timedelta(minutes=minutes)


def test_a_promise_is_a_whole_minute_and_never_earlier() -> None:
    assert promise_after(START, 0, 10) == datetime(2026, 5, 13, 9, 11, tzinfo=UTC)
    assert promise_after(START.replace(second=0), 4, 10) == datetime(2026, 5, 13, 9, 15, tzinfo=UTC)
