"""``paseo import KIND FILE``: the same engine from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from uuid import UUID

from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.platform.importing import engine
from paseo.platform.importing.registry import kinds
from paseo.platform.importing.values import Context, Report, RowReport

DONE, SOME_REFUSED, NOT_STARTED = 0, 1, 2
SHOWN = 10


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="paseo import", description="Import stores, goods or orders from a file.")
    made.add_argument("kind", help=f"what the file holds: {', '.join(kinds())}")
    made.add_argument("file", type=Path, help="CSV, XLSX, GeoJSON or .osm.pbf; may be compressed with gzip")
    made.add_argument("--merchant", type=UUID, help="the merchant that the rows belong to; without it the operator")
    made.add_argument(
        "--source", default="", help="name of the source, so that rows are known again (default: the file's name)"
    )
    made.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column a field is in; saved"
    )
    made.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="an option of the kind, such as country=FI"
    )
    made.add_argument("--dry-run", action="store_true", help="judge every row and write nothing")
    made.add_argument("--refusals", type=Path, help="write refused and warned rows with line and reason to this CSV")
    made.add_argument("--json", action="store_true", help="print the counts as JSON")
    return made


def main(argv: Sequence[str], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """0: every row was taken; 1: some were refused; 2: the file as a whole was not taken."""
    out, err = out or sys.stdout, err or sys.stderr
    given = parser().parse_args(argv)
    shown: list[RowReport] = []

    def tell(row: RowReport) -> None:
        if row.level == "refused" and len(shown) < SHOWN:
            shown.append(row)

    def progress(report: Report) -> None:
        if not given.json and err.isatty():
            err.write(f"\r{report.rows:,} rows, {report.refused:,} refused, {report.seconds:.0f} s")
            err.flush()

    try:
        report = engine.run(
            given.kind,
            given.file,
            Context(
                tenant_id=given.merchant,
                actor="command line",
                now=clock.now(),
                source=(given.source or given.file.name)[:60],
                options=_pairs(given.option),
            ),
            mapping=_pairs(given.map) or None,
            dry_run=given.dry_run,
            refusals_path=given.refusals,
            progress=progress,
            tell=tell,
        )
    except Refusal as refusal:
        if given.json:
            print(json.dumps({"error": refusal.code, "detail": str(refusal)}, ensure_ascii=False), file=out)
        else:
            print(str(refusal), file=err)
        return NOT_STARTED
    if given.json:
        print(json.dumps(report.as_json(), ensure_ascii=False), file=out)
    else:
        _write(report, shown, out)
    return SOME_REFUSED if report.refused else DONE


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name:
            raise SystemExit(f"{text!r} is not of the form NAME=VALUE.")
        pairs[name.strip()] = value.strip()
    return pairs


def _write(report: Report, shown: Sequence[RowReport], out: TextIO) -> None:
    print(f"\n{report.rows:,} rows: {report.accepted:,} accepted, {report.warned:,} with a warning, "
          f"{report.refused:,} refused.", file=out)  # fmt: skip
    if report.dry_run:
        print("Nothing was written.", file=out)
    elif report.created or report.changed:
        print(f"{report.created:,} new, {report.changed:,} changed, {report.unchanged:,} as before.", file=out)
    else:
        print("Nothing has changed since the last import.", file=out)
    for row in shown:
        print(f"  line {row.line}: {row.issue}", file=out)
    if report.refused > len(shown):
        print(f"  … and {report.refused - len(shown):,} more.", file=out)
    if report.refusals_file:
        print(f"Refused and warned rows with their reasons: {report.refusals_file}", file=out)
