"""Going live, being suspended, coming back, closing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.directory.events import MerchantLive, MerchantSuspended, StoreOpened
from paseo.capabilities.directory.models import Merchant, Store
from paseo.capabilities.directory.operations.merchants import move_merchant, require_merchant
from paseo.capabilities.directory.queries.report import readiness
from paseo.capabilities.directory.refusals import NotReady
from paseo.capabilities.directory.states import MERCHANT, STORE
from paseo.capabilities.directory.stored import forget
from paseo.kernel.errors import N_, Invalid
from paseo.platform.db.unit import operation, transition
from paseo.platform.outbox import emit

FINISH, CANCEL = "finish", "cancel"


@operation
def go_live(*, merchant_id: UUID, now: datetime, actor: str) -> None:
    """approved → live: its stores are found from now on and take orders in their hours.

    Refuses NotReady, with the report, while anything that it must have is missing; NotAllowed before the approval.
    """
    merchant = require_merchant(merchant_id)
    MERCHANT.next(merchant.state, "go_live")
    report = readiness(merchant_id)
    if not report.ready:
        raise NotReady(report)
    move_merchant(merchant_id, "go_live", now, actor, was=merchant.state, live_at=now)
    _light(merchant_id, True)
    for store_id in Store.objects.filter(merchant_id=merchant_id, state="preparing").values_list("pk", flat=True):
        transition(Store, store_id, STORE, "open", was="preparing", now=now, actor=actor)
        emit(StoreOpened(store_id, merchant_id), tenant_id=merchant_id, place_id=store_id, at=now)
    emit(MerchantLive(merchant_id), tenant_id=merchant_id, at=now)


@operation
def suspend(*, merchant_id: UUID, reason: str, now: datetime, actor: str, orders: str = FINISH) -> None:
    """live → suspended: all its stores are dark and not found. Orders in hand are still made (``orders`` "finish") or
    taken back and paid back ("cancel"); either way their buyers are told.

    Refuses Invalid without a reason, NotAllowed in any other state.
    """
    wrong = {}
    if not reason.strip():
        wrong["reason"] = N_("Write the reason, the merchant will read it.")
    if orders not in (FINISH, CANCEL):
        wrong["orders"] = N_("Say what becomes of the orders in hand.")
    if wrong:
        raise Invalid(fields=wrong)
    move_merchant(merchant_id, "suspend", now, actor, reason)
    _light(merchant_id, False)
    emit(MerchantSuspended(merchant_id, reason, orders), tenant_id=merchant_id, at=now)


@operation
def resume(*, merchant_id: UUID, now: datetime, actor: str) -> None:
    """suspended → live again."""
    move_merchant(merchant_id, "resume", now, actor)
    Merchant.objects.filter(id=merchant_id).update(reason="")
    _light(merchant_id, True)
    emit(MerchantLive(merchant_id, resumed=True), tenant_id=merchant_id, at=now)


@operation
def close_merchant(*, merchant_id: UUID, reason: str, now: datetime, actor: str) -> None:
    """Ends the merchant for good; its stores close, orders in hand are taken back and paid back. Books stay."""
    merchant = require_merchant(merchant_id)
    move_merchant(merchant_id, "close", now, actor, reason, was=merchant.state)
    open_ones = Store.objects.filter(merchant_id=merchant_id).exclude(state="closed")
    for store_id, state in open_ones.values_list("pk", "state"):
        transition(Store, store_id, STORE, "close", was=state, now=now, actor=actor, reason=reason)
    _light(merchant_id, False)
    emit(MerchantSuspended(merchant_id, reason, CANCEL), tenant_id=merchant_id, at=now)


def _light(merchant_id: UUID, listed: bool) -> None:
    stores = Store.objects.filter(merchant_id=merchant_id)
    stores.update(listed=listed, version=F("version") + 1)
    forget(*stores.values_list("pk", flat=True))
