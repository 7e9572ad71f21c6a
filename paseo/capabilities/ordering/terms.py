"""A merchant's terms as they are kept in this process for a few seconds: the order path asks for them every time."""

from __future__ import annotations

import time
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import ContractView

SECONDS = 5.0
MOST = 5_000
_known: dict[UUID, tuple[float, Terms]] = {}


class Terms(NamedTuple):
    operator_id: UUID
    contract: ContractView | None

    def commission_bps(self, now: datetime) -> int:
        if self.contract is None or self.contract.valid_from > now:
            return 0
        return self.contract.commission_at(now)


def terms_of(merchant_id: UUID, now: datetime) -> Terms:
    """Two statements, none within a few seconds."""
    tick = time.monotonic()
    known = _known.get(merchant_id)
    if known is not None and known[0] > tick:
        return known[1]
    found = Terms(directory.merchant(merchant_id).operator_id, directory.contract_of(merchant_id, now))
    if len(_known) >= MOST:
        _known.clear()
    _known[merchant_id] = (tick + SECONDS, found)
    return found


def forget() -> None:
    """Terms are read again, for tests."""
    _known.clear()
