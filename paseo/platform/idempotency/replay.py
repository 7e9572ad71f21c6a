"""Run once, answer always."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.platform.db.unit import operation, unit

LONGEST_KEY = 200


class KeyReused(Refusal):
    code = "idempotency.key_reused"
    status = 409
    what = N_("This idempotency key was already used for another request.")
    meaning = N_("Nothing was done now; the first request stands.")
    remedy = N_("Send a new key with a new request, or the same body with the same key.")


def replay_or_run(scope: str, key: str, fingerprint: bytes, fn: Callable[[], tuple[int, Any]]) -> tuple[int, Any, bool]:
    """Runs ``fn`` once per scope and key; returns its status and body, and whether this is a replay.

    ``scope`` names the caller and the endpoint, ``fingerprint`` is the request's body. ``fn`` returns
    ``(status, body)``, the body being bytes or anything that JSON can hold; a replay returns the same body. Two
    requests at once wait for each other: the second one replays, or runs if the first was refused, because a refusal
    undoes everything and is not kept. Refuses KeyReused (409) for another body, Invalid for an impossible key.
    """
    from paseo.platform.idempotency.models import Answer

    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": N_("A key has 1 to 200 visible characters.")})
    digest = sha256(fingerprint).hexdigest()
    with unit():
        mine = Answer(scope=scope, key=key, fingerprint=digest, at=clock.now())
        # Whoever comes second waits at the unique constraint until the first one has decided.
        Answer.objects.bulk_create([mine], ignore_conflicts=True)
        kept = Answer.objects.get(scope=scope, key=key)
        if kept.id != mine.id:
            if kept.fingerprint != digest:
                raise KeyReused
            return kept.status, _unpack(bytes(kept.body), kept.json), True
        status, body = fn()
        packed, is_json = _pack(body)
        Answer.objects.filter(pk=mine.pk).update(status=status, body=packed, json=is_json)
    return status, _unpack(packed, is_json), False


@operation
def forget(*, before: datetime, limit: int = 5000) -> int:
    """Deletes answers older than ``before``: a key may then be used again."""
    from paseo.platform.idempotency.models import Answer

    old = Answer.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:limit]
    return Answer.objects.filter(pk__in=list(old)).delete()[0]


def _pack(body: Any) -> tuple[bytes, bool]:
    if isinstance(body, bytes):
        return body, False
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode(), True


def _unpack(packed: bytes, is_json: bool) -> Any:
    return json.loads(packed) if is_json else packed
