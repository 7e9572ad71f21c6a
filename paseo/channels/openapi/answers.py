"""Answers: values to bytes, without a detour through model validation (the schemas document them, tests compare)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.kernel.money import Money
from paseo.platform.idempotency import replay_or_run


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)


_encode = msgspec.json.Encoder(enc_hook=_plain).encode


def reply(value: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(_encode(value), status=status, content_type="application/json")


def page(items: list[Any], after: str | None) -> HttpResponse:
    """A page of a list. ``next`` is the cursor of the following page, null on the last one."""
    return reply({"items": items, "next": after or None})


_KEY = re.compile(r"[!-~]{1,200}")


class KeyMissing(Refusal):
    code = "idempotency.key_missing"
    status = 400
    what = N_("This call needs an Idempotency-Key header.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Send a key of your own making, such as a UUID, and the same one when you repeat the call.")


def _opener(request: HttpRequest) -> str:
    """A buyer without a key of a tenant: whoever holds the key of the order. Only its hash is kept."""
    return "order:" + hashlib.sha256(request.headers.get("Paseo-Order-Key", "").encode()).hexdigest()


def once(request: HttpRequest, act: Callable[[], Any], status: int = 200) -> HttpResponse:
    """Runs ``act`` once per Idempotency-Key of this caller and answers with its value; a repetition gets the first answer."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise KeyMissing
    if not _KEY.fullmatch(key):
        raise Invalid(fields={"Idempotency-Key": N_("A key has 1 to 200 letters, digits or signs of ASCII.")})
    caller = getattr(getattr(request, "auth", None), "actor", "") or _opener(request)
    told = hashlib.sha256(
        b"\n".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])
    ).digest()
    answer = replay_or_run(
        scope=f"api:{caller}",
        key=key,
        fingerprint=told,
        fn=lambda: (status, msgspec.json.decode(_encode(act()))),
    )
    response = reply(answer[1], answer[0])
    if answer[2]:
        response["Idempotent-Replay"] = "true"
    return response
