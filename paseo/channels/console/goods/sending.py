"""Forms that are sent: once for each press, and with what is wrong beside the field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from paseo.channels.console.desk import desk, scope_of
from paseo.kernel.errors import NotAllowedHere, NotFound
from paseo.kernel.ids import new_id
from paseo.platform.idempotency import replay_or_run

KEY = "key"
_NOT_SAID = {KEY, "csrfmiddlewaretoken"}


def once(request: HttpRequest, run: Callable[[], Any]) -> Any:
    """Runs ``run`` in one unit and returns what it gives, which JSON must be able to hold.

    The same form with the same contents again gives the same answer and does nothing; with other contents it is another
    wish. Without a key nothing can be known again, and it is done each time.
    """
    scope = scope_of(request)
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_SAID:
            digest.update(f"\0{name}={values!r}".encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(f"\0{name}={file.name}:{file.size}".encode())  # type: ignore[union-attr]
    key = f"{request.POST.get(KEY, '')[:60] or new_id()}:{digest.hexdigest()[:40]}"
    _, body, _ = replay_or_run(f"console:{scope.tenant_id}:{scope.person_id}", key, b"", lambda: (200, run()))
    return body


def to(request: HttpRequest, route: str, *args: Any, query: str = "", said: str = "") -> HttpResponse:
    """After a form: off to a page, with one sentence about what happened."""
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(
        reverse(f"console:{route}", args=[scope_of(request).tenant_id, *args]) + query, status=303
    )


def show(request: HttpRequest, template: str, room: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of a room in the shop's frame; ``key`` is for its forms."""
    context.setdefault(KEY, new_id())
    return render(request, f"console/goods/{template}.html", desk(request, room, **context), status=status)


def require_whole_firm(request: HttpRequest) -> None:
    """For what belongs to all stores at once. Refuses NotAllowedHere to those who work in some of them only."""
    if scope_of(request).place_ids is not None:
        raise NotAllowedHere


def id_in(text: str | None) -> UUID | None:
    """An id from a form or an address; None when it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def id_or_404(text: str | None) -> UUID:
    found = id_in(text)
    if found is None:
        raise NotFound
    return found
