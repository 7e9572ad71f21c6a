"""Writes for the console: a file is handed in, a worker runs it, a page watches."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from paseo.kernel.errors import Refusal
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.importing import engine, memory
from paseo.platform.importing.mapping import complete
from paseo.platform.importing.models import ImportRun, RunIssue
from paseo.platform.importing.readers import open_file
from paseo.platform.importing.refusals import TooLarge
from paseo.platform.importing.registry import fields_of, kind_of
from paseo.platform.importing.values import Context, Report, RowReport
from paseo.platform.jobs import enqueue


def keep_upload(file: IO[bytes], name: str) -> Path:
    """Writes an uploaded file to the installation's folder, outside any unit. Refuses TooLarge."""
    folder = settings.VAR / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id()}{''.join(Path(name).suffixes)[-12:]}"
    most = settings.PASEO["IMPORT_BYTES"]
    with path.open("wb") as kept:
        shutil.copyfileobj(file, kept, 1 << 20)
        size = kept.tell()
    if size > most:
        path.unlink()
        raise TooLarge(megabytes=most // 1_000_000)
    return path


@operation
def start_import(
    *,
    kind: str,
    path: Path,
    file_name: str,
    tenant_id: UUID | None,
    now: datetime,
    actor: str,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    run_id: UUID | None = None,
) -> UUID:
    """Puts a run into the queue and returns its id; ``path`` is what ``keep_upload`` gave.

    ``mapping`` is saved for the next file. Refuses what ``engine.run`` refuses about the file as a whole.
    """
    kind_of(kind)
    owner = memory.owner_of(tenant_id)
    columns = open_file(path, file_name).columns
    chosen = complete(columns, fields_of(kind), saved=memory.mapping_of(owner, kind), given=mapping)
    if mapping:
        memory.save_mapping(owner, kind, chosen)
    run = ImportRun.objects.create(
        id=run_id or new_id(),
        owner=owner,
        tenant_id=tenant_id,
        kind=kind,
        source=Path(file_name).name[:60],
        file_name=file_name[:200],
        path=str(path),
        refusals_path=str(path.with_suffix(".refusals.csv")),
        dry_run=dry_run,
        options={**(options or {}), "mapping": chosen},
        actor=actor[:100],
        created_at=now,
    )
    from paseo.platform.importing.tasks import run_import

    enqueue(run_import, run_id=str(run.id))
    return run.id


def carry_out(run_id: UUID, now: datetime) -> Report | None:
    """Runs what ``start_import`` queued, once; not inside a unit. Counts are written after every batch."""
    if not ImportRun.objects.filter(id=run_id, state="waiting").update(state="running"):
        return None
    run = ImportRun.objects.get(id=run_id)
    told = 0

    def tell(row: RowReport) -> None:
        nonlocal told
        told += 1
        if told <= RunIssue.MOST:
            issues.append(
                RunIssue(
                    run=run,
                    line=row.line,
                    level=row.level,
                    code=row.issue.code,
                    sentence=row.issue.sentence,
                    params={key: str(value) for key, value in row.issue.params.items()},
                    field=row.issue.field,
                    values={key: str(value)[:200] for key, value in list(row.values.items())[:20]},
                )
            )

    def progress(report: Report) -> None:
        ImportRun.objects.filter(id=run_id).update(report=report.as_json())
        if issues:
            RunIssue.objects.bulk_create(issues)
            issues.clear()

    issues: list[RunIssue] = []
    options = {key: value for key, value in run.options.items() if key != "mapping"}
    context = Context(run.tenant_id, run.actor, now, run.source, options)
    try:
        report = engine.run(
            run.kind,
            Path(run.path),
            context,
            file_name=run.file_name,
            mapping=run.options.get("mapping"),
            dry_run=run.dry_run,
            refusals_path=Path(run.refusals_path),
            progress=progress,
            tell=tell,
        )
    except Refusal as refusal:
        ImportRun.objects.filter(id=run_id).update(state="failed", problem=str(refusal)[:500], finished_at=now)
        return None
    except Exception as problem:
        ImportRun.objects.filter(id=run_id).update(state="failed", problem=type(problem).__name__, finished_at=now)
        raise
    progress(report)
    ImportRun.objects.filter(id=run_id).update(state="done", finished_at=now)
    if not run.dry_run:
        Path(run.path).unlink(missing_ok=True)
    return report
