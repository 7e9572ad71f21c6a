"""``paseo upgrade``"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.backups import occupancy
from config.backups.obstacles import HalfDone, Obstacle
from config.cli.command import DONE, FINDINGS, load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo upgrade",
        description="After a new version was installed: backs up, migrates, audits, and stops at the first of these that "
        "fails. docs/guides/upgrading.md explains it.",
        epilog="Exit code 0: done. 1: nothing was changed. 3: done, and the auditor found something. 4: the migration "
        "failed; the sentence says how to get back.",
    )
    options.add_argument("file", nargs="?", type=Path, help="where the backup goes (default: as `paseo backup`)")
    options.add_argument("--json", action="store_true", help="what was done, as JSON")
    said = options.parse_args(arguments)
    load()
    from config.backups.making import of_settings

    installation = of_settings()
    alone = occupancy.alone(installation.var)
    try:
        if installation.engine == "postgresql":
            _check_nobody_is_there(installation.databases["default"])
        told = _upgrade(said.file, quietly=said.json)
    finally:
        os.close(alone)
    if said.json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for one in told["findings"]:
            print(f"{one['check']}  {one['subject']}  {one['sentence']}")
        print(f"{told['checks']} checks, {len(told['findings'])} findings.")
        if told["findings"]:
            print(f"If the new version is to blame: {_way_back(told['backup']['file'])}")
    return FINDINGS if told["findings"] else DONE


def _upgrade(file: Path | None, *, quietly: bool) -> dict[str, Any]:
    from config.cli import backup
    from config.cli.migrate import migrate
    from paseo.platform.audit.checks import auditors, run_all

    began = time.monotonic()
    made = backup.as_dict(backup.make(file), time.monotonic() - began)
    if not quietly:
        print(backup.sentence(made), flush=True)
    try:
        migrated = migrate()
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise HalfDone(f"The migration failed: {first}. To get back, {_way_back(made['file'])}") from error
    if not quietly:
        print(f"{migrated} migrations were run." if migrated else "The databases are up to date.", flush=True)
    findings = run_all()
    return {
        "backup": made,
        "migrations_run": migrated,
        "checks": len(auditors()),
        "findings": [one.as_dict() for one in findings],
    }


def _check_nobody_is_there(settings: dict[str, Any]) -> None:
    from config.backups import postgres

    if postgres.is_in_use(settings):
        raise Obstacle("Somebody is connected to the database. Stop every Paseo that uses it. Nothing was changed.")


def _way_back(file: str) -> str:
    return f"install the version of before and run: paseo restore --replace {file}"
