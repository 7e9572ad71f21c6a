"""Modes: what may be declared, and that every order gets exactly one answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from paseo.capabilities.directory.models.touchpoints import TOUCHPOINT_KINDS
from paseo.capabilities.journeys import modes
from paseo.capabilities.journeys.modes import MODE_KEYS, MODES, REASONS, Met, Mode, Step, check, classify

FIRSTS = [None, *(Met(kind, stands) for kind, stands in product([*TOUCHPOINT_KINDS, ""], [True, False]))]


def test_what_is_declared() -> None:
    assert {mode.key: [(step.key, step.where) for step in mode.steps] for mode in MODES} == {
        "online_offline": [("found", "online"), ("ordered", "online"), ("consumed", "offline")],
        "offline_online": [("met", "offline"), ("led", "online"), ("ordered", "online"), ("received", "offline")],
        "online_offline_online": [("ordered", "online"), ("received", "offline"), ("again", "online")],
    }
    assert [(mode.begins, mode.returns) for mode in MODES] == [
        ("online", False), ("offline", False), ("online", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "first, again, mode, reason",
    [
        (None, False, "online_offline", "direct"),
        (Met("link", False), False, "online_offline", "by_link"),
        (Met("link", True), False, "online_offline", "by_link"),
        (Met("", False), False, "online_offline", "unknown"),
        (Met("qr_poster", True), False, "offline_online", "in_place"),
        (Met("label", True), False, "offline_online", "in_place"),
        (Met("nfc", True), False, "offline_online", "in_place"),
        (Met("screen", True), False, "offline_online", "in_place"),
        (Met("qr_poster", False), False, "offline_online", "on_paper"),
        (None, True, "online_offline_online", "again"),
        (Met("qr_poster", True), True, "online_offline_online", "again"),
        (Met("link", False), True, "online_offline_online", "again"),
    ],
)
def test_the_table(first: Met | None, again: bool, mode: str, reason: str) -> None:
    found = classify(first, again=again)
    assert (found.mode, found.reason) == (mode, reason)
    assert found.words == REASONS[found.reason]


def test_every_combination_has_one_answer_and_each_is_given() -> None:
    found = {(first, again): classify(first, again=again) for first in FIRSTS for again in (False, True)}
    assert len(found) == 26
    assert {one.mode for one in found.values()} == set(MODE_KEYS)
    assert {one.reason for one in found.values()} == set(REASONS)
    for (first, again), one in found.items():
        assert one == classify(first, again=again, modes=tuple(reversed(MODES)))
        assert (one.mode == "online_offline_online") == again
        if not again:
            assert (one.mode == "offline_online") == (first is not None and first.kind in modes.THINGS)


def test_every_kind_of_touchpoint_is_a_thing_or_a_link() -> None:
    assert modes.THINGS | {"link"} == set(TOUCHPOINT_KINDS)


def _with(place: int, **changes: object) -> list[Mode]:
    return [replace(mode, **changes) if at == place else mode for at, mode in enumerate(MODES)]  # type: ignore[arg-type]


ONLINE = Step("ordered", "online", ("order",), "Ordered")
OFFLINE = Step("received", "offline", ("redemption",), "Received")


@pytest.mark.parametrize(
    "declared, words",
    [
        ([], "need a key"),
        (_with(0, key="offline_online"), "need a key of their own"),
        (_with(0, key=""), "need a key of their own"),
        (_with(0, steps=()), "need a key of their own"),
        (_with(0, steps=(ONLINE, ONLINE, OFFLINE)), "need a key of their own"),
        (_with(0, steps=(ONLINE,)), "at least one step online and one offline"),
        (_with(0, steps=(OFFLINE,)), "at least one step online and one offline"),
        (_with(0, steps=(ONLINE, replace(OFFLINE, where="elsewhere"))), "neither online nor offline"),  # type: ignore[arg-type]
        (_with(0, steps=(ONLINE, replace(OFFLINE, contacts=("redemption", "wink")))), "no known contact: \\['wink'\\]"),
        (_with(0, steps=(ONLINE, replace(OFFLINE, contacts=()))), "no known contact"),
        (_with(0, steps=(OFFLINE, replace(ONLINE, contacts=("view",)))), "Begun online, again False: 0 modes"),
        (_with(0, steps=MODES[2].steps), "Begun online, again False: 0 modes"),
        ([*MODES, replace(MODES[1], key="another")], "Begun offline, again False: 2 modes"),
        (MODES[:2], "again True: 0 modes"),
    ],
)
def test_what_is_no_mode_is_refused(declared: list[Mode], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(declared)


def test_another_declaration_answers_by_itself() -> None:
    declared = _with(1, key="from_the_shelf", steps=(replace(OFFLINE, key="met", contacts=("scan",)), ONLINE))
    check(declared)
    assert classify(Met("label", True), again=False, modes=declared).mode == "from_the_shelf"
