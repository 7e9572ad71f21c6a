"""An operator sees what is wrong before a customer calls: each trouble, how it begins and how it ends."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.urls import reverse

from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.payments.operations import notices as gateway_notices
from paseo.capabilities.payments.refusals import BadSignature
from paseo.platform.audit import operations as audit
from paseo.platform.audit.checks import Finding
from paseo.platform.jobs import auditing, ticker
from paseo.platform.jobs.models import Schedule
from paseo.platform.outbox.models import Event
from paseo.platform.webhooks.models import Endpoint
from tests.channels.console.conftest import text_of

CITY = "/console/city/"
Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def olli(at_work):
    return at_work("operator", confirmed=True)


def seen(client) -> list[tuple[str, str, str]]:
    return [(one.waits, one.title, one.act.href) for one in client.get(CITY).context["problems"]]


def test_nothing_is_wrong(town, olli):
    assert seen(olli) == []


def test_a_shop_that_does_not_answer(town, clock, olli, comes_in, drain_events):
    first = comes_in("noodles", options=("youpo.mild",), youpo=1)
    drain_events()
    clock.advance(minutes=5)
    assert seen(olli) == [], "five minutes are the shop's"
    clock.advance(minutes=1)
    address = reverse("console:city-order", args=[first.order_id])
    assert seen(olli) == [("6 min", "1 order without an answer, Youpo Noodle House", address)]
    [problem] = olli.get(CITY).context["problems"]
    assert (problem.detail, problem.phone) == ("Nobody there has accepted it yet.", "+35891234567")
    assert 'href="tel:+35891234567"' in olli.get(CITY).content.decode()
    assert olli.get(CITY).context["figures"][3]["number"] == 0, "nothing to repair: somebody has to call"
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    drain_events()
    clock.advance(minutes=5, seconds=1)
    assert seen(olli)[0][1] == "2 orders without an answer, Youpo Noodle House"
    assert seen(olli)[0][2] == f"{reverse('console:city-orders')}#urgent"
    clock.advance(minutes=3)
    assert {title for _, title, _ in seen(olli)} == {
        "1 late order, Youpo Noodle House", "1 order without an answer, Youpo Noodle House",
    }, "late is worse, and said once"  # fmt: skip
    ordering.accept(order_id=first.order_id, actor="person:staff", now=clock.now())


def test_no_worker(town, clock, olli, comes_in, drain_events):
    ticker.run_once(clock.now())
    drain_events()
    clock.advance(minutes=2)
    assert seen(olli) == []
    clock.advance(seconds=1)
    assert seen(olli) == [("2 min", "No worker is running", reverse("console:events"))]
    ticker.run_once(clock.now())
    assert [title for _, title, _ in seen(olli)] == []


def test_nobody_ever_started_a_worker(town, clock, olli, comes_in):
    comes_in("cafe", bun=1)
    clock.advance(minutes=6)
    assert [title for _, title, _ in seen(olli)] == ["No worker is running"]


def test_a_worker_that_does_not_keep_up(town, clock, olli, comes_in):
    comes_in("cafe", bun=1)
    clock.advance(minutes=6)
    Schedule.objects.create(name="payments.send_refunds", next_at=clock.now(), started_at=clock.now())
    [(waits, title, _)] = seen(olli)
    assert (waits, title) == ("6 min", "Events are delivered late")
    pending = Event.objects.filter(dispatched_at__isnull=True).count()
    assert olli.get(CITY).context["problems"][0].detail == f"{pending} events wait."


def test_a_regular_task_that_fails(town, clock, olli):
    Schedule.objects.create(
        name="payments.send_refunds", next_at=clock.now(), started_at=clock.now(), failures=3, failed_at=clock.now(),
        error="Traceback\nOSError: away",
    )  # fmt: skip
    assert seen(olli) == [("0 min", "A regular task fails", f"{reverse('console:events')}#jobs")]
    assert olli.get(CITY).context["problems"][0].detail == "payments.send_refunds: OSError: away"


def test_the_disk_is_nearly_full(town, olli, settings, monkeypatch):
    settings.PASEO = {**settings.PASEO, "DISK_FLOOR_MB": 1_000}
    free = {"bytes": 1_000_000_000}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**11, 10**11 - free["bytes"], free["bytes"]))
    assert seen(olli) == []
    free["bytes"] -= 1
    assert seen(olli) == [("now", "The disk is nearly full", f"{reverse('console:audit')}#keeping")]
    assert olli.get(CITY).context["problems"][0].detail.startswith("999 MB are left.")
    assert "1000.0 MB" in text_of(olli.get(reverse("console:audit")))


def test_a_backup_that_is_missing_or_old(town, clock, olli, settings):
    from paseo.platform.tenancy.models import Tenant

    settings.PASEO = {**settings.PASEO, "BACKUP_DAYS": 2}
    begun = clock.now() - timedelta(days=2)
    Tenant.objects.filter(id=town.operator_id).update(created_at=begun)
    assert seen(olli) == [], "a new installation has two days"
    Tenant.objects.filter(id=town.operator_id).update(created_at=begun - timedelta(seconds=1))
    assert seen(olli) == [("2 days", "There is no backup", f"{reverse('console:audit')}#keeping")]
    told = {"file": "/safe/paseo.tar.gz", "bytes": 2_700_000}
    audit.record("system", "backup.made", "installation", after=told, at=begun - timedelta(hours=1))
    assert [title for _, title, _ in seen(olli)] == ["The last backup is old"]
    audit.record("system", "backup.made", "installation", after=told, at=clock.now())
    assert seen(olli) == []
    text = text_of(olli.get(reverse("console:audit")))
    assert "Last backup 0 min ago" in text
    assert "2.7 MB" in text
    assert "/safe/paseo.tar.gz" in text


def test_what_the_auditor_found_by_itself(town, clock, olli, monkeypatch):
    from paseo.platform.audit import checks

    found = [Finding("ledger.transfers_sum_to_zero", "transfer:1", "Its entries add up to 5 EUR, not zero.")]
    monkeypatch.setattr(checks, "run_all", lambda: found)
    auditing.look_at_everything.call()
    assert seen(olli) == [("0 min", "The auditor found something", f"{reverse('console:audit')}#auditor")]
    text = text_of(olli.get(reverse("console:audit")))
    assert "Its entries add up to 5 EUR, not zero." in text
    assert "Paseo itself" in text
    monkeypatch.setattr(checks, "run_all", lambda: [])
    olli.post(reverse("console:audit-run"))
    assert seen(olli) == []


def test_the_auditor_looks_once_a_day(town, clock, drain_events):
    from django_tasks_db.models import DBTaskResult

    from paseo.platform.audit.queries import last_look

    def asked() -> int:
        ticker.run_once(clock.now())
        waiting = DBTaskResult.objects.filter(task_path=auditing.look_at_everything.module_path)
        count = waiting.count()
        waiting.delete()
        return count

    assert asked() == 1
    clock.advance(hours=23)
    assert asked() == 0
    clock.advance(hours=1)
    assert asked() == 1
    drain_events()
    auditing.look_at_everything.call()
    assert (last_look().count, last_look().actor, last_look().at) == (0, "system", clock.now())


def test_a_payment_service_whose_messages_are_refused(town, clock, olli, client, monkeypatch, drain_events):
    drain_events()
    monkeypatch.setattr(gateway_notices, "_refused_at", {})

    def knock():
        return client.post("/hooks/payments/sandbox", b"{}", content_type="application/json")

    assert knock().status_code == 401
    page = f"{reverse('console:events')}#money"
    assert seen(olli) == [("0 min", "Messages of a payment service are refused", page)]
    clock.advance(minutes=50)
    knock()
    clock.advance(minutes=50)
    assert seen(olli) == [("1 h", "Messages of a payment service are refused", page)], "since the first of them"
    clock.advance(minutes=11)
    assert seen(olli) == [], "nobody knocks any more"


def test_knocking_costs_nothing(town, clock, db, monkeypatch):
    from paseo.platform.db.unit import sql_count

    monkeypatch.setattr(gateway_notices, "_refused_at", {})

    def knock() -> int:
        with sql_count() as sql, pytest.raises(BadSignature):
            gateway_notices.read_notice(gateway="sandbox", headers={}, body=b"{}", now=clock.now())
        return int(sql.count)

    assert knock() > 0
    clock.advance(seconds=9)
    assert knock() == 0


def test_a_program_that_takes_no_events(town, clock, olli, drain_events):
    drain_events()
    now = clock.now()
    merchant = town.merchants["cafe"]
    told = {
        "tenant_id": merchant,
        "tenant_kind": "merchant",
        "types": ["ordering.*"],
        "created_at": now,
        "next_at": now,
    }
    Endpoint.objects.create(name="Kitchen screen", url="https://kitchen.example/hook", failing_since=now, **told)
    Endpoint.objects.create(name="Asked off", url="https://x.example/", state="off", off_because="asked", **told)
    clock.advance(minutes=60)
    assert seen(olli) == []
    clock.advance(seconds=1)
    page = f"{reverse('console:events')}#webhooks"
    assert seen(olli) == [("1 h", "1 program of a firm takes no events", page)]
    assert olli.get(CITY).context["problems"][0].detail == "Aamu Paahtimo Oy"
    text = text_of(olli.get(reverse("console:events")))
    assert "Kitchen screen" in text
    assert "kitchen.example" in text
    assert "Asked off" not in text


def test_support_sees_only_what_support_can_do_something_about(town, clock, at_work, comes_in, drain_events, now):
    from paseo.platform.identity import operations as identity
    from paseo.platform.tenancy import operations as tenancy

    someone = identity.person_for_email(email="support@example.com", name="Sari", now=now)
    tenancy.grant(person_id=someone, tenant_id=town.operator_id, role="operator_support", now=now, by=None)
    comes_in("noodles", options=("youpo.mild",), youpo=1)
    clock.advance(minutes=6)
    titles = [title for _, title, _ in seen(at_work(someone, confirmed=True))]
    assert titles == ["1 order without an answer, Youpo Noodle House"]
