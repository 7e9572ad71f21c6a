"""The file itself: written whole or not at all, read with every checksum compared."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from config.backups import manifest
from config.backups.manifest import Manifest, Part
from config.backups.obstacles import Obstacle

FOLDERS = ("database", "media")
SECRET = "secret-key"
AT_ONCE = 1 << 20


class _Counted(io.RawIOBase):
    """Counts and hashes what is read through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.bytes, self.hash = inner, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.inner.read(size)
        self.bytes += len(piece)
        self.hash.update(piece)
        return piece

    @property
    def part(self) -> Part:
        return Part(self.bytes, self.hash.hexdigest())


class Writer:
    """Adds files to an archive that is being made; ``parts`` becomes the manifest's list."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.parts = tar, dict[str, Part]()

    def add(self, name: str, path: Path) -> None:
        """Raises FileNotFoundError when it is gone."""
        with path.open("rb") as file:
            self._put(name, file, os.fstat(file.fileno()).st_size)

    def add_bytes(self, name: str, content: bytes) -> None:
        self._put(name, io.BytesIO(content), len(content))

    def finish(self, told: Manifest) -> Manifest:
        whole = replace(told, parts=dict(self.parts))
        self.add_bytes(manifest.NAME, whole.as_json())
        return whole

    def _put(self, name: str, file: IO[bytes], size: int) -> None:
        counted = _Counted(file)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self.tar.addfile(entry, counted)  # type: ignore[arg-type]
        self.parts[name] = counted.part


@contextlib.contextmanager
def writing(final: Path) -> Iterator[tuple[Writer, Path]]:
    """A writer, and a folder for copies on the same disk. ``final`` is there when the block ends well, never before.

    Refuses when ``final`` exists.
    """
    if final.exists():
        raise Obstacle(f"{final} is there already and is not overwritten. Choose another name.")
    final.parent.mkdir(parents=True, exist_ok=True)
    _sweep(final.parent)
    folder = final.parent / f".{final.name}.{os.getpid()}.partial"
    folder.mkdir(mode=0o700)
    try:
        partial = folder / "archive"
        with _closed_at_the_end(partial) as tar:
            yield Writer(tar), folder
        _settle(partial, final)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _closed_at_the_end(path: Path) -> Iterator[tarfile.TarFile]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with (
            gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield tar
        file.flush()
        os.fsync(file.fileno())


def _settle(partial: Path, final: Path) -> None:
    try:
        os.link(partial, final)
    except FileExistsError:
        raise Obstacle(f"{final} is there already and is not overwritten. Choose another name.") from None
    except OSError:  # a disk that knows no links
        partial.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(folder: Path) -> None:
    """What a killed backup has left is of no use."""
    for left in folder.glob(".*.partial"):
        pid = left.name.split(".")[-2]
        if pid.isdecimal() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def read(file: Path, into: Path | None = None) -> Manifest:
    """Reads the whole archive, unpacks it if asked to, and compares every checksum. Refuses whatever is not right."""
    damaged = Obstacle(f"{file} is damaged or is no backup of Paseo. Nothing was changed.")
    seen: dict[str, Part] = {}
    told: Manifest | None = None
    try:
        with gzip.open(file, "rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for entry in tar:
                    if not entry.isfile() or not _proper(entry.name) or told is not None:
                        raise damaged
                    content = tar.extractfile(entry)
                    assert content is not None
                    if entry.name == manifest.NAME:
                        told = manifest.read(content.read())
                    else:
                        seen[entry.name] = _taken(content, None if into is None else into / entry.name)
            while packed.read(AT_ONCE):
                pass  # what stands after the last file is covered by the checksum of the whole
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error):
        raise damaged from None
    except FileNotFoundError:
        raise Obstacle(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise damaged from None
    if told is None:
        raise Obstacle(f"{file} is not whole: its end is missing. Nothing was changed.")
    wrong = sorted(name for name in {*seen, *told.parts} if seen.get(name) != told.parts.get(name))
    if wrong:
        raise Obstacle(f"{file} is damaged: {wrong[0]} is not what was written into it. Nothing was changed.")
    return told


def _proper(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return False
    return name in {SECRET, manifest.NAME} or (path.parts[0] in FOLDERS and len(path.parts) > 1)


def _taken(content: IO[Any], to: Path | None) -> Part:
    counted = _Counted(content)
    if to is None:
        while counted.read(AT_ONCE):
            pass
        return counted.part
    to.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := counted.read(AT_ONCE):
            file.write(piece)
    return counted.part
