"""The form that the others are made of: texts in several languages, amounts, and refusals beside their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from paseo.kernel.errors import Refusal
from paseo.kernel.money import Money, exponent
from paseo.platform.ui.text import RefusalText, refusal_text

_HTML = {"zh-hans": "zh-Hans"}
WHEN = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class TextInput:
    """One language of a text."""

    code: str
    html: str
    language: str
    bound: BoundField
    first: bool


class AmountField(forms.CharField):
    """An amount of one currency, cleaned to minor units; None when it may be empty and is."""

    def __init__(self, currency: str, *, least: int = 0, signed: bool = False, **more: Any) -> None:
        self.currency, self.least, self.signed = currency, least, signed
        super().__init__(max_length=20, **more)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "amount"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            minor = Money.parse(text.strip("€$¥£ ").removesuffix(self.currency).replace("−", "-"), self.currency).minor
        except (ValueError, OverflowError):
            raise forms.ValidationError(gettext("Write an amount like 4.20.")) from None
        if not self.signed and minor < self.least:
            raise forms.ValidationError(
                gettext("An amount cannot be negative.")
                if not self.least
                else gettext("The amount must be more than 0.")
            )
        return minor

    def prepare_value(self, value: Any) -> Any:
        return written(value, self.currency) if isinstance(value, int) else value


def written(minor: int, currency: str) -> str:
    """Minor units as one types them: ``4.20``."""
    return f"{Money(minor, currency).decimal:.{exponent(currency)}f}"


class MomentField(forms.DateTimeField):
    """A moment of the store's clock."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("error_messages", {"invalid": _("Choose a day and a time.")})
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN)
        super().__init__(input_formats=[WHEN, f"{WHEN}:%S", "%Y-%m-%d"], widget=widget, **more)


class DeskForm(forms.Form):
    """A form of the desk. ``refusal`` is what stands above it; what belongs to a field stands beside that field."""

    BESIDE: Mapping[str, str] = {}
    """Names of refused fields that the form calls otherwise."""

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.refusal: RefusalText | None = None
        self._texts: dict[str, tuple[str, bool]] = {}

    def add_texts(self, name: str, label: Any, *, most: int = 200, long: bool = False, required: bool = False) -> None:
        """One input for each language of the house; ``required``: in at least one."""
        self._texts[name] = (str(label), required)
        for code, language in settings.LANGUAGES:
            attrs: dict[str, Any] = {"lang": _HTML.get(code, code), "autocomplete": "off", "class": "input"}
            widget: forms.Widget = forms.TextInput(attrs=attrs)
            if long:
                widget = forms.Textarea(attrs={**attrs, "rows": 2})
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=language, required=False, max_length=most, widget=widget
            )

    @property
    def texts(self) -> dict[str, list[TextInput]]:
        """For the template: by name the inputs, the reader's language first."""
        reader = (get_language() or settings.LANGUAGE_CODE).lower()
        languages = sorted(settings.LANGUAGES, key=lambda pair: pair[0] != reader)
        return {
            name: [
                TextInput(code, _HTML.get(code, code), language, self[f"{name}_{code}"], at == 0)
                for at, (code, language) in enumerate(languages)
            ]
            for name in self._texts
        }

    @property
    def text_labels(self) -> dict[str, str]:
        return {name: label for name, (label, _required) in self._texts.items()}

    def said(self, name: str, before: Mapping[str, str] | None = None) -> dict[str, str]:
        """The texts that were written; languages that the form does not show stay as they were."""
        shown = [code for code, _language in settings.LANGUAGES]
        kept = {code: text for code, text in (before or {}).items() if code not in shown}
        written_now = {code: self.cleaned_data.get(f"{name}_{code}", "").strip() for code in shown}
        return {**{code: text for code, text in written_now.items() if text}, **kept}

    @staticmethod
    def initial_texts(name: str, texts: Mapping[str, str]) -> dict[str, str]:
        return {f"{name}_{code}": texts.get(code, "") for code, _language in settings.LANGUAGES}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for name, (_label, required) in self._texts.items():
            if required and not self.said(name):
                self.add_error(self._first(name), gettext("Write a name in at least one language."))
        return found

    def _first(self, name: str) -> str:
        reader = (get_language() or settings.LANGUAGE_CODE).lower()
        codes = [code for code, _language in settings.LANGUAGES]
        return f"{name}_{reader if reader in codes else codes[0]}"

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._focus()

    def take(self, refusal: Refusal) -> int:
        """Puts a refusal beside its fields, or above the form; returns the HTTP status."""
        text = refusal_text(refusal)
        rest = {}
        for field, words in text.fields.items():
            name = self.BESIDE.get(field, field)
            if name in self._texts:
                name = self._first(name)
            if name in self.fields:
                self.add_error(name, words)
            else:
                rest[field] = words
        if not text.fields:
            self.refusal = text
        elif rest:
            self.refusal = RefusalText(text.what, text.meaning, " ".join(rest.values()), text.code, text.status)
        self._focus()
        return refusal.status

    def _focus(self) -> None:
        """The keyboard goes to the first thing that is wrong."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return


class Several(forms.MultipleChoiceField):
    """Some of few, as boxes to tick."""

    def __init__(self, options: Sequence[tuple[str, Any]], **more: Any) -> None:
        super().__init__(choices=options, widget=forms.CheckboxSelectMultiple, **more)


def number_field(
    label: Any, *, least: int = 1, most: int = 1_000_000, required: bool = False, **more: Any
) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "amount"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=required, widget=widget, **more)
