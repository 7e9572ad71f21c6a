"""The counter: a code is looked at, used, and taken back while its clock runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.values import Redeemed, Ticket
from paseo.capabilities.vouchers import queries as vouchers
from paseo.channels.console.desk import desk, is_part, own_store, scope_of, staff, store_of
from paseo.channels.console.shop.slips import Thing, things_of
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.money import Money
from paseo.kernel.periods import day_of, day_period
from paseo.platform.codes import queries as codes
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import RefusalText, refusal_text, sentence

TERMINAL_COOKIE = "paseo_counter"
TERMINAL_LENGTH = 30
YEAR = 365 * 86400
SHOWN = 20
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Given:
    """A use of a code: what was given, when, and until when it can be taken back (None: no longer)."""

    id: UUID
    words: str
    detail: str
    scene: str
    plate: str
    uses: int
    at: datetime
    undo_until: datetime | None
    undone: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A code that was looked at and not used yet."""

    ticket: Ticket
    text: str
    title: str
    detail: str
    things: tuple[Thing, ...]
    warnings: tuple[str, ...]
    cash: Money | None
    choices: range | None


def terminal_of(request: HttpRequest) -> str:
    """What this device is called, for who used what where."""
    return request.COOKIES.get(TERMINAL_COOKIE, "")[:TERMINAL_LENGTH]


def counter_context(request: HttpRequest, store: StoreCard, now: datetime, **more: Any) -> dict[str, Any]:
    """What the box for codes needs, on today and on the page of its own."""
    given_id = request.GET.get("given", "")
    return {
        "tenant_id": scope_of(request).tenant_id,
        "store": store,
        "terminal": terminal_of(request),
        "may_verify": scope_of(request).may("codes.verify", store.id),
        "given": _one_given(scope_of(request), store, given_id, now) if given_id else None,
        "now": now,
        **more,
    }


@require_http_methods(["GET", "POST"])
@staff("codes.verify")
def verify(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Looks at a code, by camera or typed; uses nothing."""
    store, now = store_of(request), clock.now()
    if store is None:
        return render(request, "console/shop/no_store.html", desk(request, "verify"))
    if request.method == "GET":
        return _page(request, store, now)
    text = request.POST.get("code", "")
    try:
        ticket = ordering.verify_code(
            text=text,
            place_id=store.id,
            tenant_id=tenant_id,
            actor=scope_of(request).actor,
            terminal=terminal_of(request) or gettext("counter"),
            now=now,
        )
    except Refusal as refusal:
        return _page(request, store, now, typed=text, refusal=_in_words(refusal, store))
    return _page(request, store, now, looked=_looked(ticket, text, store))


def _in_words(refusal: Refusal, store: StoreCard) -> RefusalText:
    refusal.params.setdefault("zone", store.zone)
    return refusal_text(refusal)


def _page(request: HttpRequest, store: StoreCard, now: datetime, **more: Any) -> HttpResponse:
    """The whole page; for htmx only the box."""
    refusal: RefusalText | None = more.get("refusal")
    status = refusal.status if refusal else 200
    here = request.path if not is_part(request) else request.headers.get("HX-Current-URL", "")
    context = counter_context(request, store, now, camera="/verify/" in here, **more)
    if is_part(request):
        return render(request, "console/shop/verify.html#counter", context, status=status)
    context["recent"] = _recent(scope_of(request), store, now)
    return render(request, "console/shop/verify.html", desk(request, "verify", **context), status=status)


def _looked(ticket: Ticket, text: str, store: StoreCard) -> Looked:
    if ticket.order is not None and ticket.handover is not None:
        title, detail = ticket.handover.customer or ticket.order.name or gettext("Guest"), ticket.order.number
        things: tuple[Thing, ...] = things_of(ticket.handover)
    else:
        title = localized(ticket.title)
        detail = localized(ticket.voucher.program.terms) if ticket.voucher else ""
        contents = ticket.voucher.program.contents if ticket.voucher else ()
        things = tuple(Thing(int(one.get("quantity", 1)), localized(one.get("names", {}))) for one in contents)
    due = ticket.cash_due_minor
    currency = ticket.order.currency if ticket.order else store.currency
    many = ticket.kind != "order" and ticket.uses_left > 1
    return Looked(
        ticket=ticket,
        text=text,
        title=title,
        detail=detail,
        things=tuple(thing for thing in things if thing.words),
        warnings=tuple(sentence(warning, {"zone": store.zone}) for warning in ticket.warnings),
        cash=Money(due, currency) if due else None,
        choices=range(1, min(ticket.uses_left, MOST_AT_ONCE) + 1) if many else None,
    )


@require_POST
@staff("codes.verify")
def use(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Uses what was looked at. The same form twice is one use."""
    store, now = store_of(request), clock.now()
    if store is None:
        raise NotFound
    uses = request.POST.get("uses", "1")
    try:
        done = ordering.redeem_code(
            token=request.POST.get("token", ""),
            actor=scope_of(request).actor,
            by=scope_of(request),
            now=now,
            uses=int(uses) if uses.isdecimal() else 1,
            cash_taken=request.POST.get("cash_taken") == "1",
        )
    except Refusal as refusal:
        return _page(request, store, now, typed=request.POST.get("code", ""), refusal=_in_words(refusal, store))
    return _back(request, tenant_id, f"?given={done.redemption_id}")


def _back(request: HttpRequest, tenant_id: UUID, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("console:verify", args=[tenant_id]) + query, status=303)


@require_POST
@staff("codes.verify")
def undo(request: HttpRequest, tenant_id: UUID, redemption_id: UUID) -> HttpResponse:
    """Takes a use back. Twice is once. Refuses NotFound for a use at another counter's store, UndoTooLate."""
    scope, now = scope_of(request), clock.now()
    found = codes.redemption(redemption_id)
    if found is None or not scope.covers(found.tenant_id, found.place_id):
        raise NotFound
    if found.place_id is not None:
        own_store(request, found.place_id)
    ordering.undo_redemption(redemption_id=redemption_id, actor=scope.actor, now=now)
    return _back(request, tenant_id, f"?given={redemption_id}")


@require_POST
@staff("codes.verify")
def name_terminal(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Keeps on this device what it is called."""
    response = _back(request, tenant_id)
    name = " ".join(request.POST.get("terminal", "").split())[:TERMINAL_LENGTH]
    response.set_cookie(TERMINAL_COOKIE, name, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _one_given(scope: Scope, store: StoreCard, given_id: str, now: datetime) -> Given | None:
    """The use that was just made, or the one that was just taken back."""
    try:
        found = codes.redemption(UUID(given_id))
    except ValueError:
        return None
    if found is None or not scope.covers(found.tenant_id, found.place_id) or found.tenant_id != scope.tenant_id:
        return None
    one = Redeemed(
        redemption_id=found.id,
        kind="order" if found.purpose != "voucher" else "voucher",
        subject_id=found.subject_id,
        uses=found.uses,
        at=found.at,
        undo_until=found.undo_until,
    )
    return _given([one], scope, now, undone=found.undone_at is not None)[0]


def _recent(scope: Scope, store: StoreCard, now: datetime) -> list[Given]:
    day = day_period(day_of(now, store.zone), store.zone)
    since = min(day.start, now - timedelta(minutes=30))
    used = orders.recent_redemptions(tenant_id=scope.tenant_id, place_ids=[store.id], since=since)[:SHOWN]
    return _given(used, scope, now)


def _given(used: list[Redeemed], scope: Scope, now: datetime, *, undone: bool = False) -> list[Given]:
    order_ids = [one.subject_id for one in used if one.kind == "order"]
    known, plates = orders.summaries(order_ids, scope=scope), fulfillment.handovers(order_ids)
    rows = []
    for one in used:
        order, handover = known.get(one.subject_id), plates.get(one.subject_id)
        words, detail, scene, plate, href = "", "", "voucher", "", ""
        if order is not None:
            words, detail = order.name or gettext("Guest"), order.number
            scene, plate = order.mode, handover.plate if handover else ""
            href = reverse("console:order", args=[scope.tenant_id, order.id])
        elif one.kind == "voucher":
            words = localized(vouchers.voucher(one.subject_id, now=now).program.names)
        until = one.undo_until if now < one.undo_until and not undone else None
        rows.append(Given(one.redemption_id, words, detail, scene, plate, one.uses, one.at, until, undone, href))
    return rows
