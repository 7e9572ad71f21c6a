"""What the operator decides about a merchant. Each is one form, sent to its own address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from paseo.capabilities.directory import operations, queries
from paseo.capabilities.directory.refusals import ContractOverlaps
from paseo.capabilities.ordering import operations as ordering
from paseo.channels.console.city.contract import ContractForm
from paseo.channels.console.city.frame import operators, to
from paseo.channels.console.city.merchant import merchant_page
from paseo.channels.console.city.merchants import merchant_of
from paseo.channels.console.desk import scope_of
from paseo.channels.console.goods.sending import once
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, NotFound, StaleRequest
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.ui.text import refusal_text

Act = Callable[[HttpRequest, UUID, str, datetime], str]


def _start_review(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    operations.start_review(merchant_id=merchant_id, now=now, actor=actor)
    return gettext("The review is yours.")


def _approve(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    operations.approve(merchant_id=merchant_id, now=now, actor=actor)
    return gettext("Approved. The merchant can now get ready and turn the lights on.")


def _refuse(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    operations.refuse(merchant_id=merchant_id, reason=_reason(request), now=now, actor=actor)
    return gettext("Refused. The applicant reads your reason.")


def _suspend(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    orders = request.POST.get("orders", "finish")
    operations.suspend(merchant_id=merchant_id, reason=_reason(request), now=now, actor=actor, orders=orders)
    if orders == "cancel":
        return gettext(
            "Suspended. Its lights are out; what is in hand is taken back and paid back, and its buyers read so."
        )
    return gettext("Suspended. Its lights are out; what is in hand is still made, and its buyers read so.")


def _take_back(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    if queries.merchant(merchant_id).state != "suspended":
        raise NotFound
    kept = ordering.end_orders(merchant_id=merchant_id, confirmed=True, actor=actor, now=now)
    if kept:
        return ngettext(
            "All but %(count)s are taken back: a deal of it was used in part.",
            "All but %(count)s are taken back: deals of them were used in part.",
            len(kept),
        ) % {"count": len(kept)}
    return gettext("The orders in hand are taken back, and their money goes back.")


def _resume(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    operations.resume(merchant_id=merchant_id, now=now, actor=actor)
    return gettext("Its lights are on again.")


def _close(request: HttpRequest, merchant_id: UUID, actor: str, now: datetime) -> str:
    reason = _reason(request)
    if not reason.strip():
        raise Invalid(fields={"reason": N_("Write the reason, the merchant will read it.")})
    if request.POST.get("sure") != "1":
        raise Invalid(fields={"sure": N_("Say that you are sure: this cannot be taken back.")})
    operations.close_merchant(merchant_id=merchant_id, reason=reason, now=now, actor=actor)
    return gettext("Closed for good. Books and orders stay.")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:300]


ACTS: dict[str, tuple[Act, set[str]]] = {
    "review": (_start_review, {"in_review"}),
    "approve": (_approve, {"approved", "live"}),
    "refuse": (_refuse, {"refused"}),
    "suspend": (_suspend, {"suspended"}),
    "take-back": (_take_back, {"suspended"}),
    "resume": (_resume, {"live"}),
    "close": (_close, {"closed"}),
}
"""Each act with the states to which it has led: the second press of the same button is no mistake."""


@require_POST
@operators("merchant.approve")
def act(request: HttpRequest, merchant_id: UUID, act: str) -> HttpResponse:
    """Refuses NotFound for another operator's merchant and an unknown act, and what the operation refuses."""
    scope, now = scope_of(request), clock.now()
    merchant_of(scope.tenant_id, merchant_id)
    if act not in ACTS:
        raise NotFound
    do, reached = ACTS[act]
    said = ""
    try:
        with unit():
            said = do(request, merchant_id, scope.actor, now)
            record(
                scope.actor,
                f"merchant.{act}",
                f"merchant:{merchant_id}",
                tenant_id=merchant_id,
                why=_reason(request),
                at=now,
            )
    except NotAllowed:
        if queries.merchant(merchant_id).state not in reached:
            raise
    except Invalid as refusal:
        return merchant_page(request, merchant_id, refusal=refusal_text(refusal), tried=act)
    return to(request, "city-merchant", merchant_id, said=said)


@require_POST
@operators("merchant.approve")
def sign(request: HttpRequest, merchant_id: UUID) -> HttpResponse:
    """New terms. Refuses StaleRequest when somebody else has signed meanwhile."""
    scope, now = scope_of(request), clock.now()
    merchant_of(scope.tenant_id, merchant_id)
    form = ContractForm(request.POST)
    if form.is_valid():
        try:
            once(request, lambda: _sign(merchant_id, form, scope.actor, now))
        except (Invalid, ContractOverlaps) as refusal:
            form.refuse(refusal)
    if form.errors:
        form.focus_first_problem()
        return merchant_page(request, merchant_id, form=form, tried="contract")
    return to(request, "city-merchant", merchant_id, query="#terms", said=gettext("The new terms are signed."))


def _sign(merchant_id: UUID, form: ContractForm, actor: str, now: datetime) -> str:
    known = queries.contracts(merchant_id)
    if (known[0].id if known else None) != form.seen:
        raise StaleRequest
    terms = form.terms(now)
    with unit():
        signed = str(operations.sign_contract(merchant_id=merchant_id, now=now, actor=actor, **terms))
        record(actor, "merchant.sign", f"merchant:{merchant_id}", tenant_id=merchant_id, after=terms, at=now)
    return signed
