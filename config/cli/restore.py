"""``paseo restore``"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.backups import archive, making, occupancy, restoring
from config.backups.manifest import Manifest
from config.backups.obstacles import HalfDone, Obstacle
from config.cli.addresses import ROOT
from config.cli.command import DONE, FINDINGS, load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo restore",
        description="Makes an installation from a file of `paseo backup`: in an empty PASEO_VAR and, with DATABASE_URL, "
        "an empty database. docs/guides/backup.md explains it.",
        epilog="Exit code 0: restored, and the auditor is silent. 1: nothing was changed. 3: restored, and the auditor "
        "found something. 4: not finished; the sentence says how to get back.",
    )
    options.add_argument("file", type=Path)
    options.add_argument("--check", action="store_true", help="read the whole file, say what is in it, change nothing")
    options.add_argument("--replace", action="store_true", help="move what is there aside first")
    options.add_argument("--json", action="store_true", help="what was done, as JSON")
    said = options.parse_args(arguments)
    file = said.file.absolute()
    if said.check:
        _print_check(archive.read(file), file, said.json)
        return DONE
    var = Path(os.environ.get("PASEO_VAR") or ROOT / "var").absolute()
    alone = occupancy.alone(var)
    try:
        told = _restore(file, var, replace=said.replace)
    finally:
        os.close(alone)
    print(json.dumps(told, indent=2, ensure_ascii=False) if said.json else _sentences(told))
    return FINDINGS if told["findings"] else DONE


def _restore(file: Path, var: Path, *, replace: bool) -> dict[str, Any]:
    if not replace:
        restoring.check_room(making.of_environment(var))
    with restoring.unpacked(file, var) as found:
        restoring.check_secret(found, os.environ.get("SECRET_KEY", ""))
        os.environ["SECRET_KEY"] = found.secret  # the settings would make a new one otherwise
        load()
        from django.db.migrations.loader import MigrationLoader

        installation = making.of_settings()
        if installation.engine == "postgresql":
            _check_nobody_is_there(installation.databases["default"])
        known = list(MigrationLoader(None).disk_migrations)
        restoring.check_fits(found, installation, known)
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        placed = restoring.place(found, installation, stamp, replace=replace)
        told = found.manifest
    try:
        return {**_of(told, file), **_made_good(told, placed)}
    except Exception as error:
        back = f" What was there before stands in {placed.aside}." if placed.aside else ""
        raise HalfDone(f"The files are in place, but the databases are not ready: {error}.{back}") from error


def _check_nobody_is_there(settings: dict[str, Any]) -> None:
    from config.backups import postgres

    if postgres.is_in_use(settings):
        raise Obstacle("Somebody is connected to the database. Stop every Paseo that uses it. Nothing was changed.")


def _made_good(told: Manifest, placed: restoring.Placed) -> dict[str, Any]:
    from config.cli.migrate import migrate
    from paseo.platform.audit.checks import auditors, run_all

    migrated = migrate()
    again, waiting = _forget_again(placed)
    findings = run_all()
    return {
        "aside": placed.aside,
        "migrations_run": migrated,
        "erased_again": again,
        "erasures_waiting": waiting,
        "checks": len(auditors()),
        "findings": [one.as_dict() for one in findings],
    }


def _forget_again(placed: restoring.Placed) -> tuple[int, list[str]]:
    """Who was erased after the backup was made is not brought back by it."""
    from paseo.kernel import clock
    from paseo.kernel.errors import Refusal
    from paseo.platform.consent import operations, queries

    again, waiting = 0, []
    for person_id in sorted(placed.erased):
        if queries.erasure(person_id) is not None:
            continue
        try:
            operations.erase_person(person_id=person_id, now=clock.now())
            again += 1
        except Refusal:
            waiting.append(str(person_id))
    return again, waiting


def _of(told: Manifest, file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "made_at": told.made_at,
        "version": told.version,
        "engine": told.engine,
        "rows": told.row_count,
        "files": len(told.parts),
    }


def _print_check(told: Manifest, file: Path, as_json: bool) -> None:
    found = _of(told, file)
    if as_json:
        print(json.dumps({**found, "tables": told.rows, "migrations": told.migrations}, indent=2))
    else:
        print(
            f"{file} is whole: Paseo {told.version} on {told.engine}, made {told.made:%Y-%m-%d %H:%M} UTC, "
            f"{found['rows']} rows and {found['files']} files."
        )


def _sentences(told: dict[str, Any]) -> str:
    lines = [
        f"Restored as of {told['made_at'][:16].replace('T', ' ')} UTC: {told['rows']} rows, {told['files']} files."
    ]
    if told["aside"]:
        lines.append(f"What was there before stands in {told['aside']}; remove it when you no longer need it.")
    if told["migrations_run"]:
        lines.append(f"{told['migrations_run']} migrations were run: the backup is of an earlier version.")
    if told["erased_again"]:
        lines.append(f"{told['erased_again']} people who had been erased since were erased again.")
    if told["erasures_waiting"]:
        lines.append(
            "These people had been erased since and cannot be yet, because something of theirs is under way: "
            + ", ".join(told["erasures_waiting"])
        )
    lines += [f"{one['check']}  {one['subject']}  {one['sentence']}" for one in told["findings"]]
    lines.append(f"{told['checks']} checks, {len(told['findings'])} findings.")
    return "\n".join(lines)
