"""A cart as it is shown: each line with its price, what moved, what stands against it, and what to do about that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering.values import CartQuote, CartQuoteLine, Problem
from paseo.channels.storefront.papers import line_words, option_notes, quote_rows
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized, money
from paseo.platform.ui.text import sentence
from paseo.platform.ui.values import ReceiptRow

CHOOSE_AGAIN = {"option_missing", "option_gone", "too_many_options"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a line cannot be ordered as it is. ``fewer``: so many are left."""

    words: str
    remedy: str
    fewer: int | None = None
    choose_again: bool = False


@dataclass(frozen=True, slots=True)
class CartRow:
    """``was`` is what the reader saw, ``amount`` what it costs now; both for all pieces."""

    id: UUID
    words: str
    notes: tuple[str, ...]
    quantity: int
    amount: Money | None
    was: Money | None
    each: Money
    explain: str
    troubles: tuple[Trouble, ...]
    href: str
    offered: bool

    @property
    def less(self) -> int:
        return self.quantity - 1

    @property
    def more(self) -> int:
        return self.quantity + 1


@dataclass(frozen=True, slots=True)
class CartSheet:
    """The whole paper. ``blocked`` tells why it cannot be ordered now; empty when it can."""

    rows: tuple[CartRow, ...]
    below: tuple[ReceiptRow, ...]
    total: Money
    total_words: str
    troubles: tuple[Trouble, ...]
    moved: bool
    blocked: str
    discounted: bool

    @property
    def can_go_on(self) -> bool:
        return not self.blocked


def sheet_of(quote: CartQuote, card: StoreCard) -> CartSheet:
    rows = tuple(_row(line, quote.currency, card) for line in quote.lines)
    on_lines = {id(problem) for line in quote.lines for problem in line.problems}
    whole = tuple(_trouble(one, card.zone) for one in quote.problems if id(one) not in on_lines)
    moved = bool(quote.drift)
    blocked = ""
    if any(row.troubles for row in rows):
        blocked = gettext("Look at the marked lines first")
    elif whole:
        blocked = whole[0].words
    elif moved:
        blocked = gettext("Answer the new price first")
    return CartSheet(
        rows=rows,
        below=tuple(quote_rows(quote.quote, localized(card.name))),
        total=quote.total,
        total_words=gettext("If you agree") if moved else gettext("To pay"),
        troubles=whole,
        moved=moved,
        blocked=blocked,
        discounted=bool(quote.quote and quote.quote.discount_minor),
    )


def _row(line: CartQuoteLine, currency: str, card: StoreCard) -> CartRow:
    seen = line.seen_minor or 0
    raised = (line.unit_minor - seen) * line.quantity
    explain = ""
    if line.moved:
        by = money(Money(abs(raised), currency))
        explain = (
            gettext("The shop raised this by %(sum)s after you chose it. Nothing has been paid.") % {"sum": by}
            if raised > 0
            else gettext("This is %(sum)s cheaper now. Nothing has been paid.") % {"sum": by}
        )
    known = bool(line.names)
    return CartRow(
        id=line.id,
        words=line_words(line),
        notes=option_notes(line.options, line.note),
        quantity=line.quantity,
        amount=Money(line.gross_minor, currency) if known else None,
        was=Money(seen * line.quantity, currency) if line.moved else None,
        each=Money(line.unit_minor, currency),
        explain=explain,
        troubles=tuple(_trouble(one, card.zone) for one in line.problems),
        href=reverse("storefront:product", args=[card.slug, line.offer_id]) if known else "",
        offered=known,
    )


def _trouble(one: Problem, zone: str) -> Trouble:
    params: Mapping[str, object] = {**one.params, "zone": zone}
    fewer = one.params.get("available") if one.key == "few_left" else None
    return Trouble(
        words=sentence(one.what, params),
        remedy=sentence(one.remedy, params),
        fewer=int(fewer) if fewer else None,
        choose_again=one.key in CHOOSE_AGAIN,
    )
