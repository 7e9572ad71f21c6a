"""Who calls: a device of a buyer, or a key of a tenant."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from paseo.capabilities.ordering.values import Buyer
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.platform.limits.operations import hit
from paseo.platform.tenancy.queries import authenticate_key
from paseo.platform.tenancy.values import Scope


class BadKey(Refusal):
    code = "api.key_unknown"
    status = 401
    what = N_("This key is not known, or it was revoked.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Send a valid key as Authorization: Bearer …; owners issue keys in the console.")


class Key(HttpBearer):
    """A key of a tenant; ``request.auth`` is its ``Scope``."""

    def __call__(self, request: HttpRequest) -> Any:
        header = request.headers.get("Authorization", "")
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise BadKey
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Scope:
        now = clock.now()
        scope = authenticate_key(token, now=now)
        limit = settings.PASEO["API_RATE"]
        if limit:
            hit("api.key", str(scope.key_id), limit=limit, seconds=60, now=now)
        return scope


key = Key()


def scope_of(request: HttpRequest) -> Scope:
    scope = request.auth  # type: ignore[attr-defined]
    assert isinstance(scope, Scope)
    return scope


def device_id(secret: UUID) -> UUID:
    """The visitor behind what a device sends. Like the pages, the API keeps no id that would open anything: who reads
    one in a row, a log or an event cannot become that device, nor a browser's visitor."""
    return UUID(bytes=hashlib.sha256(b"device:" + secret.bytes).digest()[:16])


def buyer_of(request: HttpRequest) -> Buyer:
    """The buyer whose device sends ``Paseo-Visitor``. Refuses ``Invalid`` without one."""
    try:
        return Buyer(visitor_id=device_id(UUID(request.headers.get("Paseo-Visitor", ""))))
    except ValueError:
        raise Invalid(fields={"Paseo-Visitor": N_("Send a random UUID that your app keeps for this device.")}) from None
