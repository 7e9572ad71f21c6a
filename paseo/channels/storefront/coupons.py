"""Tickets beside a cart: what each does to this order, or why it does nothing and what would make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, CartQuote
from paseo.capabilities.vouchers import operations as vouchers
from paseo.capabilities.vouchers import queries as wallet
from paseo.capabilities.vouchers.values import Explanation, ProgramView
from paseo.channels.storefront.store import effect_words
from paseo.kernel.ids import stable_id
from paseo.platform.ui.formatting import clock
from paseo.platform.ui.text import sentence

OFFERED = 3
"""How many tickets that the reader does not have yet are offered beside a cart."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A ticket that lies beside the cart. ``says``: what it does, or why not and what would make it apply."""

    voucher_id: UUID
    names: Mapping[str, str]
    applies: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Free:
    """A ticket that could be laid beside it. ``voucher_id`` None: it is not in the wallet yet, one press takes both."""

    program: ProgramView
    value: str
    voucher_id: UUID | None = None

    @property
    def act(self) -> str:
        return f"use:{self.voucher_id}" if self.voucher_id else f"take:{self.program.id}"


@dataclass(frozen=True, slots=True)
class Coupons:
    beside: tuple[Beside, ...]
    free: tuple[Free, ...]


def coupons_of(quote: CartQuote, card: StoreCard, buyer: Buyer, now: datetime) -> Coupons:
    """Three statements."""
    beside = tuple(_beside(one, quote, card.zone) for one in quote.coupons)
    laid = {one.voucher_id for one in beside}
    mine = [
        one
        for one in wallet.wallet(buyer.wallets, now=now, usable_only=True)
        if one.program.kind == "coupon" and _is_for(one.program, card)
    ]
    free = [Free(one.program, effect_words(one.program), one.id) for one in mine if one.id not in laid]
    if not beside:
        # Who has laid one beside has seen them; the shop's page shows all that can be had.
        have = {one.program.id for one in mine}
        offered = wallet.claimable(card.id, merchant_id=card.merchant_id, now=now, owner=buyer.key, limit=OFFERED)
        free += [Free(program, effect_words(program)) for program in offered if program.id not in have]
    return Coupons(beside, tuple(free))


def _is_for(program: ProgramView, card: StoreCard) -> bool:
    return program.merchant_id == card.merchant_id and (program.store_ids is None or card.id in program.store_ids)


def _beside(one: Explanation, quote: CartQuote, zone: str) -> Beside:
    """A ticket that holds here may still do nothing to these things: the quote has the last word."""
    reasons = [(reason.what, reason.remedy, reason.params) for reason in one.reasons]
    applies = one.applies
    if one.applies and quote.quote is not None:
        for counted in quote.quote.reasons:
            if counted.source_id == str(one.voucher_id):
                applies = counted.applies
                reasons.append((counted.text, "", counted.params))
    says = tuple(_said(text, params, zone) for what, remedy, params in reasons for text in (what, remedy) if text)
    return Beside(one.voucher_id, one.names, applies, says)


def _said(text: str, params: Mapping[str, Any], zone: str) -> str:
    written = {key: clock(value) if isinstance(value, time) else value for key, value in params.items()}
    written["zone"] = zone
    if "name" in written:
        # The name stands above: the sentence begins with "It".
        written["name"] = gettext("This ticket")
    return sentence(text, written)


def do(act: str, *, cart_id: UUID, buyer: Buyer, now: datetime) -> None:
    """``use:<voucher>``, ``drop:<voucher>`` or ``take:<program>``: into wallet and cart. Twice is once."""
    verb, _, text = act.partition(":")
    try:
        subject = UUID(text)
    except ValueError:
        return
    if verb == "use":
        ordering.add_voucher(cart_id=cart_id, buyer=buyer, voucher_id=subject, now=now)
    elif verb == "drop":
        ordering.remove_voucher(cart_id=cart_id, buyer=buyer, voucher_id=subject, now=now)
    elif verb == "take":
        made = stable_id("storefront.take", cart_id, subject, buyer.key)
        voucher_id = vouchers.claim(program_id=subject, owner=buyer.key, now=now, voucher_id=made)
        ordering.add_voucher(cart_id=cart_id, buyer=buyer, voucher_id=voucher_id, now=now)
