"""Forms of the shop's pages: Django's, with the refusals of operations shown beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_lazy

from paseo.capabilities.directory.values import CATEGORIES, StoreCard
from paseo.kernel.errors import Refusal
from paseo.kernel.geo import Point
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import refusal_text

COUNTRIES = (
    "AT", "BE", "BG", "CH", "CN", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
    "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip


class DeskForm(forms.Form):
    """``refuse`` puts a refusal beside its fields; ``first_problem`` is where the cursor goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, refusal: Refusal) -> None:
        """Refusals without fields stand above the form."""
        text = refusal_text(refusal)
        for name, words in text.fields.items():
            self.add_error(name if name in self.fields else None, words)
        if not text.fields:
            self.add_error(None, str(text))

    def focus_first_problem(self) -> None:
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                return


def categories() -> list[tuple[str, str]]:
    """By name in the reader's language."""
    return sorted(((key, localized(one.name)) for key, one in CATEGORIES.items()), key=lambda pair: pair[1].casefold())


def countries() -> list[tuple[str, str]]:
    from babel import Locale

    names = Locale.parse((get_language() or "en").replace("zh-hans", "zh_Hans").replace("-", "_")).territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1].casefold())


def position_of(text: str) -> Point:
    """ "60.1699, 24.9384" as every map shows it when a place is pressed. ValueError for anything else."""
    parts = [part for part in text.replace(";", ",").replace("°", "").split(",") if part.strip()]
    if len(parts) == 1:
        parts = text.split()
    if len(parts) != 2:
        raise ValueError(text)
    return Point(float(parts[0]), float(parts[1]))


class PositionField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return position_of(text)
        except ValueError:
            raise forms.ValidationError(
                gettext_lazy("Two numbers are needed, like 60.1699, 24.9384: first north, then east.")
            ) from None


def language_names() -> Mapping[str, str]:
    return dict(settings.LANGUAGES)


class AddressForm(DeskForm):
    """Where a store is."""

    street = forms.CharField(label=gettext_lazy("Street"), max_length=120)
    house_number = forms.CharField(label=gettext_lazy("House number"), max_length=20, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    level = forms.CharField(label=gettext_lazy("Floor"), max_length=20, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=countries)
    position = PositionField(
        label=gettext_lazy("Position"),
        max_length=60,
        help_text=gettext_lazy("North and east, as a map shows them when you press on your door."),
    )


def category_choices() -> list[tuple[str, str]]:
    return [("", gettext("Choose one")), *categories()]


class NewStoreForm(AddressForm):
    """The least that a store needs."""

    name = forms.CharField(label=gettext_lazy("Name of the store"), max_length=120)
    category = forms.ChoiceField(label=gettext_lazy("What kind of shop"), choices=category_choices)
    hours = forms.CharField(
        label=gettext_lazy("Opening hours"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Like Mo-Fr 08:00-20:00; Sa 10:00-18:00. You can fill in a week later."),
    )
    field_order = [
        "name",
        "category",
        "street",
        "house_number",
        "postal_code",
        "city",
        "country",
        "level",
        "position",
        "hours",
    ]


class StoreForm(AddressForm):
    """What people read about a store, and how it works."""

    SERVICES = (("pickup", gettext_lazy("Pickup")), ("here", gettext_lazy("Eating here")))

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    name_zh_hans = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120, required=False)
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=120, required=False)
    name_own = forms.CharField(label=gettext_lazy("Name in the language of the place"), max_length=120, required=False)
    category = forms.ChoiceField(label=gettext_lazy("What kind of shop"), choices=categories)
    description_en = forms.CharField(
        label=gettext_lazy("About it, in English"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description_zh_hans = forms.CharField(
        label=gettext_lazy("About it, in Chinese"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description_es = forms.CharField(
        label=gettext_lazy("About it, in Spanish"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    website = forms.CharField(label=gettext_lazy("Website"), max_length=200, required=False)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("How customers receive what they order"),
        choices=SERVICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    prep_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to prepare an order"),
        min_value=0,
        max_value=1440,
        help_text=gettext_lazy("Customers are promised this, longer when much is in hand."),
    )
    auto_accept = forms.BooleanField(label=gettext_lazy("Take every order without asking me"), required=False)

    @staticmethod
    def of(card: StoreCard) -> dict[str, Any]:
        """What the form shows at first."""
        address = card.address
        return {
            "name_en": card.name.get("en", ""),
            "name_zh_hans": card.name.get("zh-hans", ""),
            "name_es": card.name.get("es", ""),
            "name_own": next((text for key, text in card.name.items() if key not in language_names()), ""),
            "description_en": card.description.get("en", ""),
            "description_zh_hans": card.description.get("zh-hans", ""),
            "description_es": card.description.get("es", ""),
            "category": card.category,
            "street": address.street,
            "house_number": address.house_number,
            "postal_code": address.postal_code,
            "city": address.city,
            "level": address.level,
            "country": address.country or card.region,
            "position": f"{card.point.lat:.6f}, {card.point.lon:.6f}",
            "phone": card.phone,
            "website": card.website,
            "services": list(card.services),
            "prep_minutes": card.prep_minutes,
            "auto_accept": card.auto_accept,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("name_en", "name_zh_hans", "name_es", "name_own")):
            self.add_error("name_en", gettext_lazy("The store needs a name in at least one language."))
        return given
