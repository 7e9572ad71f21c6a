"""What is asked in every order and changes once a month is remembered for seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from django.db import connection


class Remembered[K: Hashable, V]:
    """Answers by key, each for ``seconds``. Other processes see a change after that time at the latest."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._answers: dict[K, tuple[float, V]] = {}

    def get(self, key: K, load: Callable[[K], V]) -> V:
        known = self._answers.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        answer = load(key)
        # What the transaction around a test will take back is nobody else's business.
        if not any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            if len(self._answers) > 20_000:
                self._answers.clear()
            self._answers[key] = (time.monotonic() + self.seconds, answer)
        return answer

    def forget(self) -> None:
        self._answers.clear()
