"""Who is a machine, and which kinds of contact may never be lost."""

from __future__ import annotations

import re

_AUTOMATIC = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp/|telegram|embedly|headless|phantom|lighthouse|"
    r"pingdom|uptime|monitor|curl/|wget|python-|httpx|aiohttp|okhttp/|go-http|java/|libwww|scrapy|axios|node-fetch|"
    r"feedfetcher|validator|archiver|ahrefs|semrush|dataprovider|bytespider|gptbot|claudebot|ccbot",
    re.IGNORECASE,
)

PASSING = frozenset({"exposure", "view", "visit", "search"})
"""Kinds of which a single one may be lost when the stream database cannot be written. All others are kept."""


def is_automatic(user_agent: str) -> bool:
    """Whether a request comes from a program rather than a person: crawlers, link previews, monitors, libraries.

    An empty user agent is a program as well. Contacts made by the platform itself pass ``None`` and are not asked.
    """
    return not user_agent.strip() or _AUTOMATIC.search(user_agent) is not None
