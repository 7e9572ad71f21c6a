"""Keyed hashes for short secrets, and encryption for the one that must be read again."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from django.conf import settings


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"identity.{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, *parts: object) -> str:
    """HMAC-SHA-256, hexadecimal: a copy of the database alone does not allow to guess six digits."""
    return hmac.new(_key(purpose), "\x1f".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    return _fernet().decrypt(text.encode()).decode()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("seal")))
