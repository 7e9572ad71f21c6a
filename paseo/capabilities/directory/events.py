"""Facts that directory publishes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from paseo.kernel.events import event


def staff_topic(tenant_id: UUID, person_id: UUID) -> str:
    """What the page of somebody at work listens to besides the shop: the end of their access."""
    return f"staff:{tenant_id}:{person_id}"


@dataclass(frozen=True)
class _OfMerchant:
    merchant_id: UUID

    @property
    def subject(self) -> str:
        return f"merchant:{self.merchant_id}"


@event("directory.merchant_applied")
@dataclass(frozen=True)
class MerchantApplied(_OfMerchant):
    """Somebody asks to sell here."""

    legal_name: str


@event("directory.merchant_approved")
@dataclass(frozen=True)
class MerchantApproved(_OfMerchant):
    """The papers were found good."""


@event("directory.merchant_refused")
@dataclass(frozen=True)
class MerchantRefused(_OfMerchant):
    """The application was turned down, with a reason for the applicant."""

    reason: str


@event("directory.merchant_live")
@dataclass(frozen=True)
class MerchantLive(_OfMerchant):
    """The merchant sells from now on, for the first time or again."""

    resumed: bool = False


@event("directory.merchant_suspended")
@dataclass(frozen=True)
class MerchantSuspended(_OfMerchant):
    """All stores of the merchant are dark from now on. ``reason`` is for the merchant. ``orders`` says how those that
    are in hand end: "finish" (they are still made) or "cancel" (they are taken back and paid back)."""

    reason: str
    orders: str = "finish"


@event("directory.contract_signed")
@dataclass(frozen=True)
class ContractSigned(_OfMerchant):
    """New terms hold from their first day."""

    contract_id: UUID
    commission_bps: int


@event("directory.access_ended")
@dataclass(frozen=True)
class AccessEnded:
    """Somebody does not work for the merchant any more; the person's open pages follow nothing from now on."""

    merchant_id: UUID
    person_id: UUID

    @property
    def subject(self) -> str:
        return staff_topic(self.merchant_id, self.person_id)


@dataclass(frozen=True)
class _OfStore:
    store_id: UUID
    merchant_id: UUID

    @property
    def subject(self) -> str:
        return f"store:{self.store_id}"


@event("directory.store_opened")
@dataclass(frozen=True)
class StoreOpened(_OfStore):
    """The store takes orders in its opening hours."""


@event("directory.store_paused")
@dataclass(frozen=True)
class StorePaused(_OfStore):
    """The store takes no orders for a while; ``until`` is ISO 8601, empty when not known."""

    until: str
    reason: str


@event("directory.store_changed")
@dataclass(frozen=True)
class StoreChanged(_OfStore):
    """Something that customers see has changed; ``fields`` names it."""

    fields: list[str]
