"""Contacts, links between visitors and persons, touches, and forgetting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError

from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.journeys import queries, rules
from paseo.capabilities.journeys.models import Contact, IdentityLink
from paseo.capabilities.journeys.operations import recording
from paseo.capabilities.journeys.privacy import export
from paseo.capabilities.journeys.values import NewContact
from paseo.kernel.ids import new_id
from paseo.platform.consent import operations as consent
from paseo.platform.db.unit import sql_count
from paseo.platform.outbox import queries as outbox

pytestmark = pytest.mark.django_db

STORE, OTHER, POSTER, LINK = (UUID(int=number) for number in range(1, 5))
PHONE, LAPTOP = UUID(int=10), UUID(int=11)
ANNA, BEN = UUID(int=20), UUID(int=21)


@pytest.fixture
def agreed(now: datetime) -> None:
    for person in (ANNA, BEN):
        consent.give(purpose="journey", person_id=person, locale="en", now=now)


def scan(visitor: UUID, at: datetime, touchpoint: UUID = POSTER, store: UUID | None = STORE, **more) -> UUID | None:
    return journeys.record("scan", now=at, visitor_id=visitor, touchpoint_id=touchpoint, store_id=store, **more)


def kinds(**whose: UUID) -> list[str]:
    return [contact.kind for contact in queries.path(**whose)]


def test_a_contact_is_one_insert(now: datetime) -> None:
    with sql_count() as sql:
        scan(PHONE, now)
    inserts = [statement for statement in sql.all if statement.startswith("INSERT")]
    assert len(inserts) == 1 and all("SAVEPOINT" in other for other in sql.all if other not in inserts), sql.all


def test_the_same_contact_counts_once(now: datetime) -> None:
    contact_id = new_id()
    assert scan(PHONE, now, contact_id=contact_id) == scan(PHONE, now, contact_id=contact_id) == contact_id
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    "agent",
    ["", "Googlebot/2.1", "facebookexternalhit/1.1", "curl/8.4", "WhatsApp/2.23", "HeadlessChrome/120", "Bytespider"],
)
def test_programs_leave_no_contact(agent: str, now: datetime) -> None:
    assert scan(PHONE, now, user_agent=agent) is None
    assert not Contact.objects.exists()


def test_people_do(now: datetime) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
    assert scan(PHONE, now, user_agent=agent) is not None
    assert not rules.is_automatic("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0")


def test_a_scan_survives_a_stream_that_cannot_be_written(
    now: datetime, monkeypatch: pytest.MonkeyPatch, drain_events: Callable[[], int]
) -> None:
    def broken(contacts: object) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(recording, "write", broken)
        journeys.record("view", now=now, visitor_id=PHONE, store_id=STORE)
        contact_id = scan(PHONE, now, campaign="spring")
    assert not Contact.objects.exists()
    drain_events()
    contact = Contact.objects.get()
    assert (contact.id, contact.kind, contact.at, contact.campaign, contact.touchpoint_id) == (
        contact_id, "scan", now, "spring", POSTER,
    )  # fmt: skip


def test_joining_needs_consent(now: datetime) -> None:
    scan(PHONE, now)
    assert journeys.link(visitor_id=PHONE, person_id=ANNA, now=now) is False
    assert kinds(person_id=ANNA) == []


def test_two_devices_become_one_path_and_come_apart_again(now: datetime, agreed: None) -> None:
    scan(PHONE, now)
    journeys.record("view", now=now + timedelta(minutes=5), visitor_id=LAPTOP, store_id=STORE)
    before = [queries.path(visitor_id=PHONE), queries.path(visitor_id=LAPTOP)]
    for visitor in (PHONE, LAPTOP):
        assert journeys.link(visitor_id=visitor, person_id=ANNA, now=now + timedelta(hours=1))
        assert journeys.link(visitor_id=visitor, person_id=ANNA, now=now + timedelta(hours=2))
    assert kinds(person_id=ANNA) == ["scan", "view"]
    assert queries.visitors_of(ANNA) == [PHONE, LAPTOP]
    assert journeys.unlink(visitor_id=LAPTOP, person_id=ANNA, now=now + timedelta(hours=3)) == 1
    assert kinds(person_id=ANNA) == ["scan"]
    assert [queries.path(visitor_id=PHONE), queries.path(visitor_id=LAPTOP)] == before
    history = [(link.visitor_id, link.active) for link in queries.links(person_id=ANNA)]
    assert history == [(PHONE, True), (LAPTOP, False)]


def test_withdrawn_consent_splits(now: datetime, agreed: None, drain_events: Callable[[], int]) -> None:
    scan(PHONE, now)
    journeys.link(visitor_id=PHONE, person_id=ANNA, now=now)
    consent.withdraw(purpose="journey", person_id=ANNA, locale="en", now=now)
    drain_events()
    assert kinds(person_id=ANNA) == [] and kinds(visitor_id=PHONE) == ["scan"]
    assert [event.type for event in outbox.events_of(f"person:{ANNA}")][-1] == "journeys.visitor_unlinked"


def test_a_shared_device_is_two_paths(now: datetime, agreed: None) -> None:
    scan(PHONE, now)
    journeys.link(visitor_id=PHONE, person_id=ANNA, now=now + timedelta(minutes=1))
    journeys.record("view", now=now + timedelta(minutes=2), visitor_id=PHONE, store_id=STORE)
    journeys.link(visitor_id=PHONE, person_id=BEN, now=now + timedelta(minutes=3))
    journeys.record("cart", now=now + timedelta(minutes=4), visitor_id=PHONE, store_id=STORE)
    assert kinds(person_id=ANNA) == ["scan", "view"]
    assert kinds(person_id=BEN) == ["cart"]


def test_first_and_last_touch_in_one_statement(now: datetime, agreed: None) -> None:
    scan(PHONE, now - timedelta(days=31), LINK)
    scan(PHONE, now - timedelta(days=3), POSTER, campaign="spring")
    scan(LAPTOP, now - timedelta(days=1), LINK)
    scan(LAPTOP, now - timedelta(hours=1), UUID(int=9), store=OTHER)
    journeys.record("view", now=now, visitor_id=PHONE, store_id=STORE)
    journeys.link(visitor_id=PHONE, person_id=ANNA, now=now)
    journeys.link(visitor_id=LAPTOP, person_id=ANNA, now=now)
    with sql_count() as sql:
        touches = queries.touches(PHONE, ANNA, now, store_id=STORE)
    assert sql.count == 1
    assert touches.first and touches.last
    assert (touches.first.touchpoint_id, touches.first.campaign) == (POSTER, "spring")
    assert touches.last.touchpoint_id == LINK
    alone = queries.last_touch(PHONE, None, now, store_id=STORE)
    assert alone and alone.touchpoint_id == POSTER
    assert queries.last_touch(None, None, now) is None
    assert queries.last_touch(PHONE, None, now - timedelta(days=20), window_days=5) is None


def test_a_touch_of_the_whole_city_counts_everywhere(now: datetime) -> None:
    scan(PHONE, now, store=None)
    assert queries.last_touch(PHONE, None, now, store_id=OTHER)


def test_old_contacts_lose_their_visitor_but_not_their_count(now: datetime, agreed: None) -> None:
    for hour in (0, 1):
        scan(PHONE, now - timedelta(days=10, hours=hour))
    scan(PHONE, now - timedelta(days=10), store=OTHER)
    scan(PHONE, now)
    journeys.link(visitor_id=PHONE, person_id=ANNA, now=now)
    assert journeys.anonymize_before(before=now - timedelta(days=5)) == 3
    assert journeys.anonymize_before(before=now - timedelta(days=5)) == 0
    assert len(queries.path(visitor_id=PHONE)) == 1
    old = list(Contact.objects.filter(anonymous=True).order_by("seq").values_list("visitor_id", flat=True))
    assert old[0] == old[1] != old[2] and PHONE not in old
    assert IdentityLink.objects.exists()


def test_a_day_is_forgotten_whole(now: datetime) -> None:
    scan(PHONE, now - timedelta(hours=1))
    scan(PHONE, now + timedelta(hours=1))
    assert journeys.anonymize_before(before=now) == 0


def test_erasing_a_person_leaves_counts_only(now: datetime, agreed: None) -> None:
    scan(PHONE, now)
    journeys.link(visitor_id=PHONE, person_id=ANNA, now=now)
    journeys.record("order", now=now, visitor_id=PHONE, person_id=ANNA, store_id=STORE, subject_id=new_id())
    assert [contact["kind"] for contact in export(ANNA)["contacts"]] == ["scan", "order"]
    assert journeys.forget_person(person_id=ANNA) == 2
    assert kinds(person_id=ANNA) == kinds(visitor_id=PHONE) == []
    assert Contact.objects.count() == 2 and not IdentityLink.objects.exists()


def test_a_path_behind_an_order_names_nobody(now: datetime) -> None:
    order = new_id()
    scan(PHONE, now - timedelta(minutes=9))
    journeys.record("view", now=now - timedelta(minutes=8), visitor_id=PHONE, store_id=OTHER)
    journeys.record("order", now=now, visitor_id=PHONE, store_id=STORE, subject_id=order)
    steps = queries.anonymous_path(subject_id=order, store_id=STORE)
    assert [(step.kind, step.touchpoint_id) for step in steps] == [("scan", POSTER), ("order", None)]
    assert not any(hasattr(step, name) for step in steps for name in ("visitor_id", "person_id"))


def test_many_are_one_insert(now: datetime) -> None:
    shown = [NewContact("exposure", now, visitor_id=PHONE, store_id=UUID(int=100 + n)) for n in range(20)]
    with sql_count() as sql:
        journeys.record_many(shown)
    assert sum(statement.startswith("INSERT") for statement in sql.all) == 1
    assert Contact.objects.count() == 20
