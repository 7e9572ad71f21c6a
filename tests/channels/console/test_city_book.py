"""The book of who did what: in words, by kind of deed, day, person, firm and thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from paseo.channels.console.city import deeds
from paseo.platform.audit.operations import record
from tests.channels.console.conftest import text_of

BOOK = "/console/city/audit/"


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def written(town, now):
    """Three deeds on three days, the last one today."""
    elina, merchant = f"person:{town.people['owner']}", town.merchants["cafe"]
    days = [now - timedelta(days=2), now - timedelta(days=1), now]
    record(elina, "tenancy.hired", f"person:{town.people['aino']}", tenant_id=merchant, at=days[0])
    record("system", "backup.made", "installation", after={"bytes": 5}, at=days[1])
    what = f"merchant:{merchant}"
    record(f"person:{town.people['operator']}", "merchant.suspend", what, tenant_id=merchant, why="Dirt.", at=days[2])
    return merchant


def deeds_of(response) -> list[str]:
    return [row["entry"].action for row in response.context["rows"]]


def test_in_words_with_its_reason_and_the_way_there(town, olli, written):
    response = olli.get(BOOK)
    assert deeds_of(response)[:3] == ["merchant.suspend", "backup.made", "tenancy.hired"]
    text = text_of(response)
    for words in (
        "Suspended a merchant",
        "Dirt.",
        "Made a backup",
        "Paseo itself",
        "Gave somebody a role",
        "Elina Laine",
    ):
        assert words in text, words
    assert reverse("console:city-merchant", args=[written]) in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"action": "tenancy."}, ["tenancy.hired"]),
        ({"action": "merchant.suspend"}, ["merchant.suspend"]),
        ({"action": "nothing."}, []),
        ({"from": "2026-05-12"}, ["merchant.suspend", "backup.made"]),
        ({"from": "2026-05-12", "to": "2026-05-12"}, ["backup.made"]),
        ({"to": "2026-05-11", "action": "tenancy."}, ["tenancy.hired"]),
        ({"from": "2026-05-12", "to": "2026-05-10"}, []),
        ({"actor": "system", "action": "backup."}, ["backup.made"]),
        ({"subject": "installation"}, ["backup.made"]),
    ],
)
def test_filters(town, olli, written, asked, found):
    own = {"merchant.suspend", "backup.made", "tenancy.hired"}
    assert [one for one in deeds_of(olli.get(BOOK, asked)) if one in own] == found


def test_a_day_that_is_none_is_left_out(town, olli, written):
    assert deeds_of(olli.get(BOOK, {"from": "yesterday", "action": "backup."})) == ["backup.made"]


def test_what_is_chosen_can_be_taken_away_and_stays_on_the_next_page(town, olli, written):
    response = olli.get(BOOK, {"actor": "system", "action": "backup."})
    assert response.context["chosen"] == [("Paseo itself", "?action=backup.")]
    text = response.content.decode()
    assert '<option value="backup." selected>' in text
    assert '<input type="hidden" name="actor" value="system">' in text


def test_a_single_deed_stands_among_the_kinds(town, olli, written):
    text = olli.get(BOOK, {"action": "merchant.suspend"}).content.decode()
    assert '<option value="merchant.suspend" selected>Suspended a merchant</option>' in text


def test_every_word_belongs_to_a_kind():
    kinds = tuple(key for key, _ in deeds.GROUPS)
    assert [action for action in deeds.WORDS if not action.startswith(kinds)] == []


@pytest.mark.parametrize(
    ("subject", "ends"),
    [
        ("order:6f1f7f3e-0000-7000-8000-000000000001", "/orders/6f1f7f3e-0000-7000-8000-000000000001/"),
        ("person:6f1f7f3e-0000-7000-8000-000000000001", "/people/6f1f7f3e-0000-7000-8000-000000000001/"),
        ("merchant:nonsense", ""),
        ("installation", ""),
        ("key:6f1f7f3e-0000-7000-8000-000000000001", ""),
    ],
)
def test_where_a_thing_is(subject, ends):
    found = deeds.page_of(subject)
    assert found.endswith(ends) if ends else found == ""
