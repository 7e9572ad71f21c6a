"""A device that has not said who uses it. It gets a cookie only once there is something to remember for it."""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

VISITOR_COOKIE = "paseo_visitor"
VISITOR_SECONDS = 400 * 86400
_SHAPE = re.compile(r"[0-9a-f]{32}")


def visitor_of(request: HttpRequest) -> UUID | None:
    """The visitor's id, or None for a device that is not remembered. No statement.

    The id is derived from the cookie, not equal to it: whoever sees an id in a log or a row cannot become the visitor.
    """
    token = getattr(request, "_paseo_visitor", None) or request.COOKIES.get(VISITOR_COOKIE, "")
    return _id_of(token) if _SHAPE.fullmatch(token) else None


def ensure_visitor(request: HttpRequest, response: HttpResponse | None = None) -> UUID:
    """The visitor's id, made when there is none; ``response`` gets the cookie.

    A view that needs the id before it has a response calls it twice: first without, then with the response.
    """
    known = visitor_of(request)
    if known is None:
        request._paseo_visitor = secrets.token_hex(16)  # type: ignore[attr-defined]
        known = _id_of(request._paseo_visitor)  # type: ignore[attr-defined]
    made = getattr(request, "_paseo_visitor", None)
    if made and response is not None:
        response.set_cookie(
            VISITOR_COOKIE,
            made,
            max_age=VISITOR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return known


def forget_visitor(response: HttpResponse) -> None:
    """Takes the cookie back, for instance after signing out on a shared device."""
    response.delete_cookie(VISITOR_COOKIE, samesite="Lax")


def _id_of(token: str) -> UUID:
    digest = bytearray(hashlib.sha256(f"visitor:{token}".encode()).digest()[:16])
    return UUID(bytes=bytes(digest))
