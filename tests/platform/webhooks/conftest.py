"""A firm, its endpoints, and a receiver that can be away, refuse, and come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from paseo.capabilities.vouchers.events import ProgramEnded
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import unit
from paseo.platform.outbox import emit
from paseo.platform.tenancy.operations import found_tenant
from paseo.platform.tenancy.roles import RIGHTS
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import operations, sending
from paseo.platform.webhooks.posting import Post
from paseo.platform.webhooks.values import Issued, Outcome

URL = "https://receiver.example/hooks"


@dataclass
class Receiver:
    """Answers as told; ``got`` is what arrived, ``seen`` every post."""

    answers: list[Outcome] = field(default_factory=list)
    away: bool = False
    got: list[str] = field(default_factory=list)
    seen: list[Post] = field(default_factory=list)

    def __call__(self, post: Post) -> Outcome:
        self.seen.append(post)
        if self.away:
            return Outcome(0, error="Connection refused")
        answer = self.answers.pop(0) if self.answers else Outcome(204)
        if answer.delivered:
            self.got.append(post.headers["webhook-id"])
        return answer


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def firm(db: None, now: datetime) -> Scope:
    return Scope.of(found_tenant(kind="merchant", name="Aamu", now=now), *RIGHTS)


@pytest.fixture
def listen(now: datetime) -> Callable[..., Issued]:
    """``listen(scope, "vouchers.*")``: an endpoint of that firm."""

    def add(scope: Scope, *types: str, url: str = URL) -> Issued:
        return operations.add_endpoint(by=scope, url=url, types=types or ["vouchers.*"], name="till", now=now)

    return add


@pytest.fixture
def happens(now: datetime) -> Callable[..., list[UUID]]:
    """``happens(scope, 3)``: so many events of that firm, one after the other; their subjects' ids."""

    def publish(scope: Scope, count: int = 1) -> list[UUID]:
        ids = [new_id() for _ in range(count)]
        for id in ids:
            with unit():
                emit(ProgramEnded(id, scope.tenant_id, now), tenant_id=scope.tenant_id)
        return ids

    return publish


@pytest.fixture
def post(receiver: Receiver, drain_events: Callable[[], int]) -> Callable[..., int]:
    """Delivers the outbox and posts what is due, one after the other; the number of posts."""

    def run(**more: Any) -> int:
        drain_events()
        return sending.run(send=more.pop("send", receiver), wide=1, **more)

    return run
