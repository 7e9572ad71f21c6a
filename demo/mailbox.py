"""Letters that would have been sent by mail. A demo has no mail server: they are kept, and shown here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from paseo.kernel.errors import NotFound
from paseo.platform.notices import queries


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/letters.html", {"letters": queries.letters(to=request.GET.get("to") or None)})


@require_GET
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    found = queries.letter(letter_id)
    if found is None:
        raise NotFound
    return render(request, "demo/letter.html", {"letter": found})
