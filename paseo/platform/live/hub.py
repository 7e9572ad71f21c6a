"""One loop per process follows the outbox and feeds every listener, however many there are."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from django.db import close_old_connections

from paseo.kernel import clock
from paseo.platform.live import frames
from paseo.platform.live.tokens import ENDS, Topics
from paseo.platform.outbox import queries
from paseo.platform.outbox.tail import Tail
from paseo.platform.outbox.values import EventView

log = logging.getLogger("paseo.live")
POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
QUEUE = 200
REPLAY = 500
OVERLAP = 20
MAX_LISTENERS = 2000
MAX_PER_TOKEN = 12


class Log(Protocol):
    """What the hub needs of the outbox; a test may put its own here."""

    def last_seq(self) -> int: ...

    def poll(self) -> list[EventView]: ...

    def replay(self, topics: Topics, after: int | None) -> list[EventView] | None: ...

    def ended(self, topics: Topics) -> bool: ...


class OutboxLog:
    """The outbox, read in one thread with one connection."""

    def __init__(self) -> None:
        self._tail: Tail | None = None

    def last_seq(self) -> int:
        close_old_connections()
        self._tail = Tail()
        return self._tail.floor

    def poll(self) -> list[EventView]:
        close_old_connections()
        self._tail = self._tail or Tail()
        return self._tail.poll()

    def replay(self, topics: Topics, after: int | None) -> list[EventView] | None:
        """What a listener has missed; None when that is too much to tell one by one."""
        if after is None:
            return queries.events_after(0, topics.names, limit=REPLAY, since=topics.since)
        missed = queries.events_after(max(0, after - OVERLAP), topics.names, limit=REPLAY)
        return None if len(missed) == REPLAY else missed

    def ended(self, topics: Topics) -> bool:
        """Whether the reader lost the right to these topics since the token was made."""
        close_old_connections()
        return any(
            _ends(event, topics)
            for name in topics.names
            if name.startswith("staff:")
            for event in queries.events_of(name)
        )


class Full(Exception):
    """There are too many listeners."""


class _Listener:
    def __init__(self, topics: Topics) -> None:
        self.topics = frozenset(topics.names)
        self.queue: asyncio.Queue[EventView | None] = asyncio.Queue(QUEUE)

    def offer(self, event: EventView) -> None:
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            # A reader that cannot follow is told to look again at everything instead of at each change.
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


def _ends(event: EventView, topics: Topics) -> bool:
    """Whether the reader's right ended after the token was made."""
    return event.type.endswith(ENDS) and event.subject in topics.names and event.at >= topics.since


class Hub:
    """``async for frame in hub.listen(topics, last_event_id)``. Bound to the event loop that first listens."""

    def __init__(self, source: Callable[[], Log] = OutboxLog, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._source = source
        self._poll_seconds = poll_seconds
        self._log: Log | None = None
        self._listeners: set[_Listener] = set()
        self._per_token: Counter[Topics] = Counter()
        self._loop_task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._starting = asyncio.Lock()

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def admit(self, topics: Topics) -> None:
        """Raises ``Full`` when no further listener is taken."""
        if len(self._listeners) >= MAX_LISTENERS or self._per_token[topics] >= MAX_PER_TOKEN:
            raise Full

    async def listen(self, topics: Topics, last_event_id: int | None = None) -> AsyncIterator[bytes]:
        listener = _Listener(topics)
        self._listeners.add(listener)
        self._per_token[topics] += 1
        try:
            start = await self._ensure_running()
            if await self._in_thread(self._log.ended, topics):  # type: ignore[union-attr]
                yield frames.OPEN + frames.ENDED
                return
            yield frames.OPEN + frames.ready(start if last_event_id is None else last_event_id)
            missed = await self._in_thread(self._log.replay, topics, last_event_id)  # type: ignore[union-attr]
            told: set[int] = set()
            if missed is None:
                yield frames.RESET
            for event in missed or []:
                told.add(event.seq)
                if _ends(event, topics):
                    yield frames.ENDED
                    return
                yield frames.changed(event)
            async for frame in self._follow(listener, topics, told):
                yield frame
        finally:
            self._listeners.discard(listener)
            self._per_token[topics] -= 1
            if not self._per_token[topics]:
                del self._per_token[topics]

    async def _follow(self, listener: _Listener, topics: Topics, told: set[int]) -> AsyncIterator[bytes]:
        while clock.now() < topics.until:
            try:
                event = await asyncio.wait_for(listener.queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield frames.HEARTBEAT
                continue
            if event is None:
                # What was missed may have been the end.
                if await self._in_thread(self._log.ended, topics):  # type: ignore[union-attr]
                    yield frames.ENDED
                    return
                yield frames.RESET
            elif _ends(event, topics):
                yield frames.ENDED
                return
            elif event.seq not in told:
                yield frames.changed(event)
        yield frames.EXPIRED

    async def _ensure_running(self) -> int:
        async with self._starting:
            if self._loop_task is None or self._loop_task.done():
                self._log = self._source()
                start = await self._in_thread(self._log.last_seq)
                self._loop_task = asyncio.get_running_loop().create_task(self._run())
                self._floor: int = start
            return self._floor

    async def _run(self) -> None:
        pause = self._poll_seconds
        while self._listeners:
            try:
                events = await self._in_thread(self._log.poll)  # type: ignore[union-attr]
                pause = self._poll_seconds
            except Exception:
                log.exception("cannot read the outbox; trying again in %.1f s", pause)
                pause = min(pause * 2, 10.0)
                events = []
            for event in events:
                self._floor = max(self._floor, event.seq)
                topics = frozenset(event.topics)
                for listener in self._listeners:
                    if topics & listener.topics:
                        listener.offer(event)
            await asyncio.sleep(pause)

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process."""
    global _hub
    if _hub is None:
        _hub = Hub()
    return _hub
