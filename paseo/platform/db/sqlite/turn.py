"""A turn at writing: an exclusive ``flock`` on a file, held by one connection at a time."""

from __future__ import annotations

import os

try:
    import fcntl
except ImportError:  # a system without flock keeps SQLite's own busy waiting
    fcntl = None  # type: ignore[assignment]


class Turn:
    """Owned by one connection. Each owner opens the file itself, because a lock belongs to the open file: that is what
    makes threads of one process wait for each other as well."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._handle: int | None = None
        self._process = 0
        self.held = False

    def take(self) -> None:
        """Waits until no other connection writes."""
        if fcntl is None or self.held:
            return
        if self._handle is None or self._process != os.getpid():
            # A handle inherited by fork shares the parent's lock and would not wait for it.
            self._close_handle()
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._process = os.getpid()
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        self.held = True

    def give_back(self) -> None:
        if self.held and self._handle is not None and self._process == os.getpid():
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        self.held = False

    def close(self) -> None:
        self.give_back()
        self._close_handle()

    def _close_handle(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
