"""From a backup to an installation that is like it was."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from config.backups import archive, manifest, postgres, sqlite_files
from config.backups.making import SANDBOX, Installation
from config.backups.manifest import Manifest
from config.backups.obstacles import Obstacle, of_disk

ASIDE = "replaced-"
STAMP = "migrated"


@dataclass(frozen=True)
class Unpacked:
    """A backup whose checksums are right, in a folder beside the place where it belongs."""

    manifest: Manifest
    folder: Path

    @property
    def secret(self) -> str:
        return (self.folder / archive.SECRET).read_text()


@dataclass(frozen=True)
class Placed:
    """``aside`` is where the old stands now, "" when there was nothing. ``erased`` are the people it had forgotten."""

    aside: str
    erased: frozenset[UUID]


@contextlib.contextmanager
def unpacked(file: Path, var: Path) -> Iterator[Unpacked]:
    folder = var / f".restoring-{os.getpid()}"
    try:
        var.mkdir(parents=True, exist_ok=True)
        for left in var.glob(".restoring-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder.mkdir(mode=0o700)
        told = archive.read(file, folder)
        for copy in sorted((folder / "database").glob("*.sqlite3")):
            sqlite_files.verify(copy)
        yield Unpacked(told, folder)
    except OSError as error:
        raise of_disk(error, var) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_room(installation: Installation) -> None:
    """Refuses a place on the disk that somebody uses."""
    if old := _old(installation):
        raise _occupied(str(old[0]))


def check_fits(found: Unpacked, installation: Installation, known_migrations: Sequence[tuple[str, str]]) -> None:
    """Refuses what this program could not run."""
    told = found.manifest
    if told.engine != installation.engine:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Obstacle(
            f"This backup is of {names[told.engine]} and this installation uses {names[installation.engine]}. "
            + ("Set DATABASE_URL. " if told.engine == "postgresql" else "Take DATABASE_URL away. ")
            + "Nothing was changed."
        )
    apps = {app for app, _ in known_migrations}
    newer = [
        f"{app}.{name}" for app, name in told.migrations.items() if app in apps and (app, name) not in known_migrations
    ]
    if newer:
        raise Obstacle(
            f"This backup was made by Paseo {told.version} and this is {manifest.version()}, which does not know "
            f"{newer[0]}. Install {told.version} or later. Nothing was changed."
        )


def check_secret(found: Unpacked, given: str) -> None:
    """A key in the environment wins over the one in the file, so it must be the same one."""
    if given and manifest.fingerprint(given) != found.manifest.secret:
        raise Obstacle(
            "SECRET_KEY is not the key of this backup: codes, sign-ins and stored secrets would be of no use. Set the "
            "key of then, or take SECRET_KEY away. Nothing was changed."
        )


def place(found: Unpacked, installation: Installation, stamp: str, *, replace: bool) -> Placed:
    """Puts everything where it belongs. Refuses when something is there, unless ``replace``: then that is moved aside.

    What fails half-way is put back.
    """
    old = _old(installation)
    full = bool(old) or (
        installation.engine == "postgresql" and not postgres.is_empty(installation.databases["default"])
    )
    if full and not replace:
        raise _occupied(str(old[0]) if old else "The database")
    aside = installation.var / f"{ASIDE}{stamp}"
    books = next((file for file in old if file.name == _name(installation)), None)
    erased = sqlite_files.erased(books) if books is not None else set()
    moved = _Moved()
    schema = ""
    try:
        for file in _everything(installation):
            moved.move(file, aside / file.name)
        if installation.engine == "postgresql":
            settings = installation.databases["default"]
            schema = postgres.move_aside(settings, stamp.replace("-", "_")) if full else ""
            erased |= postgres.erased(settings, schema) if schema else set()
            postgres.load(settings, found.folder / "database" / postgres.DUMP)
        for name, file in _targets(installation).items():
            if (copy := found.folder / name).exists():
                moved.move(copy, file)
        if (media := found.folder / "media").exists():
            moved.move(media, installation.media)
        moved.move(found.folder / archive.SECRET, installation.var / archive.SECRET)
    except BaseException:
        moved.undo()
        if schema:
            postgres.put_back(installation.databases["default"], schema)
        raise
    where = [str(aside)] if aside.exists() else []
    return Placed(" and ".join(where + ([f"schema {schema}"] if schema else [])), frozenset(erased))


def _occupied(what: str) -> Obstacle:
    return Obstacle(
        f"{what} is there already. Restore into an empty PASEO_VAR and an empty database, or say --replace, which moves "
        "what is there aside. Nothing was changed."
    )


class _Moved:
    """Moves that can be taken back."""

    def __init__(self) -> None:
        self.done: list[tuple[Path, Path]] = []

    def move(self, file: Path, to: Path) -> None:
        if not file.exists():
            return
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(file, to)
        self.done.append((file, to))

    def undo(self) -> None:
        for file, to in reversed(self.done):
            shutil.move(to, file)


def _name(installation: Installation) -> str:
    return Path(installation.databases["default"]["NAME"]).name


def _targets(installation: Installation) -> dict[str, Path]:
    return {**installation.files, f"database/{SANDBOX}": installation.var / SANDBOX}


def _everything(installation: Installation) -> list[Path]:
    """All that an installation has on the disk and that a backup brings."""
    databases = [
        file.with_name(file.name + tail) for file in _targets(installation).values() for tail in sqlite_files.TAILS
    ]
    return [*databases, installation.media, installation.var / archive.SECRET, installation.var / STAMP]


def _old(installation: Installation) -> list[Path]:
    """What is there and means that somebody uses this place. A key alone is made by asking for help."""
    media = installation.media
    filled = [media] if media.exists() and any(path.is_file() for path in media.rglob("*")) else []
    return [file for file in _targets(installation).values() if file.exists()] + filled
