"""The run itself: read, judge, write in batches, tell."""

from __future__ import annotations

import csv
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import batched
from pathlib import Path
from typing import Any

from paseo.kernel.errors import N_, Refusal
from paseo.platform.db.unit import unit
from paseo.platform.importing import memory
from paseo.platform.importing.mapping import complete
from paseo.platform.importing.readers import open_file
from paseo.platform.importing.refusals import WrongFormat
from paseo.platform.importing.registry import extensions_of, fields_of, kind_of
from paseo.platform.importing.seen import Seen
from paseo.platform.importing.values import (
    Applied,
    Context,
    Extension,
    ImportKind,
    Issue,
    Parsed,
    Pending,
    Progress,
    Report,
    Row,
    RowReport,
)

BATCH = 500
Tell = Callable[[RowReport], None]


def run(
    kind_name: str,
    path: Path,
    context: Context,
    *,
    file_name: str = "",
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    refusals_path: Path | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Report:
    """Imports a file and returns the counts.

    ``mapping`` (field → column) corrects the saved and guessed one and is saved for the next time. ``dry_run`` judges
    every row and writes nothing. ``refusals_path`` becomes a CSV of all refused and warned rows with line and reason.
    Refuses UnknownKind, UnreadableFile, WrongFormat, MissingColumns, UnknownColumn, TooLarge; a row never stops a run.
    """
    started = time.monotonic()
    kind = kind_of(kind_name)
    reader = open_file(path, file_name)
    if reader.format not in kind.formats:
        raise WrongFormat(format=reader.format, kind=kind_name)
    fields = fields_of(kind_name)
    owner = memory.owner_of(context.tenant_id)
    columns = complete(reader.columns, fields, saved=memory.mapping_of(owner, kind_name), given=mapping)
    if mapping and not dry_run:
        memory.save_mapping(owner, kind_name, columns)
    report = Report(kind_name, dry_run=dry_run, mapping=columns)
    report.unused = [column for column in reader.columns if column not in columns.values()]
    with ExitStack() as stack:
        seen = stack.enter_context(Seen())
        say = _Teller(report, tell)
        if refusals_path is not None:
            file = stack.enter_context(refusals_path.open("w", encoding="utf-8", newline=""))
            say.to_file(file, reader.columns)
            report.refusals_file = str(refusals_path)
        run_of = _Run(kind, extensions_of(kind_name), context, owner, columns, seen, say, report, dry_run)
        for batch in batched(reader.rows, BATCH):
            run_of.take(batch)
            report.seconds = time.monotonic() - started
            if progress is not None:
                progress(report)
    report.seconds = time.monotonic() - started
    return report


_NUMBER = re.compile(r"[+-]?[\d.,\s]+%?")


def _plain(text: str) -> str:
    """Words of a stranger's file that the owner's spreadsheet does not take for a formula; numbers stay numbers."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text and not _NUMBER.fullmatch(text) else text


class _Teller:
    """Counts rows and writes down those that were not simply accepted."""

    def __init__(self, report: Report, tell: Tell | None) -> None:
        self.report, self.tell = report, tell
        self._writer: Any = None
        self._batch: list[tuple[int, Row, Issue | None, tuple[Issue, ...]]] = []
        self._columns: list[str] = []

    def to_file(self, file: Any, columns: list[str]) -> None:
        self._writer, self._columns = csv.writer(file), columns
        self._writer.writerow(["line", "level", "reason", *columns])

    def row(self, line: int, raw: Row, refusal: Issue | None, warnings: Iterable[Issue]) -> None:
        self._batch.append((line, raw, refusal, tuple(warnings)))

    def flush(self) -> None:
        """Tells a batch in the order of its lines."""
        for line, raw, refusal, warnings in sorted(self._batch, key=lambda told: told[0]):
            self._tell(line, raw, refusal, warnings)
        self._batch.clear()

    def _tell(self, line: int, raw: Row, refusal: Issue | None, warnings: tuple[Issue, ...]) -> None:
        report = self.report
        report.rows += 1
        if refusal is not None:
            report.refused += 1
        elif warnings:
            report.warned += 1
        else:
            report.accepted += 1
        said = [("refused", refusal)] if refusal is not None else [("warned", issue) for issue in warnings]
        for level, issue in said:
            report.reasons[issue.code] = report.reasons.get(issue.code, 0) + 1
            if self._writer is not None:
                cells = (raw.get(column, "") for column in self._columns)
                self._writer.writerow([line, level, *(_plain(cell) for cell in (str(issue), *cells))])
            if self.tell is not None:
                self.tell(RowReport(line, level, issue, raw))


class _Run:
    def __init__(
        self,
        kind: ImportKind,
        extensions: tuple[Extension, ...],
        context: Context,
        owner: str,
        columns: Mapping[str, str],
        seen: Seen,
        say: _Teller,
        report: Report,
        dry_run: bool,
    ) -> None:
        self.kind, self.extensions, self.context, self.owner = kind, extensions, context, owner
        self.columns, self.seen, self.say, self.report, self.dry_run = columns, seen, say, report, dry_run

    def take(self, batch: tuple[tuple[int, dict[str, str]], ...]) -> None:
        """One batch: at most 500 rows, one unit."""
        judged = [(line, raw, *self._judge(raw)) for line, raw in batch]
        fine = [(line, raw, found, hash_) for line, raw, found, hash_ in judged if isinstance(found, Parsed)]
        firsts = self.seen.first_lines([(found.external_id, line) for line, _, found, _ in fine])
        known = memory.known(self.owner, self.kind.name, self.context.source, [row[2].external_id for row in fine])
        pending: list[tuple[Pending, Row, str]] = []
        for line, raw, found, _ in judged:
            if isinstance(found, Issue):
                self.say.row(line, raw, found, ())
        for (line, raw, found, hash_), first in zip(fine, firsts, strict=True):
            subject_id, before = known.get(found.external_id, (None, ""))
            if first != line:
                self.say.row(line, raw, _doubled(first), ())
            elif before == hash_:
                self.report.unchanged += 1
                self.say.row(line, raw, None, found.warnings)
            else:
                pending.append((Pending(line, found, subject_id), raw, hash_))
        if pending:
            self._write(pending)
        self.say.flush()

    def _judge(self, raw: Row) -> tuple[Parsed | Issue, str]:
        values = {name: raw.get(column, "") for name, column in self.columns.items()}
        found = self.kind.parse_row(values, self.context)
        if isinstance(found, Issue):
            return found, ""
        told = "\x1f".join([str(self.kind.revision), *(f"{name}={value}" for name, value in sorted(values.items()))])
        return found, hashlib.blake2b(told.encode(), digest_size=16).hexdigest()

    def _write(self, pending: list[tuple[Pending, Row, str]]) -> None:
        rows = []
        for item, raw, hash_ in pending:
            item, warnings = self._with_extras(item, raw)
            rows.append((item, raw, hash_, warnings))
        if self.dry_run:
            for item, raw, _, warnings in rows:
                self.say.row(item.line, raw, None, warnings)
                setattr(
                    self.report, field := "changed" if item.known_id else "created", getattr(self.report, field) + 1
                )
            return
        applied = self._apply([item for item, *_ in rows], {item.line: hash_ for item, _, hash_, _ in rows})
        for (item, raw, _, warnings), outcome in zip(rows, applied, strict=True):
            self.say.row(item.line, raw, outcome.refusal, (*warnings, *outcome.warnings))
            if outcome.refusal is None:
                setattr(self.report, outcome.change, getattr(self.report, outcome.change) + 1)

    def _with_extras(self, item: Pending, raw: Row) -> tuple[Pending, tuple[Issue, ...]]:
        warnings = item.parsed.warnings
        extras: dict[str, Any] = {}
        values = {name: raw.get(column, "") for name, column in self.columns.items()}
        for extension in self.extensions:
            value, said = extension.parse(values, item.parsed, self.context)
            warnings = (*warnings, *said)
            if value is not None:
                extras[extension.name] = value
        return Pending(item.line, item.parsed, item.known_id, extras), warnings

    def _apply(self, items: list[Pending], hashes: Mapping[int, str]) -> list[Applied]:
        """All in one unit; when a business rule refuses the batch, row by row: one row does not stop the others."""
        try:
            with unit(savepoint=True):
                return self._apply_once(items, hashes)
        except Refusal as refusal:
            if len(items) == 1:
                return [Applied(None, "unchanged", refusal=_as_issue(refusal))]
        return [outcome for item in items for outcome in self._apply([item], hashes)]

    def _apply_once(self, items: list[Pending], hashes: Mapping[int, str]) -> list[Applied]:
        applied = list(self.kind.apply_batch(items, self.context))
        if len(applied) != len(items):
            raise AssertionError(f"{self.kind.name} answered {len(applied)} of {len(items)} rows.")
        for extension in self.extensions:
            rows = [
                (item, outcome, item.extras[extension.name])
                for item, outcome in zip(items, applied, strict=True)
                if extension.name in item.extras and outcome.refusal is None
            ]
            if rows:
                extension.apply(rows, self.context)
        memory.remember(
            self.owner,
            self.kind.name,
            self.context.source,
            [
                (item.parsed.external_id, outcome.subject_id, hashes[item.line])
                for item, outcome in zip(items, applied, strict=True)
                if outcome.refusal is None
            ],
        )
        return applied


def _doubled(first: int) -> Issue:
    return Issue(
        "importing.doubled", N_("The same thing is already on line {line} of this file."), params={"line": first}
    )


def _as_issue(refusal: Refusal) -> Issue:
    fields = getattr(refusal, "fields", None)
    if fields:
        name, sentence = next(iter(fields.items()))
        return Issue(refusal.code, sentence, name, refusal.params)
    return Issue(refusal.code, refusal.what, params=refusal.params)


def preview(kind_name: str, path: Path, *, file_name: str = "", rows: int = 5) -> Iterator[dict[str, str]]:
    """The first rows of a file as they are, for the page on which columns are mapped."""
    kind_of(kind_name)
    for _, (_, row) in zip(range(rows), open_file(path, file_name).rows, strict=False):
        yield row
