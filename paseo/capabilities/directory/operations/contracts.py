"""Terms between the operator and a merchant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from paseo.capabilities.directory.events import ContractSigned
from paseo.capabilities.directory.models import Contract
from paseo.capabilities.directory.operations.merchants import require_merchant
from paseo.capabilities.directory.refusals import ContractOverlaps
from paseo.kernel.errors import N_, Invalid
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit


@operation
def sign_contract(
    *,
    merchant_id: UUID,
    commission_bps: int,
    currency: str,
    now: datetime,
    actor: str,
    monthly_fee_minor: int = 0,
    trial_until: datetime | None = None,
    valid_from: datetime | None = None,
) -> UUID:
    """Signs new terms from ``valid_from`` (now) on; the present contract ends there, so that none overlap.

    ``commission_bps`` is in hundredths of a percent, 0 to 10,000. Orders keep the rate they were placed with.
    Refuses ContractOverlaps when the present contract begins later, Invalid.
    """
    if not 0 <= commission_bps <= 10_000:
        raise Invalid(fields={"commission_bps": N_("The commission lies between 0 and 100 percent.")})
    if monthly_fee_minor < 0:
        raise Invalid(fields={"monthly_fee_minor": N_("The fee cannot be negative.")})
    if len(currency) != 3:
        raise Invalid(fields={"currency": N_("Choose the currency of the fee.")})
    start = valid_from or now
    if start < now:
        raise Invalid(fields={"valid_from": N_("A contract cannot begin in the past.")})
    require_merchant(merchant_id)
    present = Contract.objects.filter(Q(valid_until=None) | Q(valid_until__gt=start), merchant_id=merchant_id)
    for contract in present.order_by("valid_from"):
        if contract.valid_from > start:
            raise ContractOverlaps(valid_from=contract.valid_from)
        Contract.objects.filter(id=contract.id).update(valid_until=start)
    signed = Contract.objects.create(
        merchant_id=merchant_id,
        commission_bps=commission_bps,
        monthly_fee_minor=monthly_fee_minor,
        currency=currency.upper(),
        trial_until=trial_until,
        valid_from=start,
        signed_at=now,
        signed_by=actor[:100],
    )
    emit(ContractSigned(merchant_id, signed.id, commission_bps), tenant_id=merchant_id, at=now)
    return signed.id
