"""The terms between the operator and a merchant, as a form: percent and money as people write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from paseo.capabilities.directory.values import ContractView, StoreCard
from paseo.channels.console.city.frame import zone
from paseo.channels.console.shop.forms import DeskForm
from paseo.kernel.money import Money, exponent
from paseo.kernel.periods import day_period
from paseo.platform.ui.formatting import percent

CURRENCIES = ("EUR", "CNY", "MXN", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN", "CZK", "HUF")


def rate_words(bps: int) -> str:
    """``12.5%``; as many places as it takes."""
    share = Decimal(bps) / 10_000
    return percent(share, 0 if bps % 100 == 0 else 1 if bps % 10 == 0 else 2)


class AmountField(forms.CharField):
    """A number as people write it: 12.5 and 12,5 are the same."""

    def __init__(self, *args: Any, most: int, places: int, **more: Any) -> None:
        self.most, self.places = most, places
        super().__init__(*args, max_length=20, **more)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("\u00a0", "").replace(" ", "").replace(",", ".").rstrip("%")
        if not text:
            return Decimal(0)
        whole, dot, part = text.partition(".")
        if not whole.isdecimal() or (dot and not part.isdecimal()) or len(part) > self.places:
            raise forms.ValidationError(_("Write a number like 12.5."))
        number = Decimal(text)
        if number > self.most:
            raise forms.ValidationError(_("That is more than %(most)s."), params={"most": self.most})
        return number


class ContractForm(DeskForm):
    """``present`` is the contract that was in force when the form was made: two people cannot sign over each other."""

    commission = AmountField(
        label=_("Commission on each order, in percent"),
        most=100,
        places=2,
        help_text=_("Orders keep the rate they were placed with."),
    )
    fee = AmountField(label=_("Monthly fee"), most=1_000_000, places=2, required=False)
    currency = forms.ChoiceField(label=_("Currency of the fee"))
    trial_until = forms.DateField(
        label=_("Free until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Neither commission nor fee is taken before."),
    )
    valid_from = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: at once. The present terms end then."),
    )
    present = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        usual = str(settings.PASEO["DEFAULT_CURRENCY"])
        choices = [usual, *(one for one in CURRENCIES if one != usual)]
        self.fields["currency"].choices = [(one, one) for one in choices]  # type: ignore[attr-defined]

    @staticmethod
    def start(latest: ContractView | None, cards: list[StoreCard]) -> dict[str, Any]:
        """What the form shows at first: the latest terms, or nothing but the currency of the shops."""
        if latest is None:
            return {"currency": cards[0].currency if cards else settings.PASEO["DEFAULT_CURRENCY"]}
        fee = Money(latest.monthly_fee_minor, latest.currency)
        return {
            "commission": f"{Decimal(latest.commission_bps) / 100:f}",
            "fee": f"{fee.decimal:f}" if latest.monthly_fee_minor else "",
            "currency": latest.currency,
            "present": latest.id,
        }

    def terms(self, now: datetime) -> dict[str, Any]:
        """What ``sign_contract`` takes. A day means the whole day of the city's clock."""
        said = self.cleaned_data
        trial: date | None = said["trial_until"]
        start: date | None = said["valid_from"]
        first = day_period(start, zone()) if start else None
        return {
            "commission_bps": int(said["commission"] * 100),
            "monthly_fee_minor": int(said["fee"] * 10 ** exponent(said["currency"])),
            "currency": said["currency"],
            "trial_until": day_period(trial, zone()).end if trial else None,
            # Today's date means from now on, not from the past midnight.
            "valid_from": None if first is None or now in first else first.start,
        }

    @property
    def seen(self) -> UUID | None:
        return self.cleaned_data.get("present")
