"""The demo city is made by the real operations: everything in it adds up, and it is under way when it is opened."""

from __future__ import annotations

import sqlite3

import pytest

from paseo.capabilities.directory import queries as places
from paseo.capabilities.fulfillment import queries as handovers
from paseo.capabilities.payments import queries as payments
from paseo.kernel.clock import SystemClock
from paseo.platform.audit.checks import run_all
from paseo.platform.outbox.queries import relay as relay_state

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(tmp_path, capsys):
    from demo.fill import build

    counts = build(str(tmp_path / "sandbox.sqlite3"), days=3, per_day=12)
    return counts, tmp_path / "sandbox.sqlite3"


def test_a_city_of_three_days(city):
    counts, books = city
    now = SystemClock().now()
    assert counts["places"] == 480 and counts["shops"] == 27
    assert run_all() == []
    assert relay_state().pending == 0
    assert payments.troubled_refunds(now=now) == []
    captured = sqlite3.connect(books).execute("SELECT COUNT(*) FROM payment WHERE captured_minor <> amount_minor")
    assert captured.fetchone() == (0,)
    # A stranger finds the cafés of the real city by a word in their own language, also misspelled.
    centre = places.store("aamu-roastery").point
    for word in ("咖啡", "café", "Kaffee", "kahvila", "cofee"):
        found = places.search_places(word, point=centre, now=now, limit=60)
        assert [one.card.category for one in found].count("cafe") == 46, word
    board = handovers.board(places.store("aamu-roastery").id, now=now)
    assert board.in_hand >= 2, "the owner finds orders in hand"
    assert len(board.handed_over) >= 3, "and some that are done"
