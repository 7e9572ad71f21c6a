"""The forms of a product's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paseo.capabilities.catalog import queries
from paseo.capabilities.catalog.values import DraftVariant, ProductChanges, ProductView, VariantView
from paseo.capabilities.directory.values import StoreCard
from paseo.channels.console.goods.forms import AmountField, DeskForm, Several, number_field
from paseo.channels.console.goods.headings import NEW, Headings
from paseo.channels.console.goods.words import KINDS, allergen_choices, content_words, tax_choices
from paseo.platform.ui.formatting import localized

_VERDICTS = {
    "digits": _("A barcode has digits only."),
    "length": _("A barcode has 8, 12, 13 or 14 digits."),
    "check": _("The last digit does not fit the others. Scan it again, or look at the digits below the bars."),
}


def barcode_verdict(text: str) -> str:
    """What is wrong with a barcode, in words; empty when nothing is, or when there is none."""
    found = queries.read_barcode(text)
    return str(_VERDICTS.get(found, "")) if isinstance(found, str) else ""


class BarcodeField(forms.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, label=_("Barcode"), **more)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "barcode"})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        wrong = barcode_verdict(text)
        if wrong:
            raise forms.ValidationError(wrong)
        return text


class FactsForm(DeskForm):
    """Words, tax and allergens of a product."""

    tax_class = forms.ChoiceField(label=_("Tax"))
    brand = forms.CharField(label=_("Brand"), required=False, max_length=120)
    ingredients = forms.CharField(
        label=_("Ingredients"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, product: ProductView | None, store: StoreCard | None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.add_texts("names", gettext("Name"), required=True)
        self.add_texts("descriptions", gettext("Description"), most=2000, long=True)
        self.fields["tax_class"].choices = tax_choices(store)  # type: ignore[attr-defined]
        self.fields["allergens"] = Several(allergen_choices(), label=_("Allergens"), required=False)
        if product is not None:
            self.initial = {
                **self.initial_texts("names", product.names),
                **self.initial_texts("descriptions", product.descriptions),
                "tax_class": product.tax_class,
                "brand": product.brand,
                "ingredients": product.ingredients,
                "allergens": list(product.allergens),
            }
        elif store is not None and "tax_class" not in self.initial:
            self.initial["tax_class"] = "reduced"

    def changes(self, product: ProductView) -> ProductChanges:
        said = self.cleaned_data
        return {
            "names": self.said("names", product.names),
            "descriptions": self.said("descriptions", product.descriptions),
            "brand": said["brand"],
            "ingredients": said["ingredients"],
            "tax_class": said["tax_class"],
            "allergens": said["allergens"],
        }


class PhotoForm(DeskForm):
    photo = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}), allow_empty_file=False
    )


class VariantForm(DeskForm):
    """A size, color or pack."""

    BESIDE = {"gtin": "gtin", "sku": "sku", "content": "content"}
    gtin = BarcodeField(required=False)
    content = forms.CharField(label=_("Content"), required=False, max_length=40, help_text=_("Such as 250 g or 0.5 l."))
    sku = forms.CharField(label=_("Article number"), required=False, max_length=60)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.add_texts("names", gettext("What tells it apart"), most=120)

    @classmethod
    def of(cls, variant: VariantView) -> VariantForm:
        initial = {
            **cls.initial_texts("names", variant.names),
            "gtin": variant.gtin or "",
            "content": f"{variant.content_amount} {variant.content_unit}" if variant.content_amount else "",
            "sku": variant.sku,
        }
        return cls(prefix=f"v{variant.id.hex[:8]}", initial=initial)

    def draft(self, before: VariantView | None) -> DraftVariant:
        said = self.cleaned_data
        names = self.said("names", before.names if before else None)
        return DraftVariant(names=names, sku=said["sku"], gtin=said["gtin"], content=said["content"])


class StoreForm(DeskForm):
    """Under which heading a store sells it."""

    under = forms.ChoiceField(label=_("Heading on the menu"), required=False)

    def __init__(self, headings: Headings, present: Mapping[str, str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.headings = headings
        self.fields["under"].choices = headings.choices  # type: ignore[attr-defined]
        self.initial["under"] = headings.key(present)
        self.add_texts(NEW, gettext("A new heading"), most=80)

    @property
    def heading(self) -> dict[str, str]:
        return self.headings.texts(self.cleaned_data.get("under", ""), self.said(NEW))

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("under") == NEW and not self.said(NEW):
            self.add_error(self._first(NEW), gettext("Write the heading."))
        return found


class NewProductForm(FactsForm):
    """A whole product at once: what it is, what it costs, where it is sold."""

    BESIDE = {"options": "names", "content": "content"}
    kind = forms.ChoiceField(label=_("What is it"), widget=forms.RadioSelect)
    under = forms.ChoiceField(label=_("Heading on the menu"), required=False)
    gtin = BarcodeField(required=False)
    content = forms.CharField(label=_("Content"), required=False, max_length=40, help_text=_("Such as 250 g or 0.5 l."))
    photo = forms.FileField(label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    pieces = number_field(_("Pieces in stock"), least=0)

    def __init__(
        self, store: StoreCard | None, stores: list[StoreCard], headings: Headings, *args: Any, **more: Any
    ) -> None:
        super().__init__(None, store, *args, **more)
        self.headings = headings
        currency = store.currency if store else "EUR"
        self.fields["kind"].choices = [(k, gettext(KINDS[k])) for k in ("dish", "good", "service")]  # type: ignore[attr-defined]
        self.fields["under"].choices = headings.choices  # type: ignore[attr-defined]
        self.fields["price"] = AmountField(currency, label=_("Price"), required=False)
        cards = [(str(card.id), store_words(card)) for card in stores if card.state != "closed"]
        self.fields["stores"] = Several(cards, label=_("Stores that sell it"), required=False)
        self.add_texts(NEW, gettext("A new heading"), most=80)
        if store is not None:
            self.initial.setdefault("stores", [str(store.id)])

    @property
    def heading(self) -> dict[str, str]:
        return self.headings.texts(self.cleaned_data.get("under", ""), self.said(NEW))

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("under") == NEW and not self.said(NEW):
            self.add_error(self._first(NEW), gettext("Write the heading."))
        return found


class ScanForm(DeskForm):
    gtin = BarcodeField(required=True)


class ScannedForm(DeskForm):
    """What is still to be said about a scanned good."""

    gtin = BarcodeField(required=True, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200)
    under = forms.ChoiceField(label=_("Heading on the menu"), required=False)
    pieces = number_field(_("Pieces in stock"), least=0)

    def __init__(
        self, store: StoreCard, headings: Headings, *args: Any, known: ProductView | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.headings, self.known = headings, known
        self.fields["price"] = AmountField(store.currency, label=_("Price"), required=False)
        self.fields["under"].choices = [  # type: ignore[attr-defined]
            one for one in headings.choices if one[0] != NEW
        ]
        if known is not None:
            self.initial.setdefault("name", localized(known.names))
        self.order_fields(["gtin", "name", "price", "pieces", "under"])
        if not self.is_bound:
            # What is still to be said comes first: scan, type the price, Enter, scan.
            self.fields["price" if known is not None else "name"].widget.attrs["autofocus"] = True

    @property
    def name_if_other(self) -> str:
        """The name, when it is not the one that everybody knows already."""
        name = str(self.cleaned_data["name"]).strip()
        return "" if self.known is not None and name == localized(self.known.names) else name


def store_words(card: StoreCard) -> str:
    street = card.address.street
    return (
        gettext("%(store)s, %(street)s") % {"store": localized(card.name), "street": street}
        if street
        else localized(card.name)
    )


def pack_words(product: ProductView) -> str:
    variant = product.variants[0] if product.variants else None
    return content_words(variant.content_amount, variant.content_unit) if variant else ""
