"""``paseo migrate``"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo migrate", description="Brings the databases to the form this version needs."
    )
    options.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is to be done")
    options.add_argument("--quiet", action="store_true", help="say nothing when all goes well")
    said = options.parse_args(arguments)
    load()
    missing = migrate(check=said.check)
    if said.check:
        if missing and not said.quiet:
            print(f"{missing} migrations are to be run: paseo migrate.")
        return 1 if missing else 0
    if not said.quiet:
        print(f"{missing} migrations were run." if missing else "The databases are up to date.")
    return 0


def migrate(*, check: bool = False) -> int:
    """Runs what is to be run, or with ``check`` only counts it."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    missing = 0
    for alias in _databases():
        executor = MigrationExecutor(connections[alias])
        targets = _targets(alias, executor.loader.graph.leaf_nodes())
        plan = executor.migration_plan(targets)
        missing += len(plan)
        if plan and not check:
            executor.migrate(targets, plan=plan)
    return missing


def _targets(alias: str, leaves: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The stream database holds the tables of few apps; stepping through all the others would take as long again."""
    if alias == "default":
        return leaves
    from django.apps import apps

    streaming = {model._meta.app_label for model in apps.get_models() if getattr(model, "stream", False)}
    return [leaf for leaf in leaves if leaf[0] in streaming]


def _databases() -> list[str]:
    """On PostgreSQL the stream is the same database, so it is migrated once."""
    from django.db import connections

    return [alias for alias in connections if alias == "default" or connections[alias].vendor == "sqlite"]
