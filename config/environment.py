"""Typed access to environment variables, and a record of which ones exist."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


class Environment:
    def __init__(self, values: dict[str, str] | None = None) -> None:
        self._values = dict(os.environ) if values is None else values
        self.declared: list[Setting] = []

    def text(self, name: str, default: str, meaning: str) -> str:
        self.declared.append(Setting(name, default if name != "PASEO_VAR" else "var", meaning))
        return self._values.get(name, default)

    def number(self, name: str, default: int, meaning: str) -> int:
        given = self.text(name, str(default), meaning)
        try:
            return int(given)
        except ValueError:
            raise SystemExit(f"{name} must be a whole number, but it is {given!r}.") from None

    def flag(self, name: str, default: bool, meaning: str) -> bool:
        given = self.text(name, "1" if default else "0", meaning).strip().lower()
        if given in {"1", "true", "yes", "on"}:
            return True
        if given in {"", "0", "false", "no", "off"}:
            return False
        raise SystemExit(f"{name} must be 1 or 0, but it is {given!r}.")

    def words(self, name: str, default: list[str], meaning: str) -> list[str]:
        return [word.strip() for word in self.text(name, ",".join(default), meaning).split(",") if word.strip()]

    def databases(self, url: str, var: Path) -> tuple[dict[str, Any], list[str]]:
        """The ``default`` database, and ``stream`` for what is written often and may wait: contacts, page views.

        On SQLite the stream is a second file, so that orders never queue behind it. On PostgreSQL it is a second
        connection to the same database.
        """
        parts = urlsplit(url)
        if parts.scheme in {"postgres", "postgresql"}:
            options: dict[str, Any] = dict(parse_qsl(parts.query))
            base = {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "",
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 600,
                "OPTIONS": options,
            }
            stream = {**base, "TEST": {"MIRROR": "default"}}
            return {"default": base, "stream": stream}, ["paseo.platform.db.routers.StreamRouter"]
        if url and parts.scheme != "sqlite":
            raise SystemExit("DATABASE_URL must begin with postgres:// or sqlite:///.")
        path = Path(unquote(parts.path)) if url else var / "paseo.sqlite3"
        return {
            "default": self._sqlite(path, "FULL"),
            "stream": self._sqlite(path.with_name(path.stem + "-stream.sqlite3"), "NORMAL"),
        }, ["paseo.platform.db.routers.StreamRouter"]

    @staticmethod
    def _sqlite(path: Path, synchronous: str) -> dict[str, Any]:
        return {
            "ENGINE": "paseo.platform.db.sqlite",
            "NAME": str(path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; "
                # The worker brings the log home once a second; this is for when there is none.
                "PRAGMA wal_autocheckpoint=16000;",
            },
            "TEST": {"NAME": None},
        }
