"""One POST to a strange address: no redirects, no proxies, a deadline for the whole of it, and the address is checked
in the moment of connecting, so that a name cannot lead somewhere else between the check and the connection."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from paseo.platform.db.unit import forbid_inside_unit
from paseo.platform.webhooks import addresses
from paseo.platform.webhooks.values import Outcome

DEADLINE_S = 10.0
CONNECT_S = 4.0
ANSWER_BYTES = 16_384
KEPT = 2_000
LONGEST_PAUSE = 3600


@dataclass(frozen=True, slots=True)
class Post:
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def send(post: Post, *, context: ssl.SSLContext | None = None) -> Outcome:
    """What became of it; never raises for what the other side does. ``context`` is for tests with their own authority."""
    import httpcore

    forbid_inside_unit("Posting a webhook")
    began = time.monotonic()
    status, answer, error, pause = 0, b"", "", None
    backend = _backend(began + DEADLINE_S)
    try:
        with httpcore.ConnectionPool(ssl_context=context, network_backend=backend, retries=0) as pool:
            limits = {"connect": CONNECT_S, "read": DEADLINE_S, "write": DEADLINE_S, "pool": CONNECT_S}
            with pool.stream(
                "POST", post.url, headers=list(post.headers.items()), content=post.body, extensions={"timeout": limits}
            ) as response:
                status, pause = response.status, _pause(response.headers)
                for piece in response.iter_stream():
                    answer += piece
                    if len(answer) >= ANSWER_BYTES:
                        break
    except addresses.NotPublic as refusal:
        error = str(refusal)
    except (httpcore.TimeoutException, TimeoutError):
        error = "It did not answer in time."
    except Exception as trouble:  # whatever a stranger's server makes of the protocol is an answer that did not come
        error = f"{type(trouble).__name__}: {trouble}"[:300]
    if error and status:
        # The answer began and broke off: what it began with counts, if it said no; a yes must be whole.
        status = status if status >= 300 else 0
    text = answer[:ANSWER_BYTES].decode(errors="replace").replace("\x00", "")
    return Outcome(status, text[:KEPT], error, int((time.monotonic() - began) * 1000), pause)


def _pause(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit():
            return min(int(value), LONGEST_PAUSE)
    return None


def _backend(deadline: float) -> Any:
    """A way to connect that resolves names itself and lets no single step outlive the deadline."""
    import httpcore

    plain = httpcore.SyncBackend()

    def left(timeout: float | None) -> float:
        rest = deadline - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout
        return rest if timeout is None else min(rest, timeout)

    class Stream(httpcore.NetworkStream):
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return bytes(self._stream.read(max_bytes, left(timeout)))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self._stream.write(buffer, left(timeout))

        def close(self) -> None:
            self._stream.close()

        def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
            return Stream(self._stream.start_tls(ssl_context, server_hostname, left(timeout)))

        def get_extra_info(self, info: str) -> Any:
            return self._stream.get_extra_info(info)

    class Backend(httpcore.NetworkBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: Any = None,
            socket_options: Any = None,
        ) -> Any:
            found = addresses.resolve(host, port)
            trouble: Exception = OSError(f"{host} has no address.")
            for address in found:
                try:
                    return Stream(plain.connect_tcp(address, port, left(timeout), local_address, socket_options))
                except Exception as failure:
                    trouble = failure
            raise trouble

    return Backend()
