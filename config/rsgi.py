"""The server's entry: pages and the API in threads, events on the loop, one origin and one process for both.

Granian speaks RSGI natively. A page is Django's own WSGI handler run in a pool of threads, nearly as fast as under a
WSGI server and several times faster than under ASGI; ``/events`` never enters a thread, so that a thousand open pages
cost no worker.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

from config.cli.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

server = os.getppid()
pages = get_wsgi_application()

from paseo.kernel import clock  # noqa: E402 - needs Django to be set up
from paseo.platform.live import frames  # noqa: E402 - needs Django to be set up
from paseo.platform.live.door import Turned, knock  # noqa: E402 - needs Django to be set up
from paseo.platform.live.hub import hub  # noqa: E402 - needs Django to be set up

log = logging.getLogger("paseo.server")
THREADS = int(os.environ.get("PASEO_THREADS", "6"))
IN_MEMORY = 1_000_000
WARM_AFTER_S = 1.5
TEXT = ("content-type", "text/plain; charset=utf-8")


class Started:
    """WSGI's ``start_response``."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class FileAnswer:
    """What Django returns for a file it would stream."""

    def __init__(self, file: Any, block_size: int) -> None:
        self.file = file
        self.block_size = block_size

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        self.file.close()


def end_with_server() -> None:
    """A process of pages whose server was killed would go on answering on its port, beside those of the next server and
    perhaps with older code. Nobody asks it to finish any more, so it ends at once."""
    die_with_parent(signal.SIGKILL)
    if os.getppid() != server:
        os.kill(os.getpid(), signal.SIGKILL)


def warm() -> None:
    """Loads the routes, and with them every page's code, before the first visitor would wait for it."""
    from django.urls import get_resolver

    try:
        assert get_resolver().url_patterns
    except Exception:
        log.exception("The routes could not be loaded")


class Server:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._loop: asyncio.AbstractEventLoop

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        end_with_server()
        # A moment later, so that the processes that start side by side do not keep each other from answering at all.
        loop.call_later(WARM_AFTER_S, self._threads.submit, warm)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            proto.close(403)
        elif scope.path == "/events":
            await self._events(scope, proto)
        else:
            body = await self._body(scope, proto)
            try:
                await self._loop.run_in_executor(self._threads, self._page, scope, proto, body)
            finally:
                body.close()

    async def _body(self, scope: Any, proto: Any) -> Any:
        length = scope.headers.get("content-length")
        if length is None and scope.headers.get("transfer-encoding") is None:
            return io.BytesIO()
        if length is not None and length.isdigit() and int(length) <= IN_MEMORY:
            return io.BytesIO(await proto())
        # Rolls over to a file of its own accord, which blocks for the moment that a write takes.
        spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when the page is done
        async for chunk in proto:
            spool.write(chunk)
        spool.seek(0)
        return spool

    def _environ(self, scope: Any, body: Any) -> dict[str, Any]:
        host, _, port = scope.server.rpartition(":")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": scope.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "REMOTE_ADDR": scope.client.rpartition(":")[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope.scheme,
            "wsgi.input": body,
            "wsgi.errors": _Errors,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileAnswer,
        }
        for name, value in scope.headers.items():
            key = name.replace("-", "_").upper()
            if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                environ[key] = value
            elif "_" not in name:
                key = "HTTP_" + key
                environ[key] = (
                    f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
                )
        if "HTTP_HOST" not in environ and scope.authority:
            environ["HTTP_HOST"] = scope.authority
        if "CONTENT_LENGTH" not in environ and isinstance(body, tempfile.SpooledTemporaryFile):
            body.seek(0, io.SEEK_END)
            environ["CONTENT_LENGTH"] = str(body.tell())
            body.seek(0)
        return environ

    def _page(self, scope: Any, proto: Any, body: Any) -> None:
        """Runs in a thread of the pool, from the first middleware to the closing of the answer."""
        started = Started()
        answer: Any = pages(self._environ(scope, body), started)  # type: ignore[arg-type]
        try:
            if scope.method == "HEAD" or started.status in (204, 304):
                proto.response_empty(started.status, started.headers)
            elif isinstance(answer, FileAnswer) and (path := _whole_file(answer)):
                proto.response_file(started.status, started.headers, path)
            elif isinstance(answer, FileAnswer) or answer.streaming:
                transport = proto.response_stream(started.status, started.headers)
                for chunk in answer:
                    asyncio.run_coroutine_threadsafe(_send(transport, chunk), self._loop).result()
            else:
                proto.response_bytes(started.status, started.headers, answer.content)
        finally:
            answer.close()

    async def _events(self, scope: Any, proto: Any) -> None:
        asked = parse_qs(scope.query_string)
        last = scope.headers.get("last-event-id") or asked.get("last", [""])[0]
        answer = knock(hub(), asked.get("topics", [""])[0], last, clock.now())
        if isinstance(answer, Turned):
            headers = [TEXT] if answer.retry_after is None else [TEXT, ("retry-after", str(answer.retry_after))]
            proto.response_str(answer.status, headers, answer.sentence)
            return
        transport = proto.response_stream(200, [*frames.HEADERS])
        stream = hub().listen(answer.topics, answer.last_event_id)
        gone = asyncio.ensure_future(proto.client_disconnect())
        try:
            await _pump(stream, transport, gone)
        finally:
            gone.cancel()
            await stream.aclose()  # type: ignore[attr-defined]


async def _pump(stream: AsyncIterator[bytes], transport: Any, gone: asyncio.Future[Any]) -> None:
    while True:
        frame = asyncio.ensure_future(anext(stream, None))
        await asyncio.wait({frame, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not frame.done():
            frame.cancel()
            await asyncio.wait({frame})
            return
        data = frame.result()
        if data is None:
            return
        try:
            await transport.send_bytes(data)
        except Exception:  # whatever the server raises, the reader is gone
            return


async def _send(transport: Any, chunk: bytes) -> None:
    await transport.send_bytes(chunk)


def _whole_file(answer: FileAnswer) -> str:
    """The path of a file that is sent from its beginning to its end, else ""."""
    file = answer.file
    name = getattr(file, "name", None)
    if isinstance(file, io.BufferedReader) and isinstance(name, str) and os.path.isabs(name) and file.tell() == 0:
        return name
    return ""


class _Errors:
    """WSGI's error stream, which Django never writes to."""

    @staticmethod
    def write(text: str) -> None:
        log.error("%s", text)

    @staticmethod
    def flush() -> None: ...


application = Server()
