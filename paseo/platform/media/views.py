"""Handing files out."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from paseo.kernel.errors import NotAllowedHere, NotFound, Refusal
from paseo.platform.identity.web import current_scopes, person_required
from paseo.platform.media import queries
from paseo.platform.media.places import image_path, paper_path
from paseo.platform.media.values import WIDTHS

NOTHING_RUNS = "default-src 'none'; sandbox"


@require_safe
def image(request: HttpRequest, media_id: UUID, width: int) -> HttpResponseBase:
    """A picture. It never changes under its address, so browsers keep it for a year and no database is asked."""
    if width not in WIDTHS:
        raise NotFound
    response = _file(image_path(media_id, width), "image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _paper(request: HttpRequest, media_id: UUID) -> HttpResponseBase:
    why_not: Refusal = NotFound()
    for scope in current_scopes(request):
        try:
            found = queries.paper(media_id, scope)
        except NotAllowedHere as refusal:
            why_not = refusal
            continue
        except NotFound:
            continue
        response = _file(paper_path(found.id), found.content_type)
        ending = "pdf" if found.content_type == "application/pdf" else "webp"
        response["Content-Disposition"] = f'attachment; filename="paper-{found.id}.{ending}"'
        response["Cache-Control"] = "private, no-store"
        return response
    raise why_not


paper = require_safe(person_required(_paper))  # type: ignore[arg-type]


def _file(path: str, content_type: str) -> FileResponse:
    try:
        file = default_storage.open(path)
    except FileNotFoundError:
        raise NotFound from None
    response = FileResponse(file, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response
