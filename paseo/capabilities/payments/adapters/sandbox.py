"""The sandbox gateway: a process of its own that behaves like a real one, spoken to over HTTP only.

Everything is signed with HMAC-SHA-256 and a shared secret: the start link (made here, no network), our requests
(timestamp, method, path and body) and its notices (timestamp and body). Timestamps older than five minutes are refused.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from paseo.capabilities.payments.refusals import BadSignature, GatewayRefused, GatewayTrouble
from paseo.capabilities.payments.values import NOTICE_PATH, GatewayState, Notice, RefundState, StatementRow
from paseo.platform.db.unit import forbid_inside_unit

SIGNATURE = "Sandbox-Signature"
TOLERANCE_S = 300
TIMEOUT_S = 5.0


def shared_secret() -> str:
    """SANDBOX_SECRET, or one derived from the installation's key; the process is started with the same."""
    given = str(settings.PASEO["SANDBOX_SECRET"])
    return given or hmac.digest(settings.SECRET_KEY.encode(), b"sandbox gateway", hashlib.sha256).hex()


def sign(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class SandboxGateway:
    name = "sandbox"

    def __init__(self, *, url: str | None = None, secret: str | None = None, client: Any = None) -> None:
        self._url = url
        self._secret = secret
        self._client = client

    @property
    def url(self) -> str:
        return (self._url or str(settings.PASEO["SANDBOX_URL"])).rstrip("/")

    @property
    def secret(self) -> str:
        return self._secret or shared_secret()

    def start(
        self,
        *,
        payment_id: UUID,
        amount_minor: int,
        currency: str,
        description: str,
        return_url: str,
        locale: str,
        expires_at: datetime | None,
        now: datetime,
    ) -> str:
        wanted = {
            "id": str(payment_id),
            "amount": amount_minor,
            "currency": currency,
            "text": description,
            "back": return_url,
            "notify": settings.PUBLIC_URL + NOTICE_PATH.format(gateway=self.name),
            "locale": locale,
            "until": None if expires_at is None else int(expires_at.timestamp()),
        }
        packed = base64.urlsafe_b64encode(json.dumps(wanted, separators=(",", ":")).encode()).decode().rstrip("=")
        return f"{self.url}/pay?{urlencode({'d': packed, 's': sign(self.secret, packed.encode())})}"

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        given = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE.lower(), "")
        parts = dict(part.partition("=")[::2] for part in given.split(","))
        stamp, signature = parts.get("t", ""), parts.get("v1", "")
        if not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > TOLERANCE_S:
            raise BadSignature
        if not hmac.compare_digest(sign(self.secret, stamp.encode() + b"." + body), signature):
            raise BadSignature
        try:
            message = json.loads(body)
            return Notice(
                gateway=self.name,
                event_id=str(message["event_id"])[:80],
                kind=str(message["kind"])[:40],
                state=_state(message["payment"]),
                body=message,
            )
        except (ValueError, KeyError, TypeError):
            raise BadSignature from None

    def fetch(self, payment_id: UUID) -> GatewayState:
        status, answer = self._call("GET", f"/api/payments/{payment_id}")
        if status == 404:
            return GatewayState(payment_id, "", "unknown")
        return _state(answer)

    def capture(self, payment_id: UUID) -> GatewayState:
        return _state(self._call("POST", f"/api/payments/{payment_id}/capture", {})[1])

    def cancel(self, payment_id: UUID) -> GatewayState:
        return _state(self._call("POST", f"/api/payments/{payment_id}/cancel", {})[1])

    def refund(self, *, payment_id: UUID, refund_id: UUID, amount_minor: int, currency: str) -> RefundState:
        wanted = {"id": str(refund_id), "amount_minor": amount_minor, "currency": currency}
        return _refund(self._call("POST", f"/api/payments/{payment_id}/refunds", wanted)[1])

    def statement(self, day: date) -> list[StatementRow]:
        text = self._send("GET", f"/api/statement?day={day.isoformat()}", b"")[1].decode()
        return [
            StatementRow(
                ref=row["ref"],
                kind=row["kind"],
                payment_id=_id(row["payment_id"]),
                amount_minor=int(row["amount_minor"]),
                currency=row["currency"],
                at=datetime.fromisoformat(row["at"]),
            )
            for row in csv.DictReader(io.StringIO(text))
        ]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        status, content = self._send(method, path, b"" if body is None else json.dumps(body).encode())
        try:
            answer = json.loads(content)
        except ValueError:
            raise GatewayTrouble(f"The sandbox answered {status} with something else than JSON.") from None
        if 400 <= status < 500 and not (status == 404 and method == "GET"):
            raise GatewayRefused(str(answer.get("error", status)))
        return status, answer

    def _send(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        import httpx

        forbid_inside_unit("calling the sandbox gateway")
        stamp = str(int(datetime.now(UTC).timestamp()))
        signature = sign(self.secret, f"{stamp}.{method} {path}.".encode() + body)
        headers = {SIGNATURE: f"t={stamp},v1={signature}", "Content-Type": "application/json"}
        try:
            client = self._client or httpx
            response = client.request(method, self.url + path, content=body, headers=headers, timeout=TIMEOUT_S)
        except httpx.HTTPError as error:
            raise GatewayTrouble(f"The sandbox did not answer: {type(error).__name__}.") from error
        if response.status_code >= 500:
            raise GatewayTrouble(f"The sandbox answered {response.status_code}.")
        return response.status_code, response.content


def _id(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _refund(found: Mapping[str, Any]) -> RefundState:
    return RefundState(
        ref=str(found["ref"]), id=_id(found.get("id")), amount_minor=int(found["amount_minor"]), state=found["state"]
    )


def _state(found: Mapping[str, Any]) -> GatewayState:
    return GatewayState(
        payment_id=_id(found["id"]),
        ref=str(found["ref"])[:80],
        state=found["state"],
        amount_minor=int(found["amount_minor"]),
        currency=str(found["currency"]),
        captured_minor=int(found["captured_minor"]),
        refunds=tuple(_refund(refund) for refund in found.get("refunds", ())),
        reason=str(found.get("reason", ""))[:200],
    )
