"""The page about orders shows the machines as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from paseo.kernel.states import machines

PAGE = Path(__file__).resolve().parents[3] / "docs" / "order-flow.md"


@pytest.mark.parametrize("name", ["cart", "order", "order_change", "payment", "refund", "handover"])
def test_the_diagram_is_the_machine(name: str) -> None:
    assert f"```mermaid\n{machines()[name].mermaid()}\n```" in PAGE.read_text()
