"""Who may open an order: the number that people say, and the key in a guest's link."""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from paseo.kernel.codes import human_code, token_hash


def _secret() -> bytes:
    return settings.SECRET_KEY.encode()


def access_token(order_id: UUID) -> str:
    """192 bits derived from the installation's key, so that a later letter can carry the same link. Only the hash is
    stored."""
    digest = hmac.digest(_secret(), b"ordering.access:" + order_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


def access_hash(order_id: UUID) -> str:
    return token_hash(access_token(order_id))


def may_open(order_id: UUID, stored_hash: str, token: str) -> bool:
    return bool(token) and hmac.compare_digest(token_hash(token), stored_hash)


def number_of(order_id: UUID) -> str:
    """``P-K7M42-9QX3H``: 44 bits and a check character. It names an order, it does not open it."""
    code = human_code(_secret(), f"ordering.number:{order_id}", 10)
    return f"P-{code[:5]}-{code[5:]}"
