"""What runs in the background: seen, repaired, dismissed; files with shops; the book and the auditor."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from paseo.capabilities.directory import queries as places
from paseo.kernel.ids import new_id
from paseo.platform.audit import checks
from paseo.platform.audit import operations as audit
from paseo.platform.audit.checks import Finding
from paseo.platform.db.unit import unit
from paseo.platform.importing import operations as importing
from paseo.platform.importing import queries as runs
from paseo.platform.jobs.models import Schedule
from paseo.platform.notices.models import Delivery, Notice
from paseo.platform.outbox import queries as outbox
from tests.channels.console.city_troubles import dead_letter, try_again
from tests.channels.console.conftest import text_of

EVENTS, AUDIT = "/console/city/events/", "/console/city/audit/"
CSV = "name,lat,lon,category\nKirjakulma,60.171,24.941,books\nNowhere,x,24.9,books\n"


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


@pytest.fixture
def letter(clock, comes_in):
    placed = comes_in("noodles", options=("youpo.mild",), youpo=1)
    return placed.order_id, dead_letter(placed.order_id, clock.now())


def test_a_quiet_page(town, olli):
    text = text_of(olli.get(EVENTS))
    assert "Every event has arrived where it belongs." in text
    assert "no worker delivers" in text
    assert "ordering.finish_stuck" in text
    assert "every 30 s" in text
    assert "has not run yet" in text
    assert "No file was handed in yet." in text


def test_a_dead_letter_with_its_error_and_its_body_is_repaired(town, clock, olli, letter):
    order_id, failure = letter
    response = olli.get(EVENTS)
    text = text_of(response)
    for words in (
        "ordering.order_confirmed", "insight.attribute_order", "the counting house is closed", "tried 8 times",
        "Chang&#x27;an Nuudelit Oy", "Traceback", f"{order_id}", "Open the order", "Try it again", "Dismiss",
    ):  # fmt: skip
        assert words in text, words
    act = reverse("console:event-retry", args=[failure])
    assert [olli.post(act).status_code for _ in range(2)] == [303, 303]
    assert outbox.dead_letters() == []
    assert [one.id for one in outbox.waiting()] == [failure]
    try_again(clock.now())
    assert outbox.waiting() == []
    assert olli.post(reverse("console:event-retry", args=[new_id()])).status_code == 404


def test_all_of_them_at_once(town, clock, olli, comes_in):
    for _ in range(2):
        dead_letter(comes_in("noodles", options=("youpo.mild",), youpo=1).order_id, clock.now())
    assert "Try all 2 again" in text_of(olli.get(EVENTS))
    assert olli.post(reverse("console:events-retry")).status_code == 303
    assert outbox.dead_letters() == []
    assert "2 events are tried again within seconds." in text_of(olli.get(EVENTS))
    assert olli.post(reverse("console:events-retry")).status_code == 303


def test_dismissing_needs_a_reason(town, olli, letter):
    _, failure = letter
    act = reverse("console:event-dismiss", args=[failure])
    response = olli.post(act, {"reason": " "})
    assert response.status_code == 422
    assert "Say why this event is not needed." in text_of(response)
    assert f'aria-describedby="error-{failure}"' in response.content.decode()
    assert [olli.post(act, {"reason": "The order was a test."}).status_code for _ in range(2)] == [303, 303]
    assert outbox.dead_letters() == []


def test_a_failing_task_and_a_letter_that_did_not_go_out(town, clock, olli, now):
    Schedule.objects.create(
        name="insight.fold", next_at=now, finished_at=now, failed_at=now, runs=5, failures=3, milliseconds=12,
        error="Traceback\nValueError: no such shop",
    )  # fmt: skip
    notice = Notice.objects.create(kind="ordering.ready", params={}, created_at=now)
    delivery = Delivery.objects.create(
        notice=notice,
        channel="email",
        locale="en",
        state=Delivery.State.FAILED,
        attempts=8,
        error="421 try later",
        due_at=now,
    )
    text = text_of(olli.get(EVENTS))
    assert "failed 3 times" in text
    assert "ValueError: no such shop" in text
    assert "421 try later" in text
    titles = [one.title for one in olli.get("/console/city/").context["problems"]]
    assert sorted(titles) == ["A message did not go out", "A regular task fails"]
    assert olli.post(reverse("console:message-again", args=[delivery.id])).status_code == 303
    delivery.refresh_from_db()
    assert delivery.state != Delivery.State.FAILED


def test_the_changing_part(town, olli, letter):
    part = olli.get(EVENTS, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="live"')
    assert "<html" not in part


def test_shops_from_a_file(town, clock, olli, settings, tmp_path):
    settings.VAR = tmp_path
    page = reverse("console:city-import")
    wrong = olli.post(page, {"file": SimpleUploadedFile("shops.xlsx", b"PK\x03\x04 not a sheet")})
    assert wrong.status_code == 422
    assert "cannot be read" in text_of(wrong)
    assert olli.post(page, {}).status_code == 422
    response = olli.post(page, {"file": SimpleUploadedFile("shops.csv", CSV.encode())})
    assert response.status_code == 303
    columns = response["Location"]
    form = olli.get(columns)
    assert "Kirjakulma" in text_of(form)
    said = {
        "category": "other", "country": "FI", "language": "en", "f-name": "name", "f-lat": "lat", "f-lon": "lon",
        "f-category": "category", "key": "one", "act": "trial",
    }  # fmt: skip
    assert olli.post(columns, {**said, "f-name": ""}).status_code == 422
    trials = [olli.post(columns, said)["Location"] for _ in range(2)]
    assert trials[0] == trials[1], "two presses are one run"
    run = runs.runs(None)[0]
    importing.carry_out(run.id, clock.now())
    text = text_of(olli.get(trials[0]))
    assert "Would be new" in text
    assert "Go on with these columns" in text
    real = olli.post(columns, {**said, "act": "run"})["Location"]
    importing.carry_out(runs.runs(None)[0].id, clock.now())
    done = olli.get(real)
    assert (done.context["report"]["created"], done.context["report"]["refused"]) == (1, 1)
    file = olli.get(reverse("console:city-import-refusals", args=[runs.runs(None)[0].id]))
    assert b"Nowhere" in b"".join(file.streaming_content)
    assert "Kirjakulma" in [merchant.legal_name for merchant in places.merchants(operator_id=town.operator_id)]
    assert olli.get(reverse("console:city-import-columns", args=["forged"])).status_code == 404


def test_the_book_by_actor_action_and_firm(town, olli, now):
    with unit():
        for number in range(60):
            audit.record(f"person:{town.people['owner']}", "prices.set", f"price:{number}", tenant_id=town.merchants["cafe"],
                         why="Friday" if number == 59 else "", before={"minor": 1}, after={"minor": 2}, at=now)  # fmt: skip
    response = olli.get(AUDIT, {"action": "prices."})
    assert len(response.context["rows"]) == 50
    text = text_of(response)
    assert "Elina Laine" in text
    assert "Aamu Paahtimo Oy" in text
    assert "Friday" in text
    assert "1 → 2" in text
    rest = olli.get(AUDIT + response.context["more_href"], headers={"HX-Request": "true"})
    assert len(rest.context["rows"]) == 10
    assert "<html" not in rest.content.decode()
    row = response.context["rows"][0]
    for href in (row["actor_href"], row["action_href"], row["firm_href"]):
        assert len(olli.get(AUDIT + href).context["rows"]) == 50
    assert olli.get(AUDIT, {"tenant": str(town.merchants["grocer"]), "action": "prices."}).context["rows"] == []


def test_the_auditor_is_silent_or_tells(town, olli, monkeypatch):
    assert olli.post(reverse("console:audit-run")).status_code == 303
    count = len(checks.auditors())
    text = text_of(olli.get(AUDIT))
    assert f"All {count} checks are silent." in text
    assert "12:00" in text
    finding = Finding("ledger.transfers_sum_to_zero", "transfer:1", "A transfer does not add up.")
    monkeypatch.setattr(checks, "run_all", lambda: [finding] * 250)
    olli.post(reverse("console:audit-run"))
    response = olli.get(AUDIT)
    text = text_of(response)
    assert "250 findings" in text
    assert "A transfer does not add up." in text
    assert "Only the first ones are shown." in text
    assert len(response.context["look"]["findings"]) == 100
    assert "Ran the auditor" in text
    assert "The auditor found 250 things" in text_of(olli.get("/console/city/"))
