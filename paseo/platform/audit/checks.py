"""The registry of auditors: functions that look for broken invariants in the living system.

>>> @auditor("inventory.held_equals_holds")
... def held_equals_holds():
...     for item in …:
...         yield Finding("inventory.held_equals_holds", f"item:{item.id}", "…")
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """A broken invariant: which check found it, on what ("order:<id>"), and one English sentence for the operator."""

    check: str
    subject: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


Auditor = Callable[[], Iterable[Finding]]
_auditors: dict[str, Auditor] = {}


def auditor(name: str) -> Callable[[Auditor], Auditor]:
    """Registers a check under "package.what_must_hold". It reads only, and yields what is wrong."""

    def register(check: Auditor) -> Auditor:
        known = _auditors.setdefault(name, check)
        if (known.__module__, known.__qualname__) != (check.__module__, check.__qualname__):
            raise ValueError(f"The auditor {name} is registered twice.")
        return check

    return register


def auditors() -> list[str]:
    return sorted(_auditors)


def run_all(names: Iterable[str] | None = None) -> list[Finding]:
    """Runs the checks (all, or those named) in the order of their names.

    A check that breaks is a finding itself: an auditor that cannot look must not pass for one that found nothing.
    """
    findings: list[Finding] = []
    for name in sorted(_auditors if names is None else names):
        try:
            findings += _auditors[name]()
        except Exception as error:
            log.exception("auditor %s failed", name)
            findings.append(Finding(name, "auditor", f"The check itself failed: {type(error).__name__}: {error}"))
    return findings
