"""All merchants: who waits, who works, who is gone; by state and by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.refusals import UnknownMerchant
from paseo.capabilities.directory.values import MerchantView
from paseo.channels.console.city.frame import operators, show, zone
from paseo.channels.console.city.troubles import is_claimed
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import id_in

PAGE = 30
STATE_WORDS = {
    "applied": gettext_noop("Has applied"),
    "in_review": gettext_noop("Under review"),
    "approved": gettext_noop("Approved"),
    "live": gettext_noop("Live"),
    "suspended": gettext_noop("Suspended"),
    "closed": gettext_noop("Closed for good"),
    "refused": gettext_noop("Refused"),
}
MARKS = {"live": "go", "suspended": "stop", "refused": "stop", "closed": ""}


@dataclass(frozen=True, slots=True)
class Line:
    merchant: MerchantView
    state: str
    mark: str
    href: str


def state_words(merchant: MerchantView) -> str:
    if merchant.state == "applied" and not is_claimed(merchant):
        return gettext("Only listed")
    return gettext(STATE_WORDS[merchant.state])


def state_mark(merchant: MerchantView) -> str:
    return MARKS.get(merchant.state, "")


@require_GET
@operators()
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; ``state``, ``q`` and ``after`` in the address."""
    scope, asked = scope_of(request), request.GET
    state = asked.get("state", "") if asked.get("state", "") in STATE_WORDS else ""
    text, after = asked.get("q", "").strip()[:100], id_in(asked.get("after"))
    found = directory.merchants(operator_id=scope.tenant_id, state=state, text=text, after=after, limit=PAGE + 1)
    lines = [_line(merchant) for merchant in found[:PAGE]]
    more = {"state": state, "q": text, "after": str(found[PAGE - 1].id)} if len(found) > PAGE else {}
    context: dict[str, Any] = {
        "lines": lines,
        "more_href": "?" + urlencode({name: value for name, value in more.items() if value}) if more else "",
        "filters": [
            (gettext(words), "?" + urlencode({"state": key}) if key else reverse("console:merchants"), key == state)
            for key, words in [("", gettext_noop("All merchants")), *STATE_WORDS.items()]
        ],
        "q": text,
        "state_asked": state,
        "filtered": bool(state or text),
        "may_import": scope.may("merchant.approve"),
    }
    if is_part(request) and after is not None:
        return render(request, "console/city/merchants.html#rows", {**context, "zone": zone()})
    return show(request, "merchants", "merchants", **context)


def _line(merchant: MerchantView) -> Line:
    return Line(
        merchant, state_words(merchant), state_mark(merchant), reverse("console:city-merchant", args=[merchant.id])
    )


def merchant_of(operator_id: UUID, merchant_id: UUID) -> MerchantView:
    """A merchant of this operator. Refuses UnknownMerchant."""
    found = directory.merchant(merchant_id)
    if found.operator_id != operator_id:
        raise UnknownMerchant
    return found
