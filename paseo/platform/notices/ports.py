"""Channels out of the house, and the question whether somebody wants to hear."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from django.core.mail import EmailMessage

from paseo.platform.db.unit import forbid_inside_unit
from paseo.platform.notices.values import Words

log = logging.getLogger(__name__)


class Channel(Protocol):
    """Carries words to an address. Raises when the carrier did not take them; the delivery is tried again."""

    def __call__(self, *, address: str, words: Words, kind: str) -> None: ...


def _email(*, address: str, words: Words, kind: str) -> None:
    forbid_inside_unit("Sending a letter")
    EmailMessage(subject=words.subject, body=words.body, to=[address]).send()


def _log(channel: str) -> Channel:
    """For installations without a carrier: says that something would have been sent, not what and not to whom."""

    def carry(*, address: str, words: Words, kind: str) -> None:
        log.info("%s %s: %d characters", channel, kind, len(words.subject) + len(words.body))

    return carry


_channels: dict[str, Channel] = {"email": _email, "sms": _log("sms"), "push": _log("push")}


def use_channel(name: str, channel: Channel) -> None:
    """Sets the adapter of "email", "sms" or "push"."""
    if name not in _channels:
        raise ValueError(f"{name} is not a channel.")
    _channels[name] = channel


def channel(name: str) -> Channel:
    return _channels[name]


Permission = Callable[[UUID, str], bool]
_permission: list[Permission] = []


def ask_permission_with(permission: Permission) -> None:
    """Registers who knows what a person agreed to: function(person_id, purpose)."""
    _permission[:] = [permission]


def is_wanted(person_id: UUID | None, purpose: str) -> bool:
    """Essential notices always; others only with the person's consent, so never to a bare address."""
    if purpose == "essential":
        return True
    return person_id is not None and bool(_permission) and _permission[0](person_id, purpose)
