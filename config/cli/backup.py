"""``paseo backup``"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.backups.making import Made
from config.cli.command import DONE, load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo backup",
        description="Puts databases, uploads and the secret key into one file, while everything runs. "
        "docs/guides/backup.md explains it.",
        epilog="Exit code 0: the file is whole. 1: nothing was kept, the sentence says why.",
    )
    options.add_argument("file", nargs="?", type=Path, help="default: PASEO_VAR/backups/paseo-<date>-<time>.tar.gz")
    options.add_argument("--keep", type=int, metavar="N", help="afterwards remove all but the N newest beside it")
    options.add_argument("--json", action="store_true", help="what was done, as JSON")
    said = options.parse_args(arguments)
    if said.keep is not None and said.keep < 1:
        options.error("--keep needs 1 or more")
    load()
    began = time.monotonic()
    made = make(said.file)
    removed = _pruned(made, said.keep)
    told = as_dict(made, time.monotonic() - began)
    if said.json:
        print(json.dumps({**told, "removed": [str(one) for one in removed]}, indent=2))
    else:
        print(sentence(told))
        if removed:
            print(f"{len(removed)} older ones were removed.")
    return DONE


def make(file: Path | None) -> Made:
    """Makes a backup and notes it in the book of who did what. Ended by a signal, it leaves nothing behind."""
    from config.backups import making
    from paseo.kernel import clock

    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        installation, now = making.of_settings(), clock.now()
        made = making.make(installation, (file or making.usual_file(installation.var, now)).absolute(), now)
    finally:
        signal.signal(signal.SIGTERM, before)
    _note(made)
    return made


def _note(made: Made) -> None:
    from django.db import DatabaseError

    from paseo.platform.audit.operations import record

    try:
        record("system", "backup.made", "installation", after={"file": str(made.file), "bytes": made.bytes})
    except DatabaseError:
        print("The backup is whole, but the database would not note it.", file=sys.stderr)


def _pruned(made: Made, keep: int | None) -> list[Path]:
    from config.backups.making import prune

    return prune(made.file, keep) if keep else []


def as_dict(made: Made, seconds: float) -> dict[str, Any]:
    told = made.manifest
    return {
        "file": str(made.file),
        "bytes": made.bytes,
        "seconds": round(seconds, 1),
        "made_at": told.made_at,
        "version": told.version,
        "engine": told.engine,
        "rows": told.row_count,
        "files": len(told.parts),
        "gone": made.gone,
    }


def sentence(told: dict[str, Any]) -> str:
    size = f"{told['bytes'] / 1_000_000:.1f} MB"
    return f"{told['file']}: {told['rows']} rows and {told['files']} files in {size}, made in {told['seconds']} s."
