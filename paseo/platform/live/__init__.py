"""Pages that stay true: a stream of signals about what has changed.

``topic_token(["order:<id>"])`` goes into a page, which opens ``/events?topics=<token>`` and refetches its own fragment
on each ``changed`` event. A signal says only that something happened to a subject; the page asks what it was, under the
reader's own rights. Topics: ``order:<id>``, ``store:<id>``, ``merchant:<id>``, ``city``.
"""

from paseo.platform.live.tokens import topic_token

__all__ = ["topic_token"]
