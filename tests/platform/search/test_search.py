from uuid import UUID

import pytest

from paseo.kernel.ids import stable_id
from paseo.platform.db.unit import sql_count, unit
from paseo.platform.search import operations, queries
from paseo.platform.search.models import SearchEntry
from paseo.platform.search.values import Entry
from paseo.platform.search.words import asked, distance, fold, forms, tokens

pytestmark = pytest.mark.django_db

CAFE, KETTLE, TEA, GRILL = (stable_id("search", name) for name in ("cafe", "kettle", "tea", "grill"))


@pytest.fixture
def indexed():
    operations.index_many(
        "store",
        [
            Entry(CAFE, {"en": "Café Ekberg", "zh-hans": "艾克贝里咖啡馆"}, "coffee kahvila 咖啡 Bulevardi"),
            Entry(KETTLE, {"en": "Copper Kettle"}, "coffee Kaffee 咖啡 cappuccino アイスコーヒー", weight=10),
            Entry(TEA, {"en": "Théhuone", "zh-hans": "星巴克茶馆"}, "tea 茶"),
            Entry(GRILL, {"en": "O'Learys Straße Grill"}, "burger"),
        ],
    )


def ids(query: str, **options) -> list[UUID]:
    return [hit.subject_id for hit in queries.find("store", query, **options)]


def test_text_is_folded_and_cut():
    assert fold("Café ÅÄÖ Straße Łódź \uff26\uff55\uff4c\uff4c") == "cafe aao strasse lodz full"
    assert tokens("O'Learys 7-Eleven") == ["olearys", "7", "eleven"]
    assert set(tokens("咖啡馆")) >= {"咖", "啡", "馆", "咖啡", "啡馆", "咖啡馆"}
    assert asked("附近的咖啡") == ("咖啡",)
    assert asked("附近") == ("附近",)


@pytest.mark.parametrize(
    "a,b,edits", [("kahvila", "khvila", 1), ("cafe", "acfe", 1), ("pizza", "piza", 1), ("a", "abcdef", 4)]
)
def test_edit_distance(a, b, edits):
    assert distance(a, b) == edits


def test_forms_join_words_that_differ_by_one_edit():
    for wrong in ("kahvla", "kahvilaa", "kahvjla", "kahivla"):
        assert forms(wrong) & forms("kahvila"), wrong
    assert forms("capucino") & forms("cappuccino")


@pytest.mark.parametrize(
    "query,found",
    [
        ("咖啡", [CAFE, KETTLE]),
        ("café", [CAFE]),
        ("CAFE", [CAFE]),
        ("Kaffee", [KETTLE]),
        ("kahvila", [CAFE]),
        ("kah", [CAFE]),
        ("茶馆", [TEA]),
        ("星巴克", [TEA]),
        ("茶", [TEA]),
        ("thehuone", [TEA]),
        ("コーヒー", [KETTLE]),
        ("oleary strasse", [GRILL]),
        ("capucino", [KETTLE]),
        ("kahvla", [CAFE]),
        ("ekbreg", [CAFE]),
        ("coffee", [KETTLE, CAFE]),
        ("Ekberg unobtainium", [CAFE]),
        ("", []),
        ("!!!", []),
        ("\" OR * ' : & |", []),
        ("qqqqqq", []),
    ],
)
def test_find(indexed, query, found):
    assert ids(query) == found


def test_a_name_counts_more_than_a_category(indexed):
    operations.index("store", TEA, texts={"en": "Coffee House"}, also="")
    assert ids("coffee")[0] == TEA
    assert ids("星巴克") == [], "what was said before is replaced"


def test_narrowed_to_a_place_a_tenant_a_kind(indexed):
    place, other, tenant = (stable_id("search", name) for name in ("place", "other", "tenant"))
    operations.index("product", place, texts={"en": "Latte"}, place_id=place, tenant_id=tenant)
    assert [hit.subject_id for hit in queries.find("product", "latte", place_id=place)] == [place]
    assert queries.find("product", "latte", place_id=other) == []
    assert queries.find("product", "latte", tenant_id=other) == []
    assert len(queries.find("product", "latte", tenant_id=tenant)) == 1
    assert ids("latte") == []


def test_what_is_taken_back_is_not_found(indexed):
    with pytest.raises(RuntimeError), unit(savepoint=True):
        operations.index("store", stable_id("gone"), texts={"en": "Vanishing"})
        assert len(ids("vanishing")) == 1
        raise RuntimeError
    assert ids("vanishing") == []


def test_removed(indexed):
    operations.remove("store", CAFE)
    operations.remove("store", CAFE)
    assert CAFE not in ids("咖啡")


def test_statements_are_few(indexed):
    with sql_count() as sql:
        ids("咖啡 ekberg")
    assert sql.count == 1
    with sql_count() as sql:
        ids("ekbreg")
    assert sql.count == 3


def test_many_entries_in_three_statements(indexed):
    entries = [Entry(stable_id("many", number), {"en": f"Shop number{number}"}) for number in range(300)]
    operations.index_many("store", entries)
    operations.index_many("store", entries)
    assert SearchEntry.objects.filter(kind="store").count() == 304
    assert len(ids("shop", limit=1000)) == 300


@pytest.mark.parametrize(
    "query,answer",
    [
        ("kahvla", "kahvila"),
        ("kahvla ekbreg", "kahvila ekberg"),
        ("capucino", "cappuccino"),
        ("café", None),
        ("kah", None),
        ("qqqqqq", None),
        ("", None),
        ("咖啡", None),
    ],
)
def test_what_was_understood(indexed, query, answer):
    assert queries.understood(query, ["store"]) == answer
