from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.capabilities.cafe import Cafe, forget_all, make_cafe
from tests.concurrency.shared_database import shared_database


@pytest.fixture
def cafe(db: None, now: datetime) -> Iterator[Cafe]:
    yield make_cafe(now)
    forget_all()


@pytest.fixture
def real_cafe(transactional_db: None, tmp_path: Path, now: datetime) -> Iterator[Cafe]:
    """A café in a database with real transactions: every BEGIN and COMMIT counts."""
    with shared_database(tmp_path):
        yield make_cafe(now)
    forget_all()
