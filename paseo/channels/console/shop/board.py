"""The kitchen's board: new, in the kitchen, on the shelf, handed over."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from paseo.channels.console.desk import desk, is_part, staff, store_of
from paseo.channels.console.shop.today import working
from paseo.kernel import clock

DONE_SHOWN = 12


@require_GET
@staff("orders.see")
def board(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    store, now = store_of(request), clock.now()
    if store is None:
        return render(request, "console/shop/no_store.html", desk(request, "today"))
    context = working(request, store, now, "board")
    columns = context["columns"]
    context |= {"done": columns["done"][:DONE_SHOWN], "done_count": len(columns["done"]), "back": "board"}
    if is_part(request):
        return render(request, "console/shop/board.html#live", {**context, "part": True})
    return render(request, "console/shop/board.html", desk(request, "today", **context))
