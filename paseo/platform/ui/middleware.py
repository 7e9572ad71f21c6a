"""Around every answer: texts are packed, and every business no becomes a problem document for programs, a fragment for
htmx, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from paseo.kernel.errors import Refusal
from paseo.platform.ui.answers import PROBLEM, Unreadable, WrongMethod, is_api, refusal_response

log = logging.getLogger(__name__)


TEXTS = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/csv",
        "text/plain",
        "application/json",
        "application/problem+json",
        "application/xml",
        "application/geo+json",
        "application/manifest+json",
        "image/svg+xml",
    }
)


class PackingMiddleware(GZipMiddleware):
    """Pages travel as a sixth of their size. Pictures, fonts and archives are packed already; streams stay open.

    Against guessing secrets by the length of an answer, Django pads it at random and masks its form tokens.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").partition(";")[0] not in TEXTS:
            return response
        return super().process_response(request, response)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_writable(request):
            return refusal_response(request, Unreadable())
        response = self.get_response(request)
        if response.status_code == 405 and is_api(request) and response["Content-Type"] != PROBLEM:
            allowed = response.headers.get("Allow", "")
            response = refusal_response(request, WrongMethod())
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        # The code and the route only: parameters may hold names and codes of people.
        route = getattr(getattr(request, "resolver_match", None), "route", "") or ""
        log.info("refused %s %s %s", exception.code, request.method, route)
        return refusal_response(request, exception)


def _is_writable(request: HttpRequest) -> bool:
    """No text of any language holds NUL, and PostgreSQL cannot store it: an address with one is a probe."""
    return "\x00" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", "")
