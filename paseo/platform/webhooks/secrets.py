"""Secrets of endpoints, and signatures after Standard Webhooks: HMAC-SHA-256 over id, timestamp and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.fernet import Fernet
from django.conf import settings

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    return _fernet().decrypt(text.encode()).decode()


def signature(secrets_: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,…`` for each secret, separated by spaces: a receiver accepts the message when one of them fits."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1,"
        + base64.b64encode(hmac.digest(base64.b64decode(text.removeprefix(PREFIX)), signed, hashlib.sha256)).decode()
        for text in secrets_
    )


def pseudonym(tenant_id: object, someone: str) -> str:
    """The name under which one firm knows a buyer: the same every time, and another one for every other firm."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"webhooks.customer", hashlib.sha256)
    return "c_" + hmac.new(key, f"{tenant_id}\x1f{someone}".encode(), hashlib.sha256).hexdigest()[:32]


def _fernet() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"webhooks.secret", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
