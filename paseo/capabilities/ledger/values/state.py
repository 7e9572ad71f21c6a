"""States of a transfer."""

from enum import StrEnum


class State(StrEnum):
    """What a transfer does: announce, move, or take an announcement back."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"

    @classmethod
    def values(cls) -> list[str]:
        return [str(state) for state in cls]
