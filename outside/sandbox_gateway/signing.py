"""HMAC-SHA-256 signatures, ours and theirs."""

from __future__ import annotations

import hashlib
import hmac
import time

HEADER = "Sandbox-Signature"
TOLERANCE_S = 300


def mark(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def header_for(secret: str, text: bytes) -> str:
    """``t=<seconds>,v1=<signature>`` over the time, a dot and the text."""
    stamp = str(int(time.time()))
    return f"t={stamp},v1={mark(secret, stamp.encode() + b'.' + text)}"


def is_right(secret: str, header: str, text: bytes) -> bool:
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_S:
        return False
    return hmac.compare_digest(mark(secret, stamp.encode() + b"." + text), parts.get("v1", ""))


def link_is_right(secret: str, packed: str, given: str) -> bool:
    return hmac.compare_digest(mark(secret, packed.encode()), given)
