"""From rows to values and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from paseo.capabilities.fulfillment.models import Handover
from paseo.capabilities.fulfillment.values import HandoverView, SlipLine


def slip_json(lines: tuple[SlipLine, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(line.line_id),
            "names": dict(line.names),
            "quantity": line.quantity,
            "options": [dict(option) for option in line.options],
            "without": [dict(option) for option in line.without],
            "note": line.note,
            "state": line.state,
        }
        for line in lines
    ]


def slip_lines(stored: list[dict[str, Any]]) -> tuple[SlipLine, ...]:
    return tuple(
        SlipLine(
            line_id=UUID(line["id"]),
            names=line["names"],
            quantity=line["quantity"],
            options=tuple(line["options"]),
            without=tuple(line["without"]),
            note=line["note"],
            state=line["state"],
        )
        for line in stored
    )


def handover_view(row: Handover) -> HandoverView:
    return HandoverView(
        id=row.id,
        store_id=row.store_id,
        merchant_id=row.merchant_id,
        kind=row.kind,
        plate=row.plate,
        code_id=row.code_id,
        state=row.state,
        customer=row.customer,
        slip=slip_lines(row.slip),
        note=row.note,
        opened_at=row.opened_at,
        promised_at=row.promised_at,
        first_promised_at=row.first_promised_at,
        accepted_at=row.accepted_at,
        started_at=row.started_at,
        ready_at=row.ready_at,
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )
