"""Where files lie in the storage. The path follows from the id, so that showing a picture asks no database."""

from __future__ import annotations

from uuid import UUID


def image_path(media_id: UUID, width: int) -> str:
    return f"images/{media_id.hex[-2:]}/{media_id}/{width}.webp"


def paper_path(media_id: UUID) -> str:
    return f"papers/{media_id.hex[-2:]}/{media_id}"
