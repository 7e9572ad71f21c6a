"""Storing and removing. Files are written before the row, so that a row never promises what is not there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from paseo.kernel import clock
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import after_commit, operation, unit
from paseo.platform.media import papers
from paseo.platform.media.models import Media
from paseo.platform.media.places import image_path, paper_path
from paseo.platform.media.queries import view
from paseo.platform.media.refusals import NotAPaper, TooBig
from paseo.platform.media.values import WIDTHS, MediaView

PAPER_WIDTH = 2000


def store_image(file: IO[bytes], *, tenant_id: UUID | None, actor: str, now: datetime | None = None) -> MediaView:
    """Keeps a photo for everybody to see. The same photo of the same firm again is the same media.

    ``tenant_id`` None is for a person's own photo (``actor`` "person:<id>"). Refuses TooBig, TooManyPixels,
    NotAnImage. Call it before the unit of work: drawing takes a while.
    """
    content = _read(file)
    digest = hashlib.sha256(content).hexdigest()
    known = _known(tenant_id, Media.Kind.IMAGE, digest, actor)
    if known is not None:
        return known
    from paseo.platform.media import drawing  # Pillow: only where something is drawn

    drawn = drawing.draw(content, WIDTHS)
    media_id = new_id()
    for width, picture in drawn.variants.items():
        default_storage.save(image_path(media_id, width), ContentFile(picture))
    row = Media(
        id=media_id,
        tenant_id=tenant_id,
        kind=Media.Kind.IMAGE,
        sha256=digest,
        content_type="image/webp",
        name=_name(file),
        width=drawn.width,
        height=drawn.height,
        bytes=sum(map(len, drawn.variants.values())),
        actor=actor,
        created_at=now or clock.now(),
    )
    return _keep(row, [image_path(media_id, width) for width in WIDTHS])


def store_paper(file: IO[bytes], *, tenant_id: UUID, actor: str, now: datetime | None = None) -> MediaView:
    """Keeps a private document: a PDF as it is, a photo drawn anew. Refuses TooBig, NotAPaper, UnsafePaper,
    TooManyPixels, NotAnImage."""
    content = _read(file)
    digest = hashlib.sha256(content).hexdigest()
    known = _known(tenant_id, Media.Kind.PAPER, digest, actor)
    if known is not None:
        return known
    width = height = 0
    content_type = "application/pdf"
    from paseo.platform.media import drawing

    if drawing.picture_format(content[:16]):
        drawn = drawing.draw(content, [PAPER_WIDTH])
        content, width, height = drawn.variants[PAPER_WIDTH], drawn.width, drawn.height
        content_type = "image/webp"
    elif papers.is_pdf(content):
        papers.check_pdf(content)
    else:
        raise NotAPaper
    media_id = new_id()
    default_storage.save(paper_path(media_id), ContentFile(content))
    row = Media(
        id=media_id,
        tenant_id=tenant_id,
        kind=Media.Kind.PAPER,
        sha256=digest,
        content_type=content_type,
        name=_name(file),
        width=width,
        height=height,
        bytes=len(content),
        actor=actor,
        created_at=now or clock.now(),
    )
    return _keep(row, [paper_path(media_id)])


@operation
def remove(*, media_ids: Iterable[UUID]) -> int:
    """Removes media for good, files after the commit; returns how many. The caller knows that nothing shows them."""
    rows = list(Media.objects.filter(id__in=list(media_ids)))
    Media.objects.filter(id__in=[row.id for row in rows]).delete()
    paths = [path for row in rows for path in _paths(row)]
    after_commit(lambda: _delete_files(paths))
    return len(rows)


def _paths(row: Media) -> list[str]:
    return [paper_path(row.id)] if row.kind == Media.Kind.PAPER else [image_path(row.id, width) for width in WIDTHS]


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def _read(file: IO[bytes]) -> bytes:
    limit = settings.PASEO["UPLOAD_BYTES"]
    content = file.read(limit + 1)
    if len(content) > limit:
        raise TooBig(megabytes=limit // 1_000_000)
    return content


def _name(file: IO[bytes]) -> str:
    """The last part of the file's name, for people only: it never becomes a path or a header."""
    name = PurePath(str(getattr(file, "name", "") or "").replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[-120:]


def _known(tenant_id: UUID | None, kind: str, digest: str, actor: str) -> MediaView | None:
    rows = Media.objects.filter(kind=kind, sha256=digest)
    own = rows.filter(tenant__isnull=True, actor=actor) if tenant_id is None else rows.filter(tenant_id=tenant_id)
    row = own.first()
    return view(row) if row else None


def _keep(row: Media, paths: list[str]) -> MediaView:
    with unit():
        # Two uploads of one file at the same moment: the first row stays, the second one's files go.
        Media.objects.bulk_create([row], ignore_conflicts=True)
        kept = _known(row.tenant_id, row.kind, row.sha256, row.actor)
    assert kept is not None
    if kept.id != row.id:
        _delete_files(paths)
    return kept
