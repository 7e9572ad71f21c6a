"""What a backup says about itself."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from config.backups.obstacles import Obstacle
from config.cli.addresses import ROOT

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Part:
    """One file of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``engine`` is sqlite or postgresql; ``migrations`` the last one of each app; ``rows`` counts by table.

    ``secret`` recognizes the key without telling it.
    """

    version: str
    made_at: str
    engine: str
    secret: str
    migrations: dict[str, str]
    rows: dict[str, int]
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read(text: bytes) -> Manifest:
    """Refuses what a newer Paseo wrote in another form."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] > FORMAT:
            raise Obstacle("This backup was made by a newer Paseo. Install that version first.")
        parts = {name: Part(**one) for name, one in found.pop("parts").items()}
        return Manifest(**found, parts=parts)
    except (ValueError, KeyError, TypeError):
        raise Obstacle("The list of contents of this backup cannot be read: it is damaged.") from None


def fingerprint(secret: str) -> str:
    return hashlib.sha256(b"paseo backup" + secret.strip().encode()).hexdigest()[:16]


def version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
