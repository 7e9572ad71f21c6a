"""What could make a statement that is compiled once answer differently from its queryset."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.db import connection, connections
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from paseo.kernel.ids import new_id
from paseo.platform.db import prepared
from paseo.platform.db.inserting import insert
from paseo.platform.db.models import Transition
from paseo.platform.db.prepared import LONGEST, Prepared
from paseo.platform.db.unit import sql_count
from paseo.platform.outbox.models import Event
from tests.concurrency.shared_database import at_once, shared_database

pytestmark = pytest.mark.django_db


def _step(at: datetime, subject_id: UUID, verb: str = "accept", **more: Any) -> Transition:
    given = {"subject_type": "test", "machine": "m", "from_state": "a", "to_state": "b", **more}
    return Transition(subject_id=subject_id, verb=verb, at=at, **given)


def _events(now: datetime, *bodies: Any) -> None:
    Event.objects.bulk_create([Event(type="t", subject="s", at=now, body=body) for body in bodies])


def _same(build: Callable[..., QuerySet[Any, Any]], *values: Any, **constants: Any) -> list[Any]:
    """The answer of the prepared queryset, twice, beside the queryset's own."""
    once = Prepared(build)
    first, second, own = once(*values, **constants), once(*values, **constants), list(build(*values, **constants))
    assert first == second == own
    return first


# Constants


def test_constants_are_told_apart_by_their_names(now: datetime) -> None:
    insert([_step(now, new_id(), verb) for verb in ("a", "b", "c", "d")])

    def build(kind: str, *, first: int = 0, limit: int = 10) -> Any:
        return Transition.objects.filter(subject_type=kind).order_by("id").values_list("verb")[first : first + limit]

    found = Prepared(build)
    assert found("test", limit=2) == [("a",), ("b",)]
    assert found("test", first=2) == [("c",), ("d",)]
    assert found("test", first=1, limit=2) == found("test", limit=2, first=1) == [("b",), ("c",)]
    assert found("test", first=2, limit=1) == [("c",)]


# Lists


@pytest.mark.parametrize("count", [0, 1, 2, LONGEST, LONGEST + 1])
def test_lists_of_every_length_answer_like_the_queryset(now: datetime, count: int) -> None:
    ids = [new_id() for _ in range(count)]
    insert([_step(now, id) for id in [*ids, new_id()]])
    found = _same(
        lambda ids: Transition.objects.filter(subject_id__in=ids).order_by("id").values_list("subject_id", "at"), ids
    )
    assert found == [(id, now) for id in ids]


def test_a_value_twice_in_a_list_is_there_once(now: datetime) -> None:
    one, other = new_id(), new_id()
    insert([_step(now, one), _step(now, other)])
    build = lambda ids: Transition.objects.filter(subject_id__in=ids).order_by("id").values_list("subject_id")  # noqa: E731
    assert _same(build, [one, one]) == [(one,)]
    assert _same(build, [one, other, one]) == [(one,), (other,)]


def test_two_lists_keep_their_places(now: datetime) -> None:
    ids = [new_id() for _ in range(3)]
    insert([_step(now, id, verb) for id in ids for verb in ("x", "y", "z")])
    build = lambda ids, verbs, until: (  # noqa: E731
        Transition.objects.filter(verb__in=verbs, subject_id__in=ids, at__lte=until)
        .order_by("id").values_list("subject_id", "verb")
    )  # fmt: skip
    assert _same(build, ids[1:], ["z"], now) == [(ids[1], "z"), (ids[2], "z")]
    assert _same(build, ids[:1], ["x", "y"], now) == [(ids[0], "x"), (ids[0], "y")]
    assert _same(build, ids[:1], ["x", "y"], now - timedelta(seconds=1)) == []


@pytest.mark.parametrize("wrong", [None, "5f5f9d5b-0000-7000-8000-000000000000", 7])
def test_another_kind_of_value_in_a_known_place_is_no_silent_nothing(now: datetime, wrong: Any) -> None:
    id = new_id()
    insert([_step(now, id)])
    found = Prepared(lambda ids: Transition.objects.filter(subject_id__in=ids).values_list("verb"))
    assert found([id, new_id()]) == [("accept",)]
    with pytest.raises((AttributeError, TypeError)):
        found([id, wrong])


def test_a_none_in_a_list_of_what_is_left_out_does_not_leave_out_everything(now: datetime) -> None:
    insert([_step(now, new_id(), "x")])
    found = Prepared(lambda verbs: Transition.objects.exclude(verb__in=verbs).values_list("verb"))
    assert found(["y", "z"]) == [("x",)]
    with pytest.raises(TypeError):
        found(["y", None])


@pytest.mark.parametrize("value", [True, 1.5, ("a",), {"a"}, b"a"])
def test_values_that_are_neither_ids_nor_instants_nor_texts_nor_numbers_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        Prepared(lambda _: Transition.objects.filter(verb=value).values_list("verb"))(value)


def test_so_many_shapes_do_not_fill_the_memory(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_PLANS", 4)
    found = Prepared(lambda ids: Transition.objects.filter(subject_id__in=ids).values_list("verb"))
    for count in range(1, 12):
        assert found([new_id() for _ in range(count)]) == []
        assert len(found._plans) <= 4


# Values


def test_instants_are_the_same_moment_in_every_zone(now: datetime) -> None:
    id = new_id()
    insert([_step(now, id)])
    build = lambda at: Transition.objects.filter(at=at).values_list("subject_id", "at")  # noqa: E731
    for zone in ("UTC", "Europe/Helsinki", "Asia/Shanghai", "America/St_Johns"):
        [(found, at)] = _same(build, now.astimezone(ZoneInfo(zone)))
        assert (found, at, at.utcoffset()) == (id, now, timedelta(0))
    found = Prepared(build)
    assert found(now) == [(id, now)]
    with pytest.raises(TypeError, match="zone"):
        found(now.replace(tzinfo=None))


@pytest.mark.parametrize("microseconds", [0, 1, 999_999])
def test_instants_compare_with_and_without_a_fraction(now: datetime, microseconds: int) -> None:
    at = now + timedelta(microseconds=microseconds)
    insert([_step(at, new_id()), _step(at + timedelta(microseconds=1), new_id())])
    assert _same(lambda until: Transition.objects.filter(at__lte=until).values_list("at"), at) == [(at,)]


@pytest.mark.parametrize("text", ["", "a%", "a_", "a\\", "it's", "\u5496\u5561", "\ufdd00", " x ", "%s"])
def test_texts_arrive_as_they_are(now: datetime, text: str) -> None:
    insert([_step(now, new_id(), text), _step(now, new_id(), "axx")])
    assert _same(lambda verb: Transition.objects.filter(verb=verb).values_list("verb"), text) == [(text,)]


@pytest.mark.parametrize("lookup", ["icontains", "contains", "startswith", "endswith", "istartswith"])
def test_a_text_that_becomes_a_pattern_is_refused(lookup: str) -> None:
    wrong = Prepared(lambda text: Transition.objects.filter(**{f"verb__{lookup}": text}).values_list("id"))
    with pytest.raises(AssertionError, match="does not reach"):
        wrong("acc")


def test_equal_but_for_the_case_is_right_or_refused(now: datetime) -> None:
    """On SQLite that is a LIKE, for which a text is changed: unnoticed, "a%" would find everything that begins so."""
    insert([_step(now, new_id(), "abc"), _step(now, new_id(), "A%")])
    build = lambda text: Transition.objects.filter(verb__iexact=text).values_list("verb")  # noqa: E731
    if connection.vendor == "sqlite":
        with pytest.raises(AssertionError, match="does not reach"):
            Prepared(build)("a%")
    else:
        assert _same(build, "a%") == [("A%",)]


def test_one_value_in_several_places_and_several_values_that_are_equal(now: datetime) -> None:
    id = new_id()
    insert([_step(now, id, "x", from_state="x"), _step(now, new_id(), "x", from_state="y")])
    both = lambda verb, state: (  # noqa: E731
        Transition.objects.filter(Q(verb=verb) | Q(to_state=verb), from_state=state).values_list("subject_id")
    )
    assert _same(both, "x", "x") == [(id,)]


def test_nothing_that_could_match_is_an_empty_answer(now: datetime) -> None:
    build = lambda verb: Transition.objects.filter(Q(pk__in=[]), verb=verb).values_list("id")  # noqa: E731
    with sql_count() as sql:
        assert _same(build, "x") == []
    assert sql.count == 0


# Columns


def test_columns_come_in_the_order_in_which_they_were_asked_for(now: datetime) -> None:
    id = new_id()
    insert([_step(now, id, "x")])
    assert _same(
        lambda verb: (
            Transition.objects.filter(verb=verb)
            .annotate(move=Concat(F("from_state"), Value(">"), F("to_state")))
            .values_list("move", "at", "subject_id")
        ),
        "x",
    ) == [("a>b", now, id)]


def test_a_column_that_only_orders_is_not_part_of_the_answer(now: datetime) -> None:
    insert([_step(now + timedelta(hours=n), new_id(), verb) for n, verb in enumerate(("b", "a"))])
    build = lambda kind: (  # noqa: E731
        Transition.objects.filter(subject_type=kind).order_by("at").values_list("verb").distinct()
    )
    assert _same(build, "test") == [("b",), ("a",)]


@pytest.mark.parametrize(
    "asked", [lambda rows: rows.values("verb"), lambda rows: rows.values_list("verb", flat=True),
              lambda rows: rows.values_list("verb", named=True)], ids=["dicts", "flat", "named"],
)  # fmt: skip
def test_answers_of_another_form_are_refused(asked: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="without flat"):
        Prepared(lambda verb: asked(Transition.objects.filter(verb=verb)))("x")


@pytest.mark.parametrize(
    "asked", [lambda rows: rows.only("verb"), lambda rows: rows.annotate(n=F("id"))], ids=["only", "annotated"]
)
def test_rows_that_are_not_whole_are_refused(asked: Callable[[Any], Any]) -> None:
    with pytest.raises(AssertionError, match="whole"):
        Prepared(lambda verb: asked(Transition.objects.filter(verb=verb)))("x")


# Documents


DOCUMENT = {"en": "Tea", "parts": [{"names": {"es": "T\u00e9"}}, 1, None, 1.5, True], "none": None, "empty": {}}


def _documents() -> Prepared:
    return Prepared(lambda kind: Event.objects.filter(type=kind).order_by("seq").values_list("body"))


def test_documents_are_what_the_queryset_gives(now: datetime) -> None:
    _events(now, DOCUMENT, [], {}, "text", 5)
    found, own = _documents()("t"), list(Event.objects.order_by("seq").values_list("body"))
    assert found == own and own[0] == (DOCUMENT,)
    assert json.dumps(found) == json.dumps(own)
    assert msgspec.json.encode(found) == msgspec.json.encode(own)
    assert {**found[0][0]} == DOCUMENT and [*found[0][0]["parts"]] == DOCUMENT["parts"]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(en="Gin"),
        lambda found: found.__setitem__("en", "Gin"),
        lambda found: found.pop("en"),
        lambda found: found.popitem(),
        lambda found: found.setdefault("fi", "Gin"),
        lambda found: found.clear(),
        lambda found: found.__delitem__("en"),
        lambda found: found.__ior__({"en": "Gin"}),
        lambda found: found["parts"].append("Gin"),
        lambda found: found["parts"].sort(),
        lambda found: found["parts"].__iadd__(["Gin"]),
        lambda found: found["parts"].__setitem__(0, "Gin"),
        lambda found: found["parts"].__delitem__(0),
        lambda found: found["parts"].reverse(),
        lambda found: found["parts"][0]["names"].update(es="Gin"),
    ],
)
def test_a_reader_cannot_change_what_the_others_read(now: datetime, change: Callable[[Any], Any]) -> None:
    _events(now, DOCUMENT)
    [(mine,)] = _documents()("t")
    with pytest.raises(TypeError, match="shared"):
        change(mine)
    assert _documents()("t") == [(DOCUMENT,)]


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found)), lambda found: json.loads(json.dumps(found))],
)
def test_a_copy_is_ones_own(now: datetime, copied: Callable[[Any], Any]) -> None:
    _events(now, DOCUMENT)
    [(theirs,)] = _documents()("t")
    mine = copied(theirs)
    mine["parts"][0]["names"]["es"] = "Gin"
    mine["parts"].append(2)
    assert (type(mine), type(mine["parts"])) == (dict, list)
    assert _documents()("t") == [(DOCUMENT,)]


def test_rows_have_documents_of_their_own(now: datetime) -> None:
    _events(now, DOCUMENT)
    found = Prepared(lambda kind: Event.objects.filter(type=kind))
    [row] = found("t")
    row.body["en"] = "Gin"
    assert found("t")[0].body == DOCUMENT


# Connections and threads


def test_a_stream_model_is_read_from_its_own_database(now: datetime) -> None:
    from paseo.capabilities.journeys.models import Contact

    found = Prepared(lambda kind: Contact.objects.filter(kind=kind).values_list("id"))
    with sql_count():
        assert found("scan") == []
    assert found._alias == ("stream" if Contact.stream else "default")


@pytest.mark.django_db(transaction=True)
def test_many_threads_that_begin_together_all_get_the_same_answers(tmp_path: Any, now: datetime) -> None:
    ids = [new_id() for _ in range(40)]
    build = lambda ids, until: (  # noqa: E731
        Transition.objects.filter(subject_id__in=ids, at__lte=until).order_by("id").values_list("subject_id", "at")
    )
    with shared_database(tmp_path):
        insert([_step(now, id) for id in ids])
        found, together = Prepared(build), threading.Barrier(8, timeout=20)

        def read(number: int) -> list[bool]:
            if number < 8:
                together.wait()
            wanted = [ids[number : number + count] for count in (1, 2, 3, 5)]
            return [found(some, now) == [(id, now) for id in some] for some in wanted]

        assert at_once(read, list(range(32)), 8) == [[True] * 4] * 32
        # Threads come and go; a statement outlives the connection that it was compiled with.
        thread = threading.Thread(target=lambda: (found(ids[:7], now), connections.close_all()))
        thread.start()
        thread.join()
        assert found(ids[:7], now) == [(id, now) for id in ids[:7]]
