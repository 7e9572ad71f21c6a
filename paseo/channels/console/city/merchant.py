"""One merchant as the operator sees it: the application, its papers, what is missing, terms, stores, people, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import ContractView, MerchantView, StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import queries as ordering
from paseo.channels.console.city.contract import ContractForm, rate_words
from paseo.channels.console.city.frame import operators, show, zone
from paseo.channels.console.city.merchants import merchant_of, state_mark, state_words
from paseo.channels.console.city.orders import lines_of
from paseo.channels.console.city.troubles import is_claimed
from paseo.channels.console.desk import scope_of
from paseo.kernel import clock
from paseo.kernel.periods import Period, day_of, day_period
from paseo.platform.identity import queries as identity
from paseo.platform.tenancy.roles import ROLES
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import day_and_clock, money
from paseo.platform.ui.text import RefusalText, sentence
from paseo.platform.ui.values import Station

ORDERS = 8
_PATH = ("applied", "in_review", "approved", "live")
POSSIBLE = {
    "applied": {"review", "refuse"},
    "in_review": {"approve", "refuse"},
    "approved": {"close"},
    "live": {"suspend", "close"},
    "suspended": {"resume", "take-back", "close"},
}
"""What the operator may decide, by state; the operations have the last word."""


@dataclass(frozen=True, slots=True)
class Shop:
    card: StoreCard
    lamp: Any
    in_hand: int


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract in words. ``present`` is the one in force."""

    contract: ContractView
    rate: str
    fee: str
    trial: str
    present: bool


@require_GET
@operators()
def merchant(request: HttpRequest, merchant_id: UUID) -> HttpResponse:
    return merchant_page(request, merchant_id)


def merchant_page(
    request: HttpRequest,
    merchant_id: UUID,
    *,
    refusal: RefusalText | None = None,
    tried: str = "",
    form: ContractForm | None = None,
) -> HttpResponse:
    """``tried`` is the act that was refused: its form stays open, with what was typed."""
    scope, now = scope_of(request), clock.now()
    found = merchant_of(scope.tenant_id, merchant_id)
    cards = directory.stores_of_merchant(merchant_id)
    in_hand = fulfillment.in_hand_by_store([card.id for card in cards]) if cards else {}
    report = directory.readiness(merchant_id)
    contracts = directory.contracts(merchant_id)
    may = scope.may("merchant.approve")
    allowed = POSSIBLE.get(found.state, set()) if may and is_claimed(found) else set()
    context = {
        "merchant": found,
        "claimed": is_claimed(found),
        "state_words": state_words(found),
        "state_mark": state_mark(found),
        "stations": _stations(found),
        "allowed": allowed,
        "may": may,
        "papers": directory.papers(merchant_id),
        "paper_words": paper_words(),
        "report": report,
        "missing": [_item(item) for item in report.missing],
        "there": [_item(item) for item in report.items if item.ok],
        "terms": [_terms(one, now) for one in contracts],
        "in_force": directory.contract_of(merchant_id, now) is not None,
        "form": form or ContractForm(initial=ContractForm.start(contracts[0] if contracts else None, cards)),
        "shops": [Shop(card, directory.lamp(card, now), in_hand.get(card.id, 0)) for card in cards],
        "in_hand": sum(in_hand.values()),
        "people": _people(merchant_id, cards),
        "money": _money(scope, found, cards, now),
        "orders": _orders(scope, merchant_id, cards),
        "refusal": refusal,
        "tried": tried,
        "typed": request.POST,
        "act_base": reverse("console:city-merchant", args=[merchant_id]),
    }
    status = refusal.status if refusal else 422 if form is not None and form.errors else 200
    return show(request, "merchant", "merchants", status=status, **context)


def paper_words() -> dict[str, str]:
    return {
        "registration": gettext("Registration of the business"),
        "identity": gettext("Identity of the owner"),
        "licence": gettext("License, such as for food or alcohol"),
        "bank": gettext("Bank account"),
        "other": gettext("Another paper"),
    }


def _item(item: Any) -> dict[str, Any]:
    words = sentence(item.sentence if not item.ok else item.done or item.sentence, item.params)
    return {"words": words, "must": item.importance == "must"}


def _stations(merchant: MerchantView) -> list[Station]:
    """From the application to the lights; the yellow station is where it waits."""
    at = day_and_clock(merchant.applied_at, zone())
    live = day_and_clock(merchant.live_at, zone()) if merchant.live_at else ""
    words = {
        "applied": (gettext("Applied"), at),
        "in_review": (gettext("Under review"), ""),
        "approved": (gettext("Approved"), ""),
        "live": (gettext("Live"), live),
    }
    if merchant.state in _PATH:
        reached = _PATH.index(merchant.state)
        return [
            Station(
                words[key][0],
                "done" if place < reached or merchant.state == "live" else "now" if place == reached else "next",
                "end" if key == "live" else "step",
                words[key][1],
            )
            for place, key in enumerate(_PATH)
        ]
    stations = [Station(words["applied"][0], "done", "step", at)]
    if merchant.live_at:
        stations.append(Station(words["live"][0], "done", "step", live))
    return [*stations, Station(state_words(merchant), "refused", "end", detail=merchant.reason)]


def _terms(contract: ContractView, now: datetime) -> Terms:
    ends = contract.valid_until
    return Terms(
        contract=contract,
        rate=rate_words(contract.commission_bps),
        fee=money(contract.monthly_fee_minor, contract.currency),
        trial=day_and_clock(contract.trial_until, zone())
        if contract.trial_until and contract.trial_until > now
        else "",
        present=contract.valid_from <= now and (ends is None or ends > now),
    )


def _people(merchant_id: UUID, cards: list[StoreCard]) -> list[dict[str, Any]]:
    grants = directory.staff(merchant_id)
    known = identity.people({grant.person_id for grant in grants}) if grants else {}
    by_store = {card.id: card for card in cards}
    return [
        {
            "name": known[grant.person_id].label if grant.person_id in known else "",
            "email": known[grant.person_id].email if grant.person_id in known else "",
            "role": gettext(ROLES[grant.role].name) if grant.role in ROLES else grant.role,
            "store": by_store.get(grant.place_id) if grant.place_id else None,
        }
        for grant in grants
    ]


def _money(scope: Scope, merchant: MerchantView, cards: list[StoreCard], now: datetime) -> list[Any]:
    """This month in each currency; empty for those who may not see money."""
    if not scope.may("money.see"):
        return []
    first = day_of(now, zone()).replace(day=1)
    month = Period(day_period(first, zone()).start, None)
    units = ledger.units_of(merchant.id) or sorted({card.currency for card in cards})[:1]
    return [ledger.merchant_money(merchant.id, month, unit) for unit in units]


def _orders(scope: Scope, merchant_id: UUID, cards: list[StoreCard]) -> list[Any]:
    if not scope.may("orders.see"):
        return []
    found = ordering.orders_of_merchant(merchant_id, scope=scope, limit=ORDERS)
    return lines_of(found, scope, {card.id: card for card in cards})
