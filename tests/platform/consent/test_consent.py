"""Yes and no, with the text that was answered; taking along and being forgotten."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest

from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.money import Money
from paseo.platform.audit.models import Entry
from paseo.platform.audit.operations import record
from paseo.platform.consent import operations, queries, registry
from paseo.platform.consent.models import Choice, Erasure
from paseo.platform.consent.purposes import PURPOSES, Purpose
from paseo.platform.consent.values import Erased
from paseo.platform.identity.models import Person, SecondFactor, Session
from paseo.platform.identity.operations import hire, person_for_email, start_second_factor
from paseo.platform.identity.values import SignedIn
from paseo.platform.notices.models import Notice
from paseo.platform.outbox.models import Event
from paseo.platform.tenancy.operations import found_tenant
from paseo.platform.tenancy.queries import scopes_of
from paseo.platform.tenancy.refusals import LastOwner

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(now):
    return person_for_email(email="rosa@example.org", name="Rosa", now=now)


def test_only_the_essential_without_an_answer(rosa):
    assert queries.state(person_id=rosa) == {"essential": True, "journey": False, "marketing": False, "location": False}


def test_yes_no_and_the_history_of_it(rosa, now, clock):
    operations.give(purpose="marketing", person_id=rosa, now=now, source="account", locale="es")
    operations.give(purpose="marketing", person_id=rosa, now=now)
    assert queries.allows("marketing", person_id=rosa)
    operations.withdraw(purpose="marketing", person_id=rosa, now=clock.advance(days=1))
    operations.withdraw(purpose="marketing", person_id=rosa, now=clock.now())
    assert not queries.allows("marketing", person_id=rosa)
    assert [(a.given, a.text_version, a.locale, a.source, a.at) for a in queries.history(person_id=rosa)] == [
        (False, 1, "en", "", clock.now()),
        (True, 1, "es", "account", now),
    ]
    assert [event.type for event in Event.objects.order_by("seq")] == [
        "consent.consent_given",
        "consent.consent_withdrawn",
    ]


def test_a_new_text_asks_again(rosa, now, monkeypatch):
    operations.give(purpose="marketing", person_id=rosa, now=now)
    monkeypatch.setitem(PURPOSES, "marketing", Purpose("marketing", "x", "y", version=2))
    assert not queries.allows("marketing", person_id=rosa)
    operations.give(purpose="marketing", person_id=rosa, now=now)
    assert queries.allows("marketing", person_id=rosa)


def test_what_a_device_agreed_to_counts_for_its_person_unless_they_said_no(rosa, now):
    visitor = uuid4()
    operations.give(purpose="location", visitor_id=visitor, now=now)
    operations.give(purpose="marketing", visitor_id=visitor, now=now)
    operations.give(purpose="marketing", person_id=rosa, now=now)
    operations.withdraw(purpose="marketing", person_id=rosa, now=now)
    operations.adopt(visitor_id=visitor, person_id=rosa, now=now)
    assert queries.state(person_id=rosa) == {"essential": True, "journey": False, "marketing": False, "location": True}


@pytest.mark.parametrize("joins", [True, False])
def test_the_box_on_the_sign_in_page(rosa, now, joins):
    from paseo.platform.consent.own_parts import take_over

    take_over(SignedIn(rosa, None, joins, False, "en", now))
    assert queries.allows("journey", person_id=rosa) is joins


def test_unknown_purposes_and_nobody(rosa, now):
    with pytest.raises(LookupError):
        operations.give(purpose="world domination", person_id=rosa, now=now)
    with pytest.raises(ValueError):
        queries.state()


def read(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_everything_to_take_along(rosa, now, monkeypatch):
    monkeypatch.setitem(
        registry._exporters, "orders", lambda id: {"orders": [{"id": id, "total": Money(420, "EUR"), "at": now}]}
    )
    operations.give(purpose="location", person_id=rosa, now=now)
    files = read(operations.export_person(rosa, now))
    assert {
        "README.txt",
        "account.json",
        "consent.json",
        "deeds.json",
        "media.json",
        "notices.json",
        "orders.json",
    } <= set(files)
    assert json.loads(files["orders.json"]) == {
        "orders": [{"id": str(rosa), "total": {"minor": 420, "currency": "EUR"}, "at": now.isoformat()}]
    }
    account = json.loads(files["account.json"])
    assert account["person"]["email"] == "rosa@example.org"
    assert "password" not in json.dumps(account["person"])
    assert json.loads(files["consent.json"])["answers"][0]["purpose"] == "location"
    assert "orders.json" in files["README.txt"]
    assert operations.export_person(rosa, now) == operations.export_person(rosa, now)


def test_the_readme_is_in_the_persons_language(rosa, now):
    Person.objects.filter(id=rosa).update(locale="zh-hans")
    assert "JSON" in read(operations.export_person(rosa, now))["README.txt"]
    with pytest.raises(NotFound):
        operations.export_person(uuid4(), now)


@pytest.fixture
def books(monkeypatch):
    """A package that must keep its rows, and one that stands in the way."""
    monkeypatch.setattr(registry, "_blockers", {})
    names = {"order:1": "Rosa"}

    def erase(person_id, now):
        assert Person.objects.get(id=person_id).email, "the account goes last"
        names["order:1"] = ""
        return Erased(kept=1, why_kept="The books.")

    monkeypatch.setitem(registry._erasers, "orders", (100, erase))
    return names


def test_erasing_keeps_the_books_without_the_name(rosa, now, books):
    firm = found_tenant(kind="merchant", name="El Rey", now=now)
    hire(email="boss@example.org", tenant_id=firm, role="owner", now=now, by=None)
    hire(email="rosa@example.org", tenant_id=firm, role="owner", now=now, by=None)
    start_second_factor(person_id=rosa, now=now)
    Session.objects.create(session_key="k", session_data="", expire_date=now + timedelta(days=1), person_id=rosa)
    record(f"person:{rosa}", "prices.set", "offer:1", at=now)
    operations.give(purpose="location", person_id=rosa, now=now)

    report = operations.erase_person(person_id=rosa, now=now)

    person = Person.objects.get(id=rosa)
    assert (person.email, person.name, person.phone, person.is_active, person.erased_at) == (None, "", "", False, now)
    assert not person.has_usable_password()
    assert scopes_of(rosa) == []
    assert not Session.objects.filter(person_id=rosa).exists() and not SecondFactor.objects.exists()
    assert not Notice.objects.filter(person_id=rosa).exists()
    assert books == {"order:1": ""}
    assert Choice.objects.filter(person_id=rosa).count() == 1
    assert Entry.objects.filter(actor=f"person:{rosa}", action="prices.set").exists()
    assert report.parts["orders"] == Erased(kept=1, why_kept="The books.")
    assert next(reversed(report.parts)) == "account"
    assert Event.objects.filter(type="consent.person_erased").count() == 1
    assert "rosa" not in str(Erasure.objects.values_list()).lower()


def test_erasing_twice_is_once(rosa, now, books, clock):
    first = operations.erase_person(person_id=rosa, now=now)
    assert operations.erase_person(person_id=rosa, now=clock.advance(days=1)) == first


def test_the_address_is_free_for_a_new_account(rosa, now, books):
    operations.erase_person(person_id=rosa, now=now)
    assert person_for_email(email="rosa@example.org", now=now) != rosa


def test_an_order_on_its_way_stands_in_the_way(rosa, now, books):
    class OnItsWay(Refusal):
        code = "test.on_its_way"

    registry.erasure_blocker("orders")(lambda person_id: OnItsWay() if person_id == rosa else None)
    with pytest.raises(OnItsWay):
        operations.erase_person(person_id=rosa, now=now)
    assert Person.objects.get(id=rosa).name == "Rosa"


def test_all_or_nothing(rosa, now, books):
    """The last owner cannot go; what the packages before did is taken back with it."""
    firm = found_tenant(kind="merchant", name="El Rey", now=now)
    hire(email="rosa@example.org", tenant_id=firm, role="owner", now=now, by=None)
    before = Notice.objects.count()
    with pytest.raises(LastOwner):
        operations.erase_person(person_id=rosa, now=now)
    assert Person.objects.get(id=rosa).name == "Rosa"
    assert Notice.objects.count() == before
    assert not Erasure.objects.exists()


def test_retention_goes_on_after_a_rule_that_fails(now, monkeypatch):
    monkeypatch.setattr(registry, "_retentions", {})
    seen = []
    registry.retention("a", days=30, why="x")(lambda before: 1 // 0)
    registry.retention("b", days=2, why="x")(lambda before: seen.append(before) or 7)
    assert operations.forget_old(now) == {"a": -1, "b": 7}
    assert seen == [now - timedelta(days=2)]
