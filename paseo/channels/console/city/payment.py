"""One payment that needs a person: parked, silent, or with money on its way back that does not arrive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.payments import operations, queries
from paseo.capabilities.payments.refusals import NothingPaid, RefundTooLarge
from paseo.channels.console.city.frame import operators, show, to
from paseo.channels.console.desk import scope_of
from paseo.channels.console.shop.reasons import RETURNED
from paseo.kernel import clock
from paseo.kernel.errors import Invalid, NotFound
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.ui.formatting import money
from paseo.platform.ui.text import RefusalText, refusal_text

STATES = {
    "created": gettext_noop("begun"),
    "pending": gettext_noop("under way"),
    "authorized": gettext_noop("reserved"),
    "captured": gettext_noop("paid"),
    "partly_refunded": gettext_noop("paid, part given back"),
    "refunded": gettext_noop("given back"),
    "declined": gettext_noop("declined"),
    "cancelled": gettext_noop("ended"),
    "expired": gettext_noop("ended"),
    "parked": gettext_noop("parked"),
    "surplus": gettext_noop("paid twice, going back"),
}
REFUNDS = {
    "requested": gettext_noop("on its way"),
    "sent": gettext_noop("on its way"),
    "done": gettext_noop("arrived"),
    "failed": gettext_noop("failed"),
}


ELSEWHERE = (
    ("bank", gettext_noop("We sent it by bank transfer.")),
    ("gateway", gettext_noop("It was given back at the payment service by hand, or its bank took it back.")),
)
"""How a refund that was refused has reached the buyer after all."""


@require_GET
@operators("money.see")
def payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Refuses NotFound."""
    return payment_page(request, payment_id)


def payment_page(
    request: HttpRequest, payment_id: UUID, *, refusal: RefusalText | None = None, tried: UUID | None = None
) -> HttpResponse:
    """``tried`` is the refund whose settling was refused: its form stays open."""
    scope, now = scope_of(request), clock.now()
    found = queries.payment(payment_id)
    card = directory.merchant(found.tenant_id)
    if card.operator_id != scope.tenant_id:
        raise NotFound
    refunds = [one for one in queries.refunds_of(found.subject_id) if one.payment_id == payment_id]
    summary = orders.summaries([found.subject_id], scope=scope).get(found.subject_id)
    parked = found.state == "parked" and found.refundable_minor > 0
    return show(
        request,
        "payment",
        "orders",
        payment=found,
        merchant=card,
        order=summary,
        came=Money(found.captured_minor, found.captured_currency or found.currency) if found.captured_minor else None,
        back=Money(found.refundable_minor, found.captured_currency or found.currency),
        state=gettext(STATES.get(found.state, found.state)),
        refunds=[
            {
                "refund": one,
                "state": gettext(REFUNDS.get(one.state, one.state)),
                "late": one.state != "done" and one.expected_by < now,
                "why": one.note or (gettext(RETURNED[one.reason]) if one.reason in RETURNED else ""),
                "elsewhere": gettext(dict(ELSEWHERE)[one.elsewhere]) if one.elsewhere else "",
            }
            for one in refunds
        ],
        may_act=scope.may("money.act"),
        ways=[(key, gettext(words)) for key, words in ELSEWHERE],
        refusal=refusal,
        tried=tried,
        typed=request.POST,
        status=refusal.status if refusal else 200,
        can_return=scope.may("money.act") and parked,
        can_ask=scope.may("money.act") and found.is_open and found.method != "cash",
    )


@require_GET
@operators("money.see")
def refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """From a refund to its payment's page."""
    found = queries.refund(refund_id)
    return HttpResponseRedirect(f"{reverse('console:city-payment', args=[found.payment_id])}#refund-{refund_id}")


@require_POST
@operators("money.act")
def give_back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """What came by mistake goes back whole. Twice is once."""
    scope, now = scope_of(request), clock.now()
    _own(scope.tenant_id, payment_id)
    try:
        note = request.POST.get("note", "").strip()[:300]
        with unit():
            done = operations.refund_parked(payment_id=payment_id, note=note, actor=scope.actor, now=now)
            _record(request, "return", f"payment:{payment_id}", now, note)
    except (NothingPaid, RefundTooLarge):
        if not queries.payment(payment_id).refunding_minor:
            raise
        return to(request, "city-payment", payment_id)
    return to(request, "city-payment", payment_id, said=gettext("%(sum)s goes back.") % {"sum": money(done.amount)})


@require_POST
@operators("money.act")
def ask(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Asks the payment service how it stands, and does what follows from the answer."""
    scope, now = scope_of(request), clock.now()
    _own(scope.tenant_id, payment_id)
    notice = operations.fetch_state(payment_id=payment_id, now=now)
    if notice is None:
        said = gettext("The payment service did not answer. It is asked again by itself.")
    else:
        ordering.apply_notice(notice=notice, now=now)
        state = queries.payment(payment_id).state
        said = gettext("The payment service says: %(state)s.") % {"state": gettext(STATES.get(state, state))}
    return to(request, "city-payment", payment_id, said=said)


@require_POST
@operators("money.act")
def retry(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Sends a failed refund again. Twice is once."""
    scope, now = scope_of(request), clock.now()
    found = queries.refund(refund_id)
    _own(scope.tenant_id, found.payment_id)
    said = gettext("The refund is sent again.")
    try:
        with unit():
            operations.retry_refund(refund_id=refund_id, actor=scope.actor, now=now)
            _record(request, "retry_refund", f"refund:{refund_id}", now)
    except NotAllowed:
        said = ""
    return to(request, "city-payment", found.payment_id, said=said)


@require_POST
@operators("money.act")
def settle(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """A failed refund has reached the buyer another way. Twice is once."""
    scope, now = scope_of(request), clock.now()
    found = queries.refund(refund_id)
    _own(scope.tenant_id, found.payment_id)
    how, note = request.POST.get("how", ""), request.POST.get("note", "")[:200]
    said = gettext("%(sum)s counts as given back.") % {"sum": money(found.amount)}
    try:
        with unit():
            operations.settle_elsewhere(refund_id=refund_id, how=how, note=note, actor=scope.actor, now=now)
            _record(request, "settle_refund", f"refund:{refund_id}", now, f"{how}: {note}")
    except NotAllowed:
        said = ""
    except Invalid as refusal:
        return payment_page(request, found.payment_id, refusal=refusal_text(refusal), tried=refund_id)
    return to(request, "city-payment", found.payment_id, said=said)


def _record(request: HttpRequest, what: str, subject: str, now: datetime, why: str = "") -> None:
    scope = scope_of(request)
    record(scope.actor, f"payment.{what}", subject, tenant_id=scope.tenant_id, why=why, at=now)


def _own(operator_id: UUID, payment_id: UUID) -> None:
    """Refuses NotFound for a payment at another operator's merchant."""
    if directory.merchant(queries.payment(payment_id).tenant_id).operator_id != operator_id:
        raise NotFound
