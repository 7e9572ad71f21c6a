"""Querysets compiled once give what the queryset itself gives; rows written without Django's detours are the same rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from paseo.kernel.ids import new_id
from paseo.platform.db.inserting import MOST_VALUES, insert, insert_new, insert_or
from paseo.platform.db.models import Transition
from paseo.platform.db.prepared import LONGEST, Prepared
from paseo.platform.db.unit import single_statement, sql_count
from paseo.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db


def _step(now: datetime, subject_id: UUID, verb: str = "accept") -> Transition:
    return Transition(
        subject_type="test", subject_id=subject_id, machine="m", verb=verb, from_state="a", to_state="b", at=now
    )


def test_a_prepared_queryset_is_compiled_once_per_length_and_answers_like_the_queryset(now: datetime):
    ids = [new_id() for _ in range(3)]
    insert([_step(now + timedelta(hours=hour), id) for hour, id in enumerate(ids)])
    built = []

    def build(subject_ids, until, verb=None):  # type: ignore[no-untyped-def]
        built.append(len(subject_ids))
        rows = Transition.objects.filter(Q(at__lte=until) | Q(at=until), subject_id__in=subject_ids)
        return rows.order_by("id").values_list("subject_id", "at", "verb")

    found = Prepared(build)
    for _ in range(3):
        with sql_count() as sql:
            assert found(ids, now + timedelta(hours=1)) == [
                (ids[0], now, "accept"),
                (ids[1], now + timedelta(hours=1), "accept"),
            ]
        assert sql.count == 1
    assert found(ids[:1], now) == [(ids[0], now, "accept")]
    assert found(list(reversed(ids)), now) == [(ids[0], now, "accept")]
    assert built == [3, 3, 1]  # the first to learn the database, then once for each length


def test_no_list_no_statement_and_a_long_list_is_not_kept(now: datetime):
    id = new_id()
    insert([_step(now, id)])
    found = Prepared(lambda ids: Transition.objects.filter(subject_id__in=ids).values_list("subject_id"))
    with sql_count() as sql:
        assert found([]) == []
    assert sql.count == 0
    assert found([id, *(new_id() for _ in range(LONGEST))]) == [(id,)]
    assert found._plans == {}


def test_values_that_are_not_there_are_part_of_the_statement(now: datetime):
    id = new_id()
    insert([_step(now, id)])

    def build(subject_id, since):  # type: ignore[no-untyped-def]
        rows = Transition.objects.filter(subject_id=subject_id)
        return (rows if since is None else rows.filter(at__gt=since)).values_list("verb")

    found = Prepared(build)
    assert found(id, None) == [("accept",)]
    assert found(id, now) == []
    assert found(id, now - timedelta(seconds=1)) == [("accept",)]


def test_rows_come_as_rows(now: datetime):
    id = new_id()
    insert([_step(now, id)])
    [row] = Prepared(lambda subject_id: Transition.objects.filter(subject_id=subject_id))(id)
    assert isinstance(row, Transition)
    assert (row.subject_id, row.at, row.verb, row._state.adding) == (id, now, "accept", False)


def test_a_value_that_django_changes_on_its_way_is_refused():
    wrong = Prepared(lambda text: Transition.objects.filter(verb__icontains=text).values_list("id"))
    with pytest.raises(AssertionError, match="does not reach"):
        wrong("acc")


def test_many_rows_are_written_in_parts(now: datetime):
    id = new_id()
    insert([_step(now, id) for _ in range(MOST_VALUES // 5)])
    assert Transition.objects.filter(subject_id=id).count() == MOST_VALUES // 5


def test_a_row_that_is_there_is_left_alone_or_changed(now: datetime):
    tenant = Tenant(id=new_id(), kind="merchant", name="First", created_at=now)
    assert insert_new(tenant)
    assert not insert_new(Tenant(id=tenant.id, kind="merchant", name="Second", created_at=now))
    table = connection.ops.quote_name(Tenant._meta.db_table)
    otherwise = f"ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE {table}.kind = 'merchant' RETURNING name"
    assert insert_or(Tenant(id=tenant.id, kind="merchant", name="Third", created_at=now), otherwise) == ("Third",)
    Tenant.objects.filter(id=tenant.id).update(kind="developer")
    assert insert_or(Tenant(id=tenant.id, kind="merchant", name="Fourth", created_at=now), otherwise) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Tenant(id=tenant.id, kind="merchant", name="Fifth", created_at=now)])
    assert Tenant.objects.get(id=tenant.id).name == "Third"


@pytest.mark.django_db(transaction=True)
def test_a_single_statement_is_a_transaction_of_its_own(now: datetime):
    id = new_id()
    with sql_count() as sql, single_statement():
        insert([_step(now, id)])
    assert sql.count == 1
    assert not connection.in_atomic_block
    assert Transition.objects.filter(subject_id=id).count() == 1
