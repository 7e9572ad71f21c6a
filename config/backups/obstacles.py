"""What stands in the way of a backup or of a restore, in one sentence that says what to do."""

from __future__ import annotations

import errno
from pathlib import Path


class Obstacle(Exception):
    """Nothing was changed."""


class HalfDone(Exception):
    """Something was changed and is not finished; the sentence says how to get back."""


def of_disk(error: OSError, place: Path) -> Obstacle:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Obstacle(f"The disk of {place} is full. Free space there, or choose another place. Nothing was kept.")
    return Obstacle(f"Nothing can be written in {place} ({error.strerror}). Nothing was kept.")
