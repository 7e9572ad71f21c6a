"""Tables that the database itself keeps from being rewritten.

>>> operations = [append_only("ledger_entry")]      # in a migration after the one that makes the table
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

PREFIX = "append_only_"

_SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION paseo_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION paseo_append_only()"


def append_only(table: str, *, deletes: bool = True, updates: bool = True) -> migrations.RunPython:
    """A migration step: UPDATE and DELETE on the table raise IntegrityError from now on, whoever sends them."""
    if not table.replace("_", "").isalnum():
        raise ValueError(f"{table!r} is not the name of a table.")
    verbs = [verb for verb, wanted in (("UPDATE", updates), ("DELETE", deletes)) if wanted]

    def forward(apps: Any, editor: Any) -> None:
        postgresql = editor.connection.vendor == "postgresql"
        if postgresql:
            editor.execute(_POSTGRESQL_FUNCTION, params=None)
        for verb in verbs:
            statement = _POSTGRESQL if postgresql else _SQLITE
            editor.execute(
                statement.format(name=f"{PREFIX}{table}_{verb.lower()}", verb=verb, table=table), params=None
            )

    def backward(apps: Any, editor: Any) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for verb in verbs:
            editor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}{table}_{verb.lower()}{on}")

    return migrations.RunPython(forward, backward)
