"""From the application to the approval."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.directory.events import MerchantApplied, MerchantApproved, MerchantRefused
from paseo.capabilities.directory.models import Merchant, Paper
from paseo.capabilities.directory.operations.merchants import move_merchant, require_merchant
from paseo.capabilities.directory.refusals import AlreadyApplied, BadPhone
from paseo.capabilities.directory.rules.phones import e164
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation
from paseo.platform.outbox import emit
from paseo.platform.tenancy import operations as tenancy
from paseo.platform.tenancy import queries as tenants


@operation
def apply_merchant(
    *,
    legal_name: str,
    now: datetime,
    actor: str,
    operator_id: UUID | None = None,
    applicant_id: UUID | None = None,
    business_id: str = "",
    country: str = "",
    email: str = "",
    phone: str = "",
    merchant_id: UUID | None = None,
) -> UUID:
    """Makes a merchant and its tenant; the applicant becomes its owner. The same ``merchant_id`` again: no change.

    Refuses AlreadyApplied (business number in use), BadPhone, Invalid.
    """
    legal_name = " ".join(legal_name.split())
    if not legal_name:
        raise Invalid(fields={"legal_name": N_("Write the name of the business.")})
    operator_id = operator_id or _only_operator()
    business_id = business_id.replace(" ", "").upper()
    merchant_id = merchant_id or new_id()
    if Merchant.objects.filter(id=merchant_id).exists():
        return merchant_id
    _refuse_known(operator_id, country, business_id)
    number = ""
    if phone.strip():
        number = e164(phone, country) or ""
        if not number:
            raise BadPhone(phone)
    tenancy.found_tenant(kind="merchant", name=legal_name, now=now, tenant_id=merchant_id)
    Merchant.objects.create(
        id=merchant_id,
        operator_id=operator_id,
        legal_name=legal_name[:200],
        business_id=business_id[:60],
        country=country.upper()[:2],
        email=email.strip(),
        phone=number,
        applicant_id=applicant_id,
        applied_at=now,
    )
    if applicant_id is not None:
        tenancy.grant(person_id=applicant_id, tenant_id=merchant_id, role="owner", now=now, by=None)
    emit(MerchantApplied(merchant_id, legal_name), tenant_id=merchant_id, at=now)
    return merchant_id


def _only_operator() -> UUID:
    operators = tenants.tenants_of_kind("operator")
    if not operators:
        raise Invalid(fields={"operator": N_("This installation has no operator yet.")})
    return operators[0].id


def _refuse_known(operator_id: UUID, country: str, business_id: str) -> None:
    if business_id and (
        Merchant.objects.filter(operator_id=operator_id, country=country.upper()[:2], business_id=business_id)
        .exclude(state__in=["refused", "closed"])
        .exists()
    ):
        raise AlreadyApplied(business_id=business_id)


@operation
def add_paper(*, merchant_id: UUID, kind: str, media_id: UUID, name: str, now: datetime, actor: str) -> UUID:
    """Adds a document, already stored by media, to the merchant's file. Refuses Invalid for an unknown kind."""
    if kind not in Paper.KINDS:
        raise Invalid(fields={"kind": N_("Choose what kind of paper this is.")})
    require_merchant(merchant_id)
    return Paper.objects.create(
        merchant_id=merchant_id, kind=kind, media_id=media_id, name=name[:200], added_by=actor[:100], added_at=now
    ).id


@operation
def start_review(*, merchant_id: UUID, now: datetime, actor: str) -> None:
    """applied → in review. Refuses NotAllowed in any other state."""
    move_merchant(merchant_id, "start_review", now, actor)


@operation
def approve(*, merchant_id: UUID, now: datetime, actor: str) -> None:
    """in review → approved: the merchant may now get ready and go live."""
    move_merchant(merchant_id, "approve", now, actor)
    emit(MerchantApproved(merchant_id), tenant_id=merchant_id, at=now)


@operation
def refuse(*, merchant_id: UUID, reason: str, now: datetime, actor: str) -> None:
    """Turns the application down; the reason is for the applicant to read. Refuses Invalid without one."""
    if not reason.strip():
        raise Invalid(fields={"reason": N_("Write the reason, the applicant will read it.")})
    move_merchant(merchant_id, "refuse", now, actor, reason=reason)
    emit(MerchantRefused(merchant_id, reason), tenant_id=merchant_id, at=now)
