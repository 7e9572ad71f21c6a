"""E-mail addresses and network addresses, in the one form in which they are compared."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from paseo.platform.identity.refusals import BadEmail


def normal_email(text: str) -> str:
    """Trimmed and in lower case. Refuses BadEmail."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadEmail from None
    if len(email) > 254:
        raise BadEmail
    return email


def network_of(request: HttpRequest) -> str:
    """What counts as one sender for limits: an IPv4 address, or the /64 of an IPv6 address.

    ``X-Forwarded-For`` is read only as far as the proxies that the installation declares (TRUSTED_PROXIES).
    """
    text = request.META.get("REMOTE_ADDR", "")
    proxies = int(settings.PASEO.get("TRUSTED_PROXIES", 0))
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if hops:
            text = hops[-proxies] if len(hops) >= proxies else hops[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
