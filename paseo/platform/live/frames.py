"""Server-sent events on the wire."""

from __future__ import annotations

import json

from paseo.platform.outbox.values import EventView

HEARTBEAT = b": still here\n\n"
OPEN = b"retry: 2000\n\n"
RESET = b"event: reset\ndata: {}\n\n"
EXPIRED = b"event: expired\ndata: {}\n\n"
ENDED = b"event: ended\ndata: {}\n\n"
HEADERS = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-cache, no-store"),
    ("x-accel-buffering", "no"),
)


def changed(event: EventView) -> bytes:
    """What a listener is told: that something of this type happened to this subject."""
    signal = {"seq": event.seq, "type": event.type, "subject": event.subject}
    return f"id: {event.seq}\nevent: changed\ndata: {json.dumps(signal, separators=(',', ':'))}\n\n".encode()


def ready(seq: int) -> bytes:
    return f"id: {seq}\nevent: ready\ndata: {{}}\n\n".encode()
