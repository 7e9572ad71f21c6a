"""At sign-in cart, coupons and orders of this browser follow the person; what was looked at only with consent."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.platform.identity import queries as identity
from paseo.platform.identity.values import SignedIn
from paseo.platform.identity.web import post_sign_in_hook

log = logging.getLogger(__name__)


@post_sign_in_hook(order=50)
def bring_along(signed_in: SignedIn) -> None:
    """Orders follow when they were placed with the address that the person has just proven."""
    if signed_in.visitor_id is None:
        return
    person = identity.person(signed_in.person_id)
    ordering.adopt_carts(
        visitor_id=signed_in.visitor_id, person_id=signed_in.person_id, email=person.email or "", now=signed_in.at
    )
    try:
        journeys.link(visitor_id=signed_in.visitor_id, person_id=signed_in.person_id, now=signed_in.at)
    except DatabaseError:
        # The stream of contacts may be away; signing in does not wait for it.
        log.exception("the journey of a visitor could not be joined")
