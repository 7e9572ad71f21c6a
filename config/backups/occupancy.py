"""Whether something runs on an installation: files are not moved away from under it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from config.backups.obstacles import Obstacle

NAME = "in-use.lock"


def _opened(var: Path) -> int:
    var.mkdir(parents=True, exist_ok=True)
    return os.open(var / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def stay(var: Path) -> int:
    """Says that a server or worker runs here, until the process ends. Waits while an installation is being restored."""
    handle = _opened(var)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def alone(var: Path) -> int:
    """Refuses while a server or worker runs here, and keeps others from starting until the handle is closed."""
    handle = _opened(var)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Obstacle(f"Paseo is running on {var}. Stop it first. Nothing was changed.") from None
    return handle
