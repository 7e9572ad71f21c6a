"""Reads for the console: runs, their rows that need a look, and the columns of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from paseo.kernel.errors import NotFound
from paseo.platform.importing import memory
from paseo.platform.importing.engine import preview
from paseo.platform.importing.mapping import guess
from paseo.platform.importing.models import ImportRun, RunIssue
from paseo.platform.importing.readers import open_file
from paseo.platform.importing.registry import fields_of, kinds
from paseo.platform.importing.values import Field

__all__ = ["Columns", "IssueView", "RunView", "columns_of", "issues", "kinds", "refusals_file", "run", "runs"]


@dataclass(frozen=True, slots=True)
class RunView:
    id: UUID
    kind: str
    file_name: str
    state: str
    dry_run: bool
    report: dict[str, Any]
    problem: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssueView:
    """``sentence`` is an English template with ``{params}``."""

    line: int
    level: str
    code: str
    sentence: str
    params: dict[str, str]
    field: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """For the page on which columns are mapped: the file's columns, the fields, a proposal, the first rows."""

    columns: tuple[str, ...]
    fields: tuple[Field, ...]
    mapping: dict[str, str]
    rows: tuple[dict[str, str], ...]


def columns_of(kind: str, path: Path, file_name: str, tenant_id: UUID | None) -> Columns:
    """Refuses UnknownKind, UnreadableFile."""
    fields = fields_of(kind)
    columns = open_file(path, file_name).columns
    saved = memory.mapping_of(memory.owner_of(tenant_id), kind)
    mapping = guess(columns, fields) | {name: column for name, column in saved.items() if column in columns}
    return Columns(tuple(columns), fields, mapping, tuple(preview(kind, path, file_name=file_name)))


def runs(tenant_id: UUID | None, *, limit: int = 20) -> list[RunView]:
    """The latest runs of a tenant (None: the operator's)."""
    rows = ImportRun.objects.filter(owner=memory.owner_of(tenant_id)).order_by("-created_at", "-id")[:limit]
    return [_view(row) for row in rows]


def run(tenant_id: UUID | None, run_id: UUID) -> RunView:
    """Refuses NotFound when the run is another tenant's."""
    return _view(_mine(tenant_id, run_id))


def issues(tenant_id: UUID | None, run_id: UUID, *, level: str = "") -> list[IssueView]:
    """The first 500 rows that were refused or accepted with a warning. Refuses NotFound."""
    rows = RunIssue.objects.filter(run=_mine(tenant_id, run_id)).order_by("id")
    if level:
        rows = rows.filter(level=level)
    return [IssueView(row.line, row.level, row.code, row.sentence, row.params, row.field, row.values) for row in rows]


def refusals_file(tenant_id: UUID | None, run_id: UUID) -> Path:
    """The CSV of all refused and warned rows. Refuses NotFound while there is none."""
    path = Path(_mine(tenant_id, run_id).refusals_path)
    if not path.is_file():
        raise NotFound
    return path


def _mine(tenant_id: UUID | None, run_id: UUID) -> ImportRun:
    row = ImportRun.objects.filter(id=run_id, owner=memory.owner_of(tenant_id)).first()
    if row is None:
        raise NotFound
    return row


def _view(row: ImportRun) -> RunView:
    return RunView(
        id=row.id,
        kind=row.kind,
        file_name=row.file_name,
        state=row.state,
        dry_run=row.dry_run,
        report=row.report,
        problem=row.problem,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
