"""Where messages may go: public addresses only, checked again with every connection that is made."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from django.conf import settings

from paseo.platform.webhooks.refusals import AddressRefused

LONGEST = 500
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_INSIDE = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".home", ".corp", ".test")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(OSError):
    """The name leads into a network that is not the public one."""


def inside_is_allowed() -> bool:
    """Whether WEBHOOKS_INSIDE lets messages go to this machine and its network, without TLS, too."""
    return bool(settings.PASEO["WEBHOOKS_INSIDE"])


def check_url(url: str) -> str:
    """The address as it is kept. Refuses AddressRefused. Asks no name server: that happens with every connection."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        ascii_host = host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        raise AddressRefused from None
    schemes = {"https", "http"} if inside_is_allowed() else {"https"}
    if (
        len(text) > LONGEST
        or not text.isprintable()
        or any(letter in text for letter in " \\<>\"'`")
        or parts.scheme not in schemes
        or not host
        or "@" in parts.netloc
        or parts.fragment
        or port == 0
    ):
        raise AddressRefused
    if not inside_is_allowed() and not _is_public_name(ascii_host.lower()):
        raise AddressRefused
    return text


def _is_public_name(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return bool(_HOST.match(host)) and not host.endswith(_INSIDE)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public network. ValueError for what is not an IP address."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id:
            return False
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            hidden = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses behind a name, each of them fit to be connected to. Raises NotPublic, OSError.

    One address inside is enough to refuse the name: whoever mixes them wants us to take the wrong one.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not inside_is_allowed() and not all(is_public(address) for address in found):
        raise NotPublic(f"{host} leads into a network that is not public.")
    return list(dict.fromkeys(found))
