"""A sign-in between its two pages: the address and the attempt, in a signed cookie of this browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "paseo_sign_in"
SALT = "paseo.identity.sign-in"
SECONDS = 900
PATH = "/sign-in/"


@dataclass(frozen=True)
class Pending:
    email: str
    attempt: str
    next: str
    joins_journey: bool

    @property
    def attempt_id(self) -> UUID:
        return UUID(self.attempt)


def keep(response: HttpResponse, pending: Pending) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(pending), salt=SALT),
        max_age=SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def read(request: HttpRequest) -> Pending | None:
    """None when nothing was started here, or too long ago."""
    try:
        return Pending(**signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, TypeError):
        return None


def drop(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
