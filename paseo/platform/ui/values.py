"""What pages hand to the components. Frozen, without markup; words are already in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from paseo.kernel.money import Money

Scene = Literal["here", "pickup", "delivery", "voucher", "booking", "freight", "member"]
StationKind = Literal["contact", "step", "change", "end"]
StationState = Literal["done", "now", "next", "refused"]
LampState = Literal["lit", "half", "dark"]


@dataclass(frozen=True, slots=True)
class Station:
    """One thing on a line. ``time`` stands at the end edge: a clock time, or a promise ("about 18:25")."""

    words: str
    state: StationState = "next"
    kind: StationKind = "step"
    time: str = ""
    detail: str = ""
    href: str = ""
    link_words: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("contact", "step", "change", "end"):
            raise ValueError(f"A station is no {self.kind!r}.")
        if self.state not in ("done", "now", "next", "refused"):
            raise ValueError(f"A station is never {self.state!r}.")


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the five stages. ``base`` names what a share is a share of; ``href`` opens the rows behind the number."""

    words: str
    quantity: int
    base: str = ""
    href: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something one can do. ``now``: the one yellow thing. ``post``: sends a form instead of following a link."""

    words: str
    href: str
    now: bool = False
    post: bool = False
    stop: bool = False
    amount: Money | None = None
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One place of the bottom bar, the staff rail, or a row of sections. ``count`` is a number that needs a person."""

    words: str
    href: str
    icon: str = ""
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class House:
    """One house of the street strip. ``distance`` in metres stands on the pavement below it."""

    seed: str
    name: str = ""
    kind: str = "shop"
    goods: str = "cup"
    state: LampState = "lit"
    distance: int | None = None
    width: int = 0
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One thing on the paper. ``notes`` stand under it (options), ``hurt`` is what must not be overlooked (allergy).

    ``was`` is struck beside the amount; ``refused`` strikes the line itself. ``acts`` answer a change in place.
    """

    words: str
    amount: Money | None = None
    quantity: int = 1
    notes: tuple[str, ...] = ()
    hurt: str = ""
    was: Money | None = None
    refused: bool = False
    explain: str = ""
    acts: tuple[Act, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A discount (``good``), a tax (``foot``) or another sum below the lines. The words name who pays a discount."""

    words: str
    amount: Money
    good: bool = False
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    total_words: str
    total: Money
    lines: Sequence[ReceiptLine] = ()
    rows: Sequence[ReceiptRow] = ()
    title: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket: body and stub; with ``code`` the tall form with the code above and its life as a line below.

    ``stamp`` (e.g. "Used 18:06") lands on a used ticket, whose code then fades to 16 %.
    """

    words: str
    detail: str = ""
    value: str = ""
    value_foot: str = ""
    href: str = ""
    scene: Scene = "voucher"
    code: str = ""
    link: str = ""
    hint: str = ""
    stamp: str = ""
    stations: Sequence[Station] = ()
    seed: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``before`` is the same figure of the last comparable day, a grey stroke; ``now`` is still growing."""

    words: str
    value: int
    before: int | None = None
    now: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    words: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """A source or a target of a flow. The scene gives a target its pictogram."""

    key: str
    words: str
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """``links`` maps (source key, target key) to a quantity. Both sides add up to the same sum by construction."""

    sources: tuple[FlowEnd, ...]
    targets: tuple[FlowEnd, ...]
    links: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the guest is: the words of the place plate at the top of each guest page."""

    words: str
    second: str = ""
    href: str = ""
