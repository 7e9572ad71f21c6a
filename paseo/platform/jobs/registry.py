"""Which sweeps there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sweep:
    name: str
    seconds: float
    longest: float
    function: Callable[[datetime], object]


_sweeps: dict[str, Sweep] = {}


def every[F: Callable[[datetime], object]](*, seconds: float, name: str, longest: float = 120) -> Callable[[F], F]:
    """Declares a sweep: ``function(now)`` runs every ``seconds``, once however many tickers there are.

    It starts no transaction: it calls operations, in portions, so that it never holds up orders. ``longest`` is after
    how many seconds a run counts as dead and may be started again.
    """

    def register(function: F) -> F:
        known = _sweeps.get(name)
        if known is not None and known.function.__module__ != function.__module__:
            raise ValueError(f"There are two sweeps named {name}.")
        _sweeps[name] = Sweep(name, seconds, longest, function)
        return function

    return register


def unregister(name: str) -> None:
    """Takes a sweep out again, for tests."""
    del _sweeps[name]


def sweeps() -> list[Sweep]:
    """All sweeps, by name."""
    return [_sweeps[name] for name in sorted(_sweeps)]
