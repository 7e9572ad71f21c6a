"""Who runs the platform for whom: a question that only packages above can answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Operators = Callable[[Collection[UUID]], Mapping[UUID, UUID]]
Merchants = Callable[[UUID], Collection[UUID]]

_operators: list[Operators] = []
_merchants: list[Merchants] = []


def know_operators_by(operators: Operators, merchants: Merchants) -> None:
    """Registers ``operators(tenant ids)``, the operator of each, and ``merchants(operator id)``, all of one."""
    _operators[:] = [operators]
    _merchants[:] = [merchants]


def operators_of(tenant_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    return _operators[0](tenant_ids) if _operators and tenant_ids else {}


def merchants_of(operator_id: UUID) -> Collection[UUID]:
    return _merchants[0](operator_id) if _merchants else ()
