"""At the counter: a voucher used whole, once of many times, or in part; and given back within the undo window.

The code itself was checked and counted by ``platform.codes``; the caller does both in one unit.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from paseo.capabilities.vouchers import refusals
from paseo.capabilities.vouchers.events import RedemptionUndone, VoucherRedeemed
from paseo.capabilities.vouchers.models import Voucher, VoucherUse
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import add, guarded, operation
from paseo.platform.outbox import emit


@operation
def redeem(*, voucher_id: UUID, redemption_id: UUID, now: datetime, uses: int = 1, store_id: UUID | None = None) -> int:
    """Counts ``uses`` of the voucher under the redemption's id, once, and returns what is left.

    Refuses ``UnknownVoucher``, ``WrongStore``, ``NothingLeft``, ``NotUsable``.
    """
    voucher = Voucher.objects.select_related("program").filter(id=voucher_id).first()
    if voucher is None:
        raise refusals.UnknownVoucher
    key = f"redemption:{redemption_id}"
    if VoucherUse.objects.filter(voucher_id=voucher_id, key=key, undone_at__isnull=True).exists():
        return voucher.uses_left
    allowed = voucher.program.store_ids
    if allowed is not None and store_id is not None and str(store_id) not in allowed:
        raise refusals.WrongStore
    rows = Voucher.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), id=voucher_id, state="claimed", uses_left__gte=uses
    )
    if uses < 1 or not guarded(
        rows,
        uses_left=F("uses_left") - uses,
        state=Case(When(uses_left=uses, then=Value("used")), default=Value("claimed")),
    ):
        voucher.refresh_from_db()
        if voucher.state == "claimed" and not (uses >= 1 and voucher.uses_left >= uses):
            raise refusals.NothingLeft(uses=uses, left=voucher.uses_left)
        state = "expired" if voucher.state == "claimed" else voucher.state
        raise refusals.NotUsable(state=state)
    left = Voucher.objects.values_list("uses_left", flat=True).get(id=voucher_id)
    add(VoucherUse(id=new_id(), voucher_id=voucher_id, key=key, uses=uses, store_id=store_id, at=now))
    emit(
        VoucherRedeemed(voucher_id, voucher.program_id, voucher.merchant_id, store_id, voucher.owner, uses, left, now),
        tenant_id=voucher.merchant_id,
        place_id=store_id,
    )
    return left


@operation
def unredeem(*, redemption_id: UUID, now: datetime) -> int:
    """Takes the uses of a redemption back; repeating it changes nothing. Returns how many uses came back."""
    back = 0
    for use in VoucherUse.objects.select_related("voucher").filter(
        key=f"redemption:{redemption_id}", undone_at__isnull=True
    ):
        if not guarded(VoucherUse.objects.filter(id=use.id, undone_at__isnull=True), undone_at=now):
            continue
        Voucher.objects.filter(id=use.voucher_id).update(
            uses_left=F("uses_left") + use.uses,
            state=Case(When(state="used", then=Value("claimed")), default=F("state")),
        )
        emit(
            RedemptionUndone(use.voucher_id, use.voucher.merchant_id, use.store_id, use.uses, now),
            tenant_id=use.voucher.merchant_id,
            place_id=use.store_id,
        )
        back += use.uses
    return back
