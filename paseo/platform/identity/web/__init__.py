"""What channels use: who is asking, may they, and which visitor is it.

>>> @scope_required("orders.see")
... def board(request, store_id): request.scope.narrow(…)
"""

from paseo.platform.identity.addresses import network_of
from paseo.platform.identity.hooks import post_sign_in_hook
from paseo.platform.identity.ready_made import ReadyMade, ready_made_sign_ins
from paseo.platform.identity.web.access import (
    choose_tenant,
    current_person,
    current_scopes,
    is_confirmed,
    person_required,
    safe_next,
    scope_for,
    scope_required,
    sign_in_page,
)
from paseo.platform.identity.web.session import sign_in, sign_out
from paseo.platform.identity.web.visitor import VISITOR_COOKIE, ensure_visitor, forget_visitor, visitor_of

__all__ = [
    "VISITOR_COOKIE",
    "ReadyMade",
    "choose_tenant",
    "current_person",
    "current_scopes",
    "ensure_visitor",
    "forget_visitor",
    "is_confirmed",
    "network_of",
    "person_required",
    "post_sign_in_hook",
    "ready_made_sign_ins",
    "safe_next",
    "scope_for",
    "scope_required",
    "sign_in",
    "sign_in_page",
    "sign_out",
    "visitor_of",
]
