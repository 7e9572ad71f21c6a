"""``/events`` under ASGI, and ``/healthz`` under every server."""

from __future__ import annotations

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse

from paseo.kernel import clock
from paseo.platform.live import frames
from paseo.platform.live.door import Turned, knock
from paseo.platform.live.health import problems
from paseo.platform.live.hub import hub


async def stream(request: ASGIRequest) -> HttpResponse | StreamingHttpResponse:
    last = request.headers.get("Last-Event-ID", "") or request.GET.get("last", "")
    answer = knock(hub(), request.GET.get("topics", ""), last, clock.now())
    if isinstance(answer, Turned):
        refused = HttpResponse(answer.sentence, status=answer.status, content_type="text/plain; charset=utf-8")
        if answer.retry_after is not None:
            refused["Retry-After"] = str(answer.retry_after)
        return refused
    response = StreamingHttpResponse(hub().listen(answer.topics, answer.last_event_id))
    for name, value in frames.HEADERS:
        response[name] = value
    return response


def events(request: HttpRequest) -> Any:
    """The stream; a server that keeps whole answers back cannot give it and says so."""
    if isinstance(request, ASGIRequest):
        return stream(request)
    return HttpResponse("Events are served by `paseo serve` or by config.asgi.", status=503, content_type="text/plain")


def healthz(request: HttpRequest) -> JsonResponse:
    found = problems()
    return JsonResponse({"ok": not found, "problems": found}, status=503 if found else 200)
