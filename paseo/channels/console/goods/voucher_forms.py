"""The forms of coupons and deals, and the program that they describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.vouchers.values import Effect, ProgramView
from paseo.channels.console.goods.forms import AmountField, DeskForm, MomentField, Several, number_field
from paseo.channels.console.goods.product_forms import store_words
from paseo.channels.console.goods.words import names_of
from paseo.kernel.ids import new_id

EFFECTS = (
    ("percent_bps", _("Per cent off")),
    ("amount", _("A sum off")),
    ("fixed_price", _("Fixed price")),
    ("free_item", _("One free")),
)
MODES = (("pickup", _("Pickup")), ("here", _("Eat in")))
DAYS = (
    ("0", _("Mon")),
    ("1", _("Tue")),
    ("2", _("Wed")),
    ("3", _("Thu")),
    ("4", _("Fri")),
    ("5", _("Sat")),
    ("6", _("Sun")),
)
CONTENTS = 3
MOST_THINGS = 200
FEW = 60
"""Up to this many things are boxes to tick; more are a list."""


class ProgramForm(DeskForm):
    """What coupons and deals have in common."""

    KIND = ""
    BESIDE = {"price": "price", "min_spend": "min_spend", "hours": "hours_from", "effect": "effect", "limit": "limit"}
    valid_from = MomentField(label=_("From"), required=False)
    valid_until = MomentField(label=_("Until"), required=False)

    def __init__(self, store: StoreCard, cards: Sequence[StoreCard], *args: Any, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.store, self.now = store, now
        self.add_texts("names", gettext("Name"), most=120, required=True)
        self.add_texts("terms", gettext("Conditions in your words"), most=600, long=True)
        self.fields["limit"] = number_field(_("How many pieces"), help_text=_("Empty: as many as wanted."))
        self.fields["per_person"] = number_field(_("At most per person"), help_text=_("Empty: no limit."))
        self.fields["uses"] = number_field(_("Uses of one piece"), most=1000, initial=1)
        self.fields["valid_days"] = number_field(
            _("Days it stays valid once kept"), most=3650, help_text=_("Empty: until the end of the offer.")
        )
        self.fields["stores"] = Several(
            [(str(card.id), store_words(card)) for card in cards if card.state != "closed"],
            label=_("Stores"),
        )
        self.cards = cards

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        start, end = found.get("valid_from"), found.get("valid_until")
        if end and end <= (start or self.now):
            self.add_error("valid_until", gettext("The end must come after the start."))
        return found

    def store_ids(self, whole_firm: bool) -> list[UUID] | None:
        """None for every store of the firm."""
        chosen = [UUID(one) for one in self.cleaned_data.get("stores", ())]
        everywhere = {card.id for card in self.cards if card.state != "closed"}
        return None if whole_firm and set(chosen) == everywhere else chosen

    @staticmethod
    def common_initial(program: ProgramView, cards: Sequence[StoreCard]) -> dict[str, Any]:
        ids = program.store_ids
        return {
            **DeskForm.initial_texts("names", program.names),
            **DeskForm.initial_texts("terms", program.terms),
            "limit": program.limit,
            "per_person": program.per_person,
            "uses": program.uses,
            "valid_from": program.valid_from,
            "valid_until": program.valid_until,
            "valid_days": program.valid_days,
            "stores": [str(card.id) for card in cards if ids is None or card.id in ids],
        }

    def values(self, before: ProgramView | None, whole_firm: bool) -> dict[str, Any]:
        """What ``create_program`` and ``edit_program`` take, of what both kinds have."""
        said = self.cleaned_data
        return {
            "names": self.said("names", before.names if before else None),
            "terms": self.said("terms", before.terms if before else None),
            "limit": said.get("limit"),
            "per_person": said.get("per_person"),
            "uses": said.get("uses") or 1,
            "valid_from": said.get("valid_from") or (before.valid_from if before else self.now),
            "valid_until": said.get("valid_until"),
            "valid_days": said.get("valid_days"),
            "store_ids": self.store_ids(whole_firm),
        }


class CouponForm(ProgramForm):
    KIND = "coupon"
    BESIDE = {**ProgramForm.BESIDE, "value": "percent"}
    effect = forms.ChoiceField(
        label=_("What it does"), choices=EFFECTS, initial="percent_bps", widget=forms.RadioSelect
    )
    percent = forms.DecimalField(
        label=_("Percentage"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    modes = forms.ChoiceField(label=_("How it is bought"), required=False)
    hours_from = forms.TimeField(label=_("From (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    hours_until = forms.TimeField(
        label=_("Until (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    counter = forms.BooleanField(label=_("Can also be shown at the counter"), required=False, initial=True)
    stackable = forms.BooleanField(label=_("Together with other tickets"), required=False)

    def __init__(
        self, store: StoreCard, cards: Sequence[StoreCard], things: Sequence[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(store, cards, *args, **more)
        currency = store.currency
        self.fields["value"] = AmountField(currency, label=_("Amount"), required=False)
        self.fields["min_spend"] = AmountField(currency, label=_("From what sum on"), required=False)
        self.fields["most"] = AmountField(currency, label=_("At most off"), required=False)
        self.fields["modes"].choices = [("", gettext("Any way")), *MODES]  # type: ignore[attr-defined]
        self.fields["weekdays"] = Several(DAYS, label=_("Only on these days"), required=False)
        self.few_things = len(things) <= FEW
        chosen = {str(one) for one in self.initial.get("things", ())} - {key for key, _words in things}
        things = [*things, *names_of_chosen(chosen)]
        hint = _("The first 200 of each menu stand here.") if len(things) >= MOST_THINGS else ""
        self.fields["things"] = forms.MultipleChoiceField(
            choices=things,
            label=_("Only for"),
            required=False,
            help_text=hint,
            widget=forms.CheckboxSelectMultiple if self.few_things else forms.SelectMultiple(attrs={"size": 8}),
        )
        self.initial.setdefault("per_person", 1)
        # The one that belongs to the effect is needed; before a choice is sent neither is called optional.
        effect = self.data.get("effect") if self.is_bound else None
        self.fields["percent"].required = effect in {None, "percent_bps"}
        self.fields["value"].required = effect in {None, "amount", "fixed_price"}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        effect = found.get("effect")
        if effect == "percent_bps" and found.get("percent") == 0 and "percent" not in self.errors:
            self.add_error("percent", gettext("A percentage is more than 0 and at most 100."))
        if effect == "amount" and found.get("value") == 0 and "value" not in self.errors:
            self.add_error("value", gettext("The amount must be more than 0."))
        if bool(found.get("hours_from")) != bool(found.get("hours_until")):
            missing = "hours_until" if found.get("hours_from") else "hours_from"
            self.add_error(missing, gettext("Hours have a beginning and an end."))
        elif found.get("hours_from") and found["hours_from"] == found["hours_until"]:
            self.add_error("hours_until", gettext("Hours have a beginning and an end."))
        return found

    def as_effect(self) -> Effect | None:
        """None while the form does not say what it does."""
        said = self.cleaned_data
        kind = said.get("effect", "")
        if kind == "percent_bps":
            value = int((said.get("percent") or 0) * 100)
        elif kind == "free_item":
            value = 1
        else:
            value = said.get("value") or 0
        if not kind or (not value and kind != "fixed_price"):
            return None
        start, end = said.get("hours_from"), said.get("hours_until")
        return Effect(
            kind,
            value,
            min_spend_minor=said.get("min_spend") or 0,
            variant_ids=tuple(UUID(one) for one in said["things"]) if said.get("things") else None,
            max_minor=said.get("most") if kind == "percent_bps" else None,
            stackable=bool(said.get("stackable")),
            modes=(said["modes"],) if said.get("modes") else None,
            hours=(f"{start:%H:%M}", f"{end:%H:%M}") if start and end else None,
            weekdays=tuple(int(one) for one in said["weekdays"]) if 0 < len(said.get("weekdays") or ()) < 7 else None,
        )

    @classmethod
    def of(cls, program: ProgramView, cards: Sequence[StoreCard]) -> dict[str, Any]:
        effect = program.effect
        assert effect is not None
        start, end = effect.hours or ("", "")
        return {
            **cls.common_initial(program, cards),
            "effect": effect.kind,
            "percent": f"{effect.value / 100:g}" if effect.kind == "percent_bps" else None,
            "value": effect.value if effect.kind in {"amount", "fixed_price"} else None,
            "min_spend": effect.min_spend_minor or None,
            "most": effect.max_minor,
            "modes": effect.modes[0] if effect.modes else "",
            "hours_from": start,
            "hours_until": end,
            "weekdays": [str(one) for one in effect.weekdays or ()],
            "things": [str(one) for one in effect.variant_ids or ()],
            "stackable": effect.stackable,
            "counter": program.counter,
        }


class DealForm(ProgramForm):
    KIND = "deal"

    def __init__(self, store: StoreCard, cards: Sequence[StoreCard], *args: Any, **more: Any) -> None:
        super().__init__(store, cards, *args, **more)
        self.fields["price"] = AmountField(store.currency, least=1, label=_("Price"))
        for at in range(CONTENTS):
            self.fields[f"times{at}"] = number_field(gettext("Pieces"), most=999, initial=1)
            self.add_texts(f"content{at}", gettext("What is in it"), most=120)

    @property
    def contents(self) -> list[dict[str, Any]]:
        found = []
        for at in range(CONTENTS):
            names = self.said(f"content{at}")
            if names:
                found.append({"names": names, "quantity": self.cleaned_data.get(f"times{at}") or 1})
        return found

    @property
    def content_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"times{at}"], self.texts[f"content{at}"]) for at in range(CONTENTS)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.contents:
            self.add_error(self._first("content0"), gettext("Say what the deal contains."))
        return found

    @classmethod
    def of(cls, program: ProgramView, cards: Sequence[StoreCard]) -> dict[str, Any]:
        initial = {**cls.common_initial(program, cards), "price": program.price_minor}
        for at, one in enumerate(program.contents[:CONTENTS]):
            initial |= cls.initial_texts(f"content{at}", one.get("names", {})) | {f"times{at}": one.get("quantity", 1)}
        return initial


class WordsForm(DeskForm):
    """What can still be changed once people hold it."""

    def __init__(self, program: ProgramView, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.add_texts("names", gettext("Name"), most=120, required=True)
        self.add_texts("terms", gettext("Conditions in your words"), most=600, long=True)
        self.fields["limit"] = number_field(_("How many pieces"), help_text=_("Empty: as many as wanted."))
        self.initial = {
            **self.initial_texts("names", program.names),
            **self.initial_texts("terms", program.terms),
            "limit": program.limit,
        }


def described(form: ProgramForm, merchant_id: UUID) -> ProgramView:
    """The program as far as the form tells it already, for the picture beside the form."""
    form.is_valid()
    said: Mapping[str, Any] = form.cleaned_data
    names = form.said("names") or {settings.LANGUAGE_CODE: gettext("The name of the ticket")}
    return ProgramView(
        id=new_id(),
        merchant_id=merchant_id,
        kind=form.KIND,
        names=names,
        terms=form.said("terms"),
        effect=form.as_effect() if isinstance(form, CouponForm) else None,
        contents=tuple(form.contents) if isinstance(form, DealForm) else (),
        funder="merchant",
        variant_id=None,
        price_minor=said.get("price") or 0,
        currency=form.store.currency,
        limit=said.get("limit"),
        issued=0,
        per_person=said.get("per_person"),
        uses=said.get("uses") or 1,
        counter=bool(said.get("counter", True)),
        valid_from=said.get("valid_from") or form.now,
        valid_until=said.get("valid_until"),
        valid_days=said.get("valid_days"),
        store_ids=None,
        state="draft",
    )


def initial_data(kind: str, store: StoreCard, cards: Sequence[StoreCard], now: datetime) -> dict[str, Any]:
    return {"stores": [str(card.id) for card in cards if card.state != "closed"], "valid_from": now.replace(second=0)}


def names_of_chosen(ids: set[str]) -> list[tuple[str, str]]:
    """What a coupon is limited to already, also when it does not stand at the beginning of a menu."""
    return [(str(key), words) for key, words in names_of([UUID(one) for one in ids]).items()] if ids else []


def blank_data(kind: str) -> QueryDict:
    """What the picture beside an empty form stands for."""
    return QueryDict("counter=on&per_person=1" if kind == "coupon" else "")
