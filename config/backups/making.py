"""Making a backup."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.backups import archive, manifest, postgres, sqlite_files
from config.backups.manifest import Manifest
from config.backups.obstacles import Obstacle, of_disk
from config.environment import Environment

FOLDER = "backups"
SANDBOX = "sandbox.sqlite3"


@dataclass(frozen=True)
class Made:
    """``gone`` counts files that were removed while the backup was made."""

    file: Path
    bytes: int
    manifest: Manifest
    gone: int


@dataclass(frozen=True)
class Installation:
    """What belongs to one installation, read off its settings."""

    var: Path
    media: Path
    secret: str
    databases: dict[str, Any]

    @property
    def engine(self) -> str:
        return "postgresql" if "postgresql" in self.databases["default"]["ENGINE"] else "sqlite"

    @property
    def files(self) -> dict[str, Path]:
        """SQLite's files by their names in the archive: orders first, then the stream, then what only the demo has."""
        found: dict[str, Path] = {}
        if self.engine == "sqlite":
            found = {
                f"database/{alias}.sqlite3": Path(self.databases[alias]["NAME"]) for alias in ("default", "stream")
            }
        if (sandbox := self.var / SANDBOX).exists():
            found[f"database/{SANDBOX}"] = sandbox
        return found


def of_settings() -> Installation:
    from django.conf import settings

    return Installation(settings.VAR, Path(settings.MEDIA_ROOT), settings.SECRET_KEY, settings.DATABASES)


def of_environment(var: Path) -> Installation:
    """The same before any setting is read, without the secret."""
    databases, _ = Environment().databases(os.environ.get("DATABASE_URL", ""), var)
    return Installation(var, var / "media", "", databases)


def usual_file(var: Path, now: datetime) -> Path:
    return var / FOLDER / f"paseo-{now:%Y%m%d-%H%M%S}.tar.gz"


def make(installation: Installation, final: Path, now: datetime) -> Made:
    """Refuses with an Obstacle; then nothing is left under the wanted name."""
    missing = [file for file in installation.files.values() if not file.exists()]
    if missing:
        raise Obstacle(f"There is no database {missing[0]} to back up. Look at PASEO_VAR and DATABASE_URL.")
    try:
        with archive.writing(final) as (writer, folder):
            rows, migrations = _databases(installation, writer, folder)
            gone = _media(installation.media, writer)
            writer.add_bytes(archive.SECRET, installation.secret.encode())
            told = Manifest(
                version=manifest.version(),
                made_at=now.isoformat(),
                engine=installation.engine,
                secret=manifest.fingerprint(installation.secret),
                migrations=migrations,
                rows=rows,
            )
            told = writer.finish(told)
    except OSError as error:
        raise of_disk(error, final.parent) from None
    except sqlite3.OperationalError as error:
        raise Obstacle(f"The database cannot be copied: {error}. Nothing was kept.") from None
    return Made(final, final.stat().st_size, told, gone)


def _databases(
    installation: Installation, writer: archive.Writer, folder: Path
) -> tuple[dict[str, int], dict[str, str]]:
    rows: dict[str, int] = {}
    migrations: dict[str, str] = {}
    if installation.engine == "postgresql":
        dump = folder / postgres.DUMP
        rows, migrations = postgres.dump(installation.databases["default"], dump)
        _moved(writer, f"database/{dump.name}", dump)
    copies = sqlite_files.copy_all(list(installation.files.values()), folder)
    for name, copy in zip(installation.files, copies, strict=True):
        if copy.name != SANDBOX:
            rows |= sqlite_files.rows(copy)
            migrations = migrations or sqlite_files.migrations(copy)
        _moved(writer, name, copy)
    return rows, migrations


def _moved(writer: archive.Writer, name: str, file: Path) -> None:
    """Into the archive, and off the disk: a large city needs the room once only."""
    writer.add(name, file)
    file.unlink()


def _media(folder: Path, writer: archive.Writer) -> int:
    gone = 0
    for file in sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []:
        try:
            writer.add(f"media/{file.relative_to(folder).as_posix()}", file)
        except FileNotFoundError:
            gone += 1
    return gone


def prune(newest: Path, keep: int) -> list[Path]:
    """Removes all but the ``keep`` newest backups with the usual name beside ``newest``; returns them."""
    known = sorted(newest.parent.glob("paseo-????????-??????.tar.gz"), reverse=True)
    old = [file for file in known[keep:] if file != newest]
    for file in old:
        file.unlink()
    return old
