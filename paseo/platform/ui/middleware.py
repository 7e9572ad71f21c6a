"""Every business no becomes an answer: a problem document for programs, a fragment for htmx, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from paseo.kernel.errors import Refusal
from paseo.platform.ui.answers import refusal_response

log = logging.getLogger(__name__)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        # The code and the route only: parameters may hold names and codes of people.
        route = getattr(getattr(request, "resolver_match", None), "route", "") or ""
        log.info("refused %s %s %s", exception.code, request.method, route)
        return refusal_response(request, exception)
