from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.capabilities.cafe import Cafe, forget_all, make_cafe


@pytest.fixture
def cafe(db: None, now: datetime) -> Iterator[Cafe]:
    yield make_cafe(now)
    forget_all()
