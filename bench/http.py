"""A load client that costs little: raw sockets, keep-alive, one connection per client, no parsing that is not needed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any


class Broken(Exception):
    """An answer that is not the expected one."""


class Client:
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        for attempt in (1, 2):
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
            lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Content-Length: {len(body)}"]
            if body:
                lines.append("Content-Type: application/json")
            lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
            try:
                self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
                return await self._answer()
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    async def _answer(self) -> tuple[int, bytes]:
        assert self._reader is not None
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length, chunked, close = 0, False, False
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            name = name.lower()
            if name == b"content-length":
                length = int(value)
            elif name == b"transfer-encoding":
                chunked = b"chunked" in value
            elif name == b"connection":
                close = b"close" in value.lower()
        if chunked:
            parts = []
            while size := int(await self._reader.readline(), 16):
                parts.append(await self._reader.readexactly(size))
                await self._reader.readexactly(2)
            await self._reader.readline()
            body = b"".join(parts)
        else:
            body = await self._reader.readexactly(length)
        if close:
            self.close()
        return status, body

    async def json(
        self,
        method: str,
        path: str,
        value: Any = None,
        expect: tuple[int, ...] = (200, 201),
        headers: dict[str, str] | None = None,
    ) -> Any:
        body = b"" if value is None else json.dumps(value, separators=(",", ":")).encode()
        status, answer = await self.request(method, path, body, headers)
        if status not in expect:
            raise Broken(f"{method} {path} answered {status}: {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass
class Load:
    """What came out of a run. ``seconds`` are per whole flow."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds; nearest rank."""
        if not self.seconds:
            return 0.0
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


async def drive(
    flow: Callable[[Client, int], Awaitable[None]],
    *,
    host: str,
    port: int,
    clients: int,
    total: int,
    expected: type[Exception] | None = None,
) -> Load:
    """Runs ``flow(client, number)`` ``total`` times over ``clients`` connections."""
    load = Load()
    numbers = iter(range(total))

    async def one() -> None:
        client = Client(host, port)
        for number in numbers:
            begin = time.perf_counter()
            try:
                await flow(client, number)
            except Exception as error:  # every failure is reported as one, whatever it is
                load.errors.append(f"{type(error).__name__}: {error}"[:400])
            else:
                load.seconds.append(time.perf_counter() - begin)
        client.close()

    begin = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(clients)))
    load.elapsed = time.perf_counter() - begin
    return load
