"""The book cannot be rewritten, and is read page by page within one's own firm."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from paseo.kernel.errors import NotAllowedHere
from paseo.platform.audit import queries
from paseo.platform.audit.models import Entry
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.tenancy.refusals import SecondFactorNeeded
from paseo.platform.tenancy.values import Scope

pytestmark = pytest.mark.django_db

FIRM, OTHER = uuid4(), uuid4()


@pytest.fixture
def entries(clock):
    for number in range(5):
        record(
            "person:1", f"prices.step_{number}", "offer:7", tenant_id=FIRM, before={"minor": 1}, after={"minor": number}
        )
        clock.advance(seconds=1)
    record("system", "store.paused", "store:9", tenant_id=OTHER, why="fire alarm")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "UPDATE audit_entry SET why = why"]
)
def test_the_database_refuses_to_change_or_remove(entries, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 6


def test_the_orm_cannot_either(entries):
    for change in (lambda: Entry.objects.update(why="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_an_entry_belongs_to_the_unit_around_it(now):
    with pytest.raises(RuntimeError), unit():
        record("system", "x", "y:1", at=now)
        raise RuntimeError
    assert not Entry.objects.exists()


def test_pages_newest_first_without_gaps(entries):
    scope = Scope.of(FIRM, "audit.see")
    first = queries.entries(scope, limit=2)
    second = queries.entries(scope, limit=2, after=first.next)
    third = queries.entries(scope, limit=2, after=second.next)
    actions = [entry.action for page in (first, second, third) for entry in page.entries]
    assert actions == [f"prices.step_{number}" for number in (4, 3, 2, 1, 0)]
    assert third.next is None


def test_another_firms_entries_are_not_there(entries):
    assert [entry.subject for entry in queries.entries(Scope.of(OTHER, "audit.see")).entries] == ["store:9"]
    assert queries.entries(Scope.of(FIRM, "audit.see"), tenant_id=OTHER).entries == ()


def test_an_operator_reads_all_or_one(entries):
    operator = Scope.of(uuid4(), "audit.see", kind="operator")
    assert len(queries.entries(operator).entries) == 6
    assert len(queries.entries(operator, tenant_id=OTHER).entries) == 1
    assert len(queries.entries(operator, action="prices.").entries) == 5
    assert len(queries.entries(operator, action="store.paused", actor="system", subject="store:9").entries) == 1


def test_reading_needs_the_right(entries):
    with pytest.raises(NotAllowedHere):
        queries.entries(Scope.of(FIRM, "orders.see"))
    with pytest.raises(SecondFactorNeeded):
        queries.entries(Scope.of(FIRM, "audit.see", kind="operator", confirmed=False))


def test_changes_show_only_what_differs(now):
    record("system", "x", "y:1", before={"a": 1, "b": 2}, after={"a": 1, "b": 3, "c": FIRM}, at=now)
    entry = queries.entries(Scope.of(FIRM, "audit.see", kind="operator")).entries[0]
    assert entry.changes == [("b", 2, 3), ("c", None, str(FIRM))]
