from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from PIL import Image

from paseo.platform.tenancy.operations import found_tenant


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def firm(db, now) -> UUID:
    return found_tenant(kind="merchant", name="El Rey", now=now)


def picture(format: str = "PNG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, color=128 if mode in {"L", "P"} else (200, 60, 20, 255)[: len(mode)])
    image.save(out, format, **options)
    return out.getvalue()


@pytest.fixture
def draw() -> Callable[..., bytes]:
    return picture
