"""What a kind of import declares, and what a run answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind. ``aliases`` are column titles in any language that mean it; ``label`` is an English msgid."""

    name: str
    label: str
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to say about a row: an English template with ``{params}``, and the field it is about."""

    code: str
    sentence: str
    field: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that makes sense. ``external_id`` names the thing in its source; ``data`` is the kind's own value."""

    external_id: str
    data: Any
    warnings: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one row. ``change`` is created, changed or unchanged; a ``refusal`` leaves the thing as it was."""

    subject_id: UUID | None
    change: str
    warnings: tuple[Issue, ...] = ()
    refusal: Issue | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """For whom and how a run works. ``tenant_id`` None is the operator; ``options`` belong to the kind."""

    tenant_id: UUID | None
    actor: str
    now: datetime
    source: str
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """A parsed row on its way to ``apply_batch``; ``known_id`` is what an earlier run made of it."""

    line: int
    parsed: Parsed
    known_id: UUID | None
    extras: Mapping[str, Any] = dataclasses.field(default_factory=dict)


ParseRow = Callable[[Row, Context], Parsed | Issue]
ApplyBatch = Callable[[Sequence[Pending], Context], Sequence[Applied]]
ParseExtra = Callable[[Row, Parsed, Context], tuple[Any, tuple[Issue, ...]]]
ApplyExtra = Callable[[Sequence[tuple[Pending, Applied, Any]], Context], None]


@dataclass(frozen=True, slots=True)
class Extension:
    """Columns that a higher package adds to a kind, such as prices to goods.

    ``parse`` gives a value (None: nothing to do) and warnings; ``apply`` gets the rows of a batch that have a value,
    after the kind has written them and in the same unit.
    """

    name: str
    fields: tuple[Field, ...]
    parse: ParseExtra
    apply: ApplyExtra


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of import. ``parse_row`` judges one row without the database.

    ``apply_batch`` writes up to 500 rows in one unit and answers in the same order.
    ``formats`` are those of table, geojson, osm that make sense. ``revision`` is raised when parsing changes, so that
    known rows are read anew.
    """

    name: str
    fields: tuple[Field, ...]
    parse_row: ParseRow
    apply_batch: ApplyBatch
    formats: tuple[str, ...] = ("table",)
    revision: int = 1


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row that was not simply accepted. ``level`` is refused or warned."""

    line: int
    level: str
    issue: Issue
    values: Row


@dataclass(slots=True)
class Report:
    """Counts of a run: rows = accepted + warned + refused, of which created, changed and ``unchanged`` were taken."""

    kind: str
    rows: int = 0
    accepted: int = 0
    warned: int = 0
    refused: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    dry_run: bool = False
    mapping: dict[str, str] = dataclasses.field(default_factory=dict)
    unused: list[str] = dataclasses.field(default_factory=list)
    reasons: dict[str, int] = dataclasses.field(default_factory=dict)
    refusals_file: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "rows": self.rows,
            "accepted": self.accepted,
            "warned": self.warned,
            "refused": self.refused,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "dry_run": self.dry_run,
            "mapping": self.mapping,
            "unused_columns": self.unused,
            "reasons": dict(sorted(self.reasons.items())),
            "refusals_file": self.refusals_file,
            "seconds": round(self.seconds, 2),
        }


Progress = Callable[[Report], None]
