from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

WIDTHS = (160, 480, 1200)


@dataclass(frozen=True)
class MediaView:
    """``width`` and ``height`` are those of the upright picture; 0 for a PDF."""

    id: UUID
    tenant_id: UUID | None
    kind: str
    content_type: str
    name: str
    width: int
    height: int
    bytes: int
    created_at: datetime

    def url(self, width: int = 480) -> str:
        """The address of a picture in one of ``WIDTHS``, or of a private paper."""
        return image_url(self.id, width) if self.kind == "image" else f"/media/papers/{self.id}/"

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url(width)} {min(width, self.width)}w" for width in WIDTHS)


def image_url(media_id: UUID, width: int = 480) -> str:
    """Without asking the database: the address of a stored picture follows from its id."""
    if width not in WIDTHS:
        raise ValueError(f"Pictures have the widths {WIDTHS}, not {width}.")
    return f"/media/{media_id}/{width}.webp"
