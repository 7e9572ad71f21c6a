"""Finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from paseo.platform.search import markers
from paseo.platform.search.models import SearchForm
from paseo.platform.search.values import Hit
from paseo.platform.search.words import asked, correctable, distance, forms, is_unspaced, pairs

CANDIDATES = 400
Groups = Sequence[Sequence[str]]

_SQLITE = (
    "SELECT e.subject_id, e.weight, e.{column} FROM search_searchentry e JOIN search_fts f ON f.rowid = e.id "
    "WHERE search_fts MATCH %s LIMIT %s"
)
_POSTGRES = "SELECT subject_id, weight, {column} FROM search_searchentry WHERE words @@ %s::tsquery LIMIT %s"


def find(
    kind: str, query: str, *, limit: int = 200, tenant_id: UUID | None = None, place_id: UUID | None = None
) -> list[Hit]:
    """Things of a kind that match every word of the query, best first; an empty query finds nothing.

    A word matches where it begins a word. When nothing matches, misspelled words are replaced by the nearest words that
    exist, and when still nothing matches, some of the words suffice. One statement; up to four for hard questions.
    """
    words = asked(query)
    if not words:
        return []
    narrow = [markers.of_kind(kind)]
    if tenant_id is not None:
        narrow.append(markers.of_tenant(tenant_id))
    if place_id is not None:
        narrow.append(markers.of_place(place_id))
    most = max(limit, CANDIDATES)
    groups: Groups = [[word] for word in words]
    rows = _match(narrow, groups, every=True, most=most)
    if not rows:
        better = _corrected(words)
        if better != groups:
            groups = better
            rows = _match(narrow, groups, every=True, most=most)
    if not rows and len(groups) > 1:
        rows = _match(narrow, groups, every=False, most=most)
    hits = [Hit(id, _score(groups, head.split(), weight)) for id, weight, head in rows]
    hits.sort(key=lambda hit: (-hit.score, hit.subject_id))
    return hits[:limit]


def understood(query: str, kinds: Sequence[str] = ("store", "product")) -> str | None:
    """The words that ``find`` really looked for when nothing matched the query as it was typed, else None.

    For "Showing results for …". At most one statement per kind, and two more.
    """
    words = asked(query)
    if not words or any(
        _match([markers.of_kind(kind)], [[word] for word in words], every=True, most=1) for kind in kinds
    ):
        return None
    groups = _corrected(words)
    if all(len(group) == 1 for group in groups):
        return None
    for kind in kinds:
        if rows := _match([markers.of_kind(kind)], groups, every=True, most=CANDIDATES, column="body"):
            present = {word for _, _, body in rows for word in body.split()}
            return " ".join(next((word for word in group if word in present), group[0]) for group in groups)
    return None


def _corrected(words: Sequence[str]) -> list[list[str]]:
    """For each word its alternatives, itself first. One statement, none when no word can be corrected."""
    doubtful = {word: forms(word) for word in correctable(words) if len(word) >= 4}
    if not doubtful:
        return [[word] for word in words]
    all_forms: Iterable[str] = set().union(*doubtful.values())
    by_form: dict[str, set[str]] = {}
    for form, word in SearchForm.objects.filter(form__in=all_forms).values_list("form", "word"):
        by_form.setdefault(form, set()).add(word)
    groups = []
    for word in words:
        near: list[tuple[int, str]] = []
        for other in set().union(*(by_form.get(form, ()) for form in doubtful.get(word, ()))) - {word}:
            steps = distance(word, other)
            if steps <= (1 if len(word) < 6 else 2):
                near.append((steps, other))
        groups.append([word, *(other for _, other in sorted(near)[:6])])
    return groups


def _match(
    narrow: list[str], groups: Groups, *, every: bool, most: int, column: str = "head"
) -> list[tuple[UUID, int, str]]:
    if connection.vendor == "sqlite":
        sql, expression = _SQLITE, _fts5(narrow, groups, every)
    else:
        sql, expression = _POSTGRES, _tsquery(narrow, groups, every)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(column=column), [expression, most])
        return [(id if isinstance(id, UUID) else UUID(id), weight, head) for id, weight, head in cursor.fetchall()]


def _fts5(narrow: list[str], groups: Groups, every: bool) -> str:
    def one(word: str) -> str:
        if is_unspaced(word):
            return "(" + " AND ".join(f'"{pair}"' for pair in pairs(word)) + ")"
        return f'"{word}" *'

    return _joined([f'"{marker}"' for marker in narrow], groups, every, one, " AND ", " OR ")


def _tsquery(narrow: list[str], groups: Groups, every: bool) -> str:
    def one(word: str) -> str:
        if is_unspaced(word):
            return "(" + " & ".join(f"'{pair}'" for pair in pairs(word)) + ")"
        return f"'{word}':*"

    return _joined([f"'{marker}'" for marker in narrow], groups, every, one, " & ", " | ")


def _joined(narrow: list[str], groups: Groups, every: bool, one, both: str, either: str) -> str:  # type: ignore[no-untyped-def]
    parts = ["(" + either.join(one(word) for word in group) + ")" for group in groups]
    wanted = both.join(parts) if every else "(" + either.join(parts) + ")"
    return both.join([*narrow, wanted])


def _score(groups: Groups, head: list[str], weight: int) -> float:
    """Per word: 4 for a word of the name, 3 for the beginning of one, 1 for a match elsewhere; less when corrected.

    A name that is nothing but the words asked for stands out a little, and so does weight.
    """
    whole = set(head)
    points = 0.0
    for group in groups:
        best = 0.0
        for at, word in enumerate(group):
            if word in whole or (is_unspaced(word) and all(pair in whole for pair in pairs(word))):
                value = 4.0
            elif any(other.startswith(word) for other in head):
                value = 3.0
            else:
                value = 1.0
            best = max(best, value - (0.5 if at else 0.0))
        points += best
    whole_name = 0.2 if len(head) <= len(groups) and points == 4.0 * len(groups) else 0.0
    return round(points / len(groups) + min(max(weight, 0), 100) / 200 + whole_name, 4)
