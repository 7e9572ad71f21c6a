from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from paseo.capabilities.directory.events import AccessEnded, staff_topic
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import unit
from paseo.platform.live import frames
from paseo.platform.live import hub as hub_module
from paseo.platform.live.door import Turned, Welcome, knock
from paseo.platform.live.hub import Hub, OutboxLog
from paseo.platform.live.tokens import LIFE, events_url, read_token, topic_token
from paseo.platform.outbox import emit
from paseo.platform.outbox.values import EventView

ORDER = "order:1"


def event(seq: int, subject: str = ORDER, now: Any = None) -> EventView:
    return EventView(seq, new_id(), "ordering.order_confirmed", 1, subject, None, None, now, {"secret": "of the shop"})


class Book:
    """A log of events that the test writes."""

    def __init__(self) -> None:
        self.events: list[EventView] = []
        self.polls = 0
        self.read = 0

    def last_seq(self) -> int:
        self.read = len(self.events)
        return self.events[-1].seq if self.events else 0

    def poll(self) -> list[EventView]:
        self.polls += 1
        fresh, self.read = self.events[self.read :], len(self.events)
        return fresh

    def replay(self, topics, after):
        if after is None:
            return []
        return [one for one in self.events if one.seq > after and set(one.topics) & set(topics.names)]

    def ended(self, topics):
        return False


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def topics(now):
    return lambda *names: read_token(topic_token(names or [ORDER], now=now), now)


def told(frame: bytes) -> dict[str, Any]:
    lines = dict(line.split(": ", 1) for line in frame.decode().strip().splitlines() if not line.startswith(":"))
    return json.loads(lines["data"]) | {"event": lines["event"], "id": lines.get("id")}


async def following(stream: AsyncIterator[bytes], frames: int) -> list[bytes]:
    async with asyncio.timeout(5):
        return [await anext(stream) for _ in range(frames)]


def test_a_signal_says_that_something_happened_and_not_what(book, topics):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics())
        (opening,) = await following(stream, 1)
        assert opening.startswith(b"retry: 2000\n\nid: 0\nevent: ready\n")
        book.events += [event(1), event(2, "order:2"), event(3)]
        return [told(frame) for frame in await following(stream, 2)]

    first, second = asyncio.run(story())
    assert first == {"seq": 1, "type": "ordering.order_confirmed", "subject": ORDER, "event": "changed", "id": "1"}
    assert second["seq"] == 3


def test_one_loop_feeds_all_listeners_and_ends_with_the_last(book, topics):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        streams = [hub.listen(topics(f"order:{number}")) for number in range(50)]
        for stream in streams:
            await following(stream, 1)
        assert hub.listeners == 50
        book.polls = 0
        book.events += [event(number + 1, f"order:{number}") for number in range(50)]
        for number, stream in enumerate(streams):
            assert told((await following(stream, 1))[0])["seq"] == number + 1
        assert book.polls < 50, "one reader, not one for each"
        for stream in streams:
            await stream.aclose()
        assert hub.listeners == 0
        async with asyncio.timeout(5):
            await hub._loop_task

    asyncio.run(story())


def test_who_comes_back_is_told_what_was_missed_once(book, topics):
    async def story():
        book.events += [event(1), event(2), event(3, "order:2"), event(4)]
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics(), last_event_id=1)
        frames = await following(stream, 3)
        book.events += [event(5)]
        return [told(frame)["seq"] for frame in frames[1:] + await following(stream, 1)]

    assert asyncio.run(story()) == [2, 4, 5]


def test_who_missed_too_much_looks_again_at_everything(book, topics):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        book.replay = lambda topics, after: None
        stream = hub.listen(topics(), last_event_id=1)
        return (await following(stream, 2))[1]

    assert asyncio.run(story()) == b"event: reset\ndata: {}\n\n"


def test_a_reader_who_cannot_follow_is_told_to_look_again(book, topics, monkeypatch):
    monkeypatch.setattr(hub_module, "QUEUE", 3)

    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics())
        await following(stream, 2 - 1)
        listener = hub_module._Listener(topics())
        for seq in range(1, 6):
            listener.offer(event(seq))
        return [listener.queue.get_nowait(), listener.queue.get_nowait()]

    first, second = asyncio.run(story())
    assert first is None, "reset"
    assert second.seq == 5


STAFF = "staff:1:2"


def leaving(seq: int, at: Any, subject: str = STAFF) -> EventView:
    return EventView(seq, new_id(), "directory.access_ended", 1, subject, None, None, at, {})


def test_whoever_loses_access_hears_nothing_any_more(book, topics, now):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        gone, stays = hub.listen(topics(ORDER, STAFF)), hub.listen(topics(ORDER, "staff:1:3"))
        await following(gone, 1), await following(stays, 1)
        book.events += [leaving(1, now), event(2)]
        heard = [frame async for frame in gone]
        return heard, await following(stays, 1), hub.listeners

    heard, others, listeners = asyncio.run(story())
    assert heard == [frames.ENDED]
    assert told(others[0])["seq"] == 2
    assert listeners == 1


def test_an_older_end_does_not_count_for_who_was_hired_again(book, topics, now):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        book.events += [leaving(1, now - timedelta(hours=1))]
        stream = hub.listen(topics(ORDER, STAFF), last_event_id=0)
        return await following(stream, 2)

    assert told((asyncio.run(story()))[1])["event"] == "changed"


@pytest.mark.django_db(transaction=True)
def test_a_token_from_before_the_end_opens_nothing(now):
    merchant, person = new_id(), new_id()
    with unit():
        emit(AccessEnded(merchant, person), tenant_id=merchant, at=now)
    mine = staff_topic(merchant, person)
    before = read_token(topic_token([ORDER, mine], now=now - timedelta(minutes=5)), now)
    after = read_token(topic_token([ORDER, mine], now=now + timedelta(minutes=5)), now + timedelta(minutes=5))
    other = read_token(topic_token([ORDER, staff_topic(merchant, new_id())], now=now - timedelta(minutes=5)), now)
    log = OutboxLog()
    assert [log.ended(one) for one in (before, after, other)] == [True, False, False]

    async def story():
        book = Book()
        book.ended = lambda topics: topics is before
        return [frame async for frame in Hub(lambda: book, poll_seconds=0.001).listen(before)]

    assert asyncio.run(story()) == [frames.OPEN + frames.ENDED]


def test_silence_is_broken_by_heartbeats(book, topics, monkeypatch):
    monkeypatch.setattr(hub_module, "HEARTBEAT_SECONDS", 0.01)

    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics())
        return (await following(stream, 3))[1:]

    assert asyncio.run(story()) == [b": still here\n\n"] * 2


def test_a_token_that_ends_ends_the_stream(book, topics, clock, monkeypatch):
    monkeypatch.setattr(hub_module, "HEARTBEAT_SECONDS", 0.01)

    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics())
        await following(stream, 1)
        clock.advance(hours=12)
        return [frame async for frame in stream][-1]

    assert asyncio.run(story()) == b"event: expired\ndata: {}\n\n"


def test_a_database_that_is_away_for_a_moment_is_asked_again(book, topics, caplog):
    async def story():
        hub = Hub(lambda: book, poll_seconds=0.001)
        stream = hub.listen(topics())
        await following(stream, 1)
        poll, calls = book.poll, []

        def away():
            calls.append(1)
            if len(calls) < 3:
                raise OSError("away")
            return poll()

        book.poll = away
        book.events += [event(1)]
        return told((await following(stream, 1))[0])["seq"]

    assert asyncio.run(story()) == 1
    assert "cannot read the outbox" in caplog.text


class TestDoor:
    def test_tokens_are_signed_and_end(self, now):
        token = topic_token(["order:1", "store:2"], now=now)
        assert read_token(token, now).names == ("order:1", "store:2")
        assert read_token(token.replace("order:1", "order:9"), now) is None
        assert read_token(token, now + LIFE) is None
        assert read_token("", now) is None
        with pytest.raises(ValueError):
            topic_token([], now=now)
        with pytest.raises(ValueError):
            topic_token(["a|b"], now=now)

    def test_the_address_for_a_page(self, now):
        assert events_url(["order:1"], now=now).startswith("/events?topics=")

    def test_who_is_let_in(self, book, now, monkeypatch):
        hub = Hub(lambda: book)
        token = topic_token([ORDER], now=now)
        assert knock(hub, token, "7", now) == Welcome(read_token(token, now), 7)
        assert knock(hub, token, "x", now).last_event_id is None
        assert knock(hub, "forged", "", now).status == 403
        assert knock(hub, token, "", now + timedelta(days=1)).status == 403
        monkeypatch.setattr(hub_module, "MAX_PER_TOKEN", 0)
        refused = knock(hub, token, "", now)
        assert isinstance(refused, Turned)
        assert (refused.status, refused.retry_after) == (503, 30)


@pytest.fixture
def own_routes(settings):
    settings.ROOT_URLCONF = "paseo.platform.live.urls"


@pytest.mark.django_db
def test_health(client, own_routes, monkeypatch):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "problems": []})
    monkeypatch.setattr(
        "paseo.platform.live.views.problems", lambda: ["The default database does not answer: OSError."]
    )
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_a_server_that_cannot_stream_says_so(client, own_routes):
    assert client.get("/events").status_code == 503
