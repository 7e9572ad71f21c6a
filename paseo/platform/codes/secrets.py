"""How the text of a code, its stored hash and the tokens of its redemption are made."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.core import signing

from paseo.kernel.codes import human_code

_SALT = "paseo.codes.token"


def _keys() -> list[bytes]:
    return [str(key).encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _text(key: bytes, code_id: UUID, length: int) -> str:
    return human_code(hmac.digest(key, b"paseo.codes.text", hashlib.sha256), str(code_id), length)


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, b"paseo.codes.hash" + text.encode(), hashlib.sha256).hexdigest()


def new_text(code_id: UUID, length: int) -> tuple[str, str]:
    """Text and hash of a new code."""
    key = _keys()[0]
    text = _text(key, code_id, length)
    return text, _hash(key, text)


def text_again(code_id: UUID, length: int, code_hash: str) -> str:
    """The text of a stored code, also after the secret key was changed, as long as the old one is a fallback."""
    for key in _keys():
        text = _text(key, code_id, length)
        if hmac.compare_digest(_hash(key, text), code_hash):
            return text
    return ""


def hashes_of(text: str) -> list[str]:
    """Under which hashes a code with this text may be stored."""
    return [_hash(key, text) for key in _keys()]


@dataclass(frozen=True, slots=True)
class Token:
    """What ``prepare`` hands to ``commit``: which try, of which code, where and when."""

    scan_id: UUID
    code_id: UUID
    tenant_id: UUID
    place_id: UUID | None
    terminal: str
    at: datetime

    def seal(self) -> str:
        place = self.place_id.hex if self.place_id else ""
        parts = [self.scan_id.hex, self.code_id.hex, self.tenant_id.hex, place, str(int(self.at.timestamp()))]
        return signing.Signer(salt=_SALT).sign(".".join(parts) + "." + self.terminal)

    @classmethod
    def unseal(cls, sealed: str) -> Token | None:
        try:
            value = signing.Signer(salt=_SALT).unsign(sealed)
        except signing.BadSignature:
            return None
        scan, code, tenant, place, at, terminal = value.split(".", 5)
        return cls(
            UUID(scan),
            UUID(code),
            UUID(tenant),
            UUID(place) if place else None,
            terminal,
            datetime.fromtimestamp(int(at), UTC),
        )
