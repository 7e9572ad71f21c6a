"""Modes: in which order a person goes through phone and place. Declared as data; one rule names the mode of an order.

A *mode* is a row of *steps*, each ``online`` or ``offline``, each made of contacts. What a mode answers for is read from
its steps: where the first one happens, and whether a person orders online again after having received something at the
place. See docs/algorithms/modes.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from paseo.capabilities.journeys.kinds import KINDS
from paseo.kernel.errors import N_

Where = Literal["online", "offline"]
Reason = Literal["again", "in_place", "on_paper", "by_link", "unknown", "direct"]

THINGS = frozenset({"qr_poster", "label", "nfc", "screen"})
"""Kinds of touchpoints that one stands before. A link is opened where one is."""


@dataclass(frozen=True, slots=True)
class Step:
    """``contacts``: the kinds of contacts that show that somebody took this step. ``words``: English, translatable."""

    key: str
    where: Where
    contacts: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Mode:
    key: str
    words: str
    steps: tuple[Step, ...]

    @property
    def begins(self) -> Where:
        return self.steps[0].where

    @property
    def returns(self) -> bool:
        """Whether something is ordered online after something was received at the place."""
        received = False
        for step in self.steps:
            if received and step.where == "online" and "order" in step.contacts:
                return True
            received = received or (step.where == "offline" and "redemption" in step.contacts)
        return False


@dataclass(frozen=True, slots=True)
class Met:
    """The touchpoint of the first touch: its kind ("" when nothing is known of it), and whether it belongs to a place."""

    kind: str
    stands: bool

    @property
    def where(self) -> Where:
        return "offline" if self.kind in THINGS else "online"


@dataclass(frozen=True, slots=True)
class Classified:
    mode: str
    reason: Reason

    @property
    def words(self) -> str:
        """The reason as an English sentence, translatable."""
        return REASONS[self.reason]


REASONS: dict[Reason, str] = {
    "again": N_("Had received an order here before, and ordered online again."),
    "in_place": N_("Was first met at a poster, label, tag or screen in a place."),
    "on_paper": N_("Was first met at a printed code that belongs to no single place."),
    "by_link": N_("Came first by a link."),
    "unknown": N_("Came first by something that is not known here any more."),
    "direct": N_("Came directly, without poster or link."),
}

MODES = (
    Mode(
        "online_offline",
        N_("From the phone to the place"),
        (
            Step(
                "found", "online", ("exposure", "search", "scan", "visit", "view"), N_("Found by search, map or link")
            ),
            Step("ordered", "online", ("cart", "order", "payment"), N_("Ordered on the phone")),
            Step("consumed", "offline", ("redemption",), N_("Received or eaten at the place")),
        ),
    ),
    Mode(
        "offline_online",
        N_("From the place to the phone"),
        (
            Step("met", "offline", ("scan",), N_("Met a poster, label, tag or screen")),
            Step("led", "online", ("visit", "view", "cart"), N_("Led into the online shop")),
            Step("ordered", "online", ("order", "payment"), N_("Ordered on the phone")),
            Step("received", "offline", ("redemption",), N_("Received or eaten at the place")),
        ),
    ),
    Mode(
        "online_offline_online",
        N_("After the place, on the phone again"),
        (
            Step("ordered", "online", ("order", "payment"), N_("Ordered on the phone")),
            Step("received", "offline", ("redemption",), N_("Received it at the place")),
            Step("again", "online", ("visit", "view", "cart", "order", "payment"), N_("Ordered on the phone again")),
        ),
    ),
)


def check(modes: Sequence[Mode]) -> None:
    """Refuses (ValueError) modes of which one is not a way between phone and place, or that leave an order without
    exactly one answer."""
    _once("Modes", [mode.key for mode in modes])
    for mode in modes:
        _once(f"Steps of {mode.key}", [step.key for step in mode.steps])
        for step in mode.steps:
            if step.where not in get_args(Where):
                raise ValueError(f"{mode.key}.{step.key} happens {step.where!r}, which is neither online nor offline.")
            unknown = [kind for kind in step.contacts if kind not in KINDS]
            if unknown or not step.contacts:
                raise ValueError(f"{mode.key}.{step.key} is made of no known contact: {unknown}.")
        if {step.where for step in mode.steps} != set(get_args(Where)):
            raise ValueError(f"{mode.key} needs at least one step online and one offline.")
    for begins in get_args(Where):
        for again in (False, True):
            found = _answering(modes, begins, again)
            if len(found) != 1:
                raise ValueError(f"Begun {begins}, again {again}: {len(found)} modes answer instead of one.")


def _once(what: str, keys: Sequence[str]) -> None:
    twice = sorted(key for key, count in Counter(keys).items() if count > 1 or not key)
    if twice or not keys:
        raise ValueError(f"{what} need a key of their own each: {twice}.")


def _answering(modes: Sequence[Mode], begins: Where, again: bool) -> list[Mode]:
    """Coming back comes before how it began; among those who are here for the first time, the beginning decides."""
    return [mode for mode in modes if mode.returns == again and (again or mode.begins == begins)]


check(MODES)

MODE_KEYS = tuple(mode.key for mode in MODES)


def mode_of(key: str) -> Mode:
    """Refuses KeyError for a mode that is not declared."""
    return {mode.key: mode for mode in MODES}[key]


def classify(first: Met | None, *, again: bool, modes: Sequence[Mode] = MODES) -> Classified:
    """The mode of an order and why. ``first``: what its buyer met first, None for nothing. ``again``: whether the same
    person or visitor received an order of this shop before. ``modes`` have passed ``check``."""
    (mode,) = _answering(modes, "online" if first is None else first.where, again)
    return Classified(mode.key, "again" if again else _reason(first))


def _reason(first: Met | None) -> Reason:
    if first is None:
        return "direct"
    if first.kind in THINGS:
        return "in_place" if first.stands else "on_paper"
    return "by_link" if first.kind == "link" else "unknown"
