"""Whether this installation can answer."""

from __future__ import annotations

from django.db import DatabaseError, connections


def problems() -> list[str]:
    """What is wrong, in sentences; an empty list is good health."""
    found = []
    for alias in ("default", "stream"):
        if alias not in connections:
            continue
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()
        except (DatabaseError, OSError) as error:
            found.append(f"The {alias} database does not answer: {type(error).__name__}.")
    return found
