"""What payments expects of a gateway, and the register of those that are installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from paseo.capabilities.payments.refusals import UnknownMethod
from paseo.capabilities.payments.values import GatewayState, Notice, RefundState, StatementRow


class Gateway(Protocol):
    """Adapters of this port pass tests/contracts/payment_gateway.py.

    ``start`` and ``read_notice`` are pure. The others use the network: they raise ``GatewayTrouble`` when the result is
    unknown and ``GatewayRefused`` for a final no, and may be repeated with the same ids without a second effect.
    """

    name: str

    def start(
        self,
        *,
        payment_id: UUID,
        amount_minor: int,
        currency: str,
        description: str,
        return_url: str,
        locale: str,
        expires_at: datetime | None,
        now: datetime,
    ) -> str:
        """The address of the page on which the buyer pays, signed here."""
        ...

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """The message, or the refusal ``BadSignature``."""
        ...

    def fetch(self, payment_id: UUID) -> GatewayState: ...

    def capture(self, payment_id: UUID) -> GatewayState: ...

    def cancel(self, payment_id: UUID) -> GatewayState: ...

    def refund(self, *, payment_id: UUID, refund_id: UUID, amount_minor: int, currency: str) -> RefundState: ...

    def statement(self, day: date) -> list[StatementRow]:
        """What the gateway booked on a UTC day."""
        ...


_gateways: dict[str, Gateway] = {}


def register(gateway: Gateway) -> Gateway:
    _gateways[gateway.name] = gateway
    return gateway


def gateway(name: str) -> Gateway:
    """Refuses ``UnknownMethod``."""
    try:
        return _gateways[name]
    except KeyError:
        raise UnknownMethod(method=name) from None


def gateways() -> tuple[str, ...]:
    return tuple(_gateways)
