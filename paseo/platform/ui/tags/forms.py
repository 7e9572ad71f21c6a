"""Notices, waiting rows, form fields, and the way to more of a list."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()
COMPONENTS = "ui/components/"


@register.inclusion_tag(COMPONENTS + "note.html")
def note(words: str, detail: str = "", kind: str = "", icon: str = "bell", live: str = "") -> dict[str, Any]:
    """A notice in the page: ``now`` (needs a person), ``go``, ``stop``, or plain."""
    return {"words": words, "detail": detail, "kind": kind, "icon": icon, "live": live}


@register.inclusion_tag(COMPONENTS + "waiting.html")
def waiting(rows: int = 3) -> dict[str, Any]:
    """The shape of the rows to come; shown only after 300 ms."""
    return {"rows": range(rows)}


@register.inclusion_tag(COMPONENTS + "field.html")
def field(
    bound: Any, hint: str = "", classes: str = "", autocomplete: str = "", inputmode: str = "", placeholder: str = ""
) -> dict[str, Any]:
    """A Django form field with label, hint and its error beside it."""
    attributes: dict[str, Any] = {"class": f"{bound.field.widget.attrs.get('class', '')} input {classes}".strip()}
    described = []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(f"{bound.id_for_label}-error")
    if hint or bound.help_text:
        described.append(f"{bound.id_for_label}-hint")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    for name, value in (("autocomplete", autocomplete), ("inputmode", inputmode), ("placeholder", placeholder)):
        if value:
            attributes[name] = value
    kind = getattr(bound.field.widget, "input_type", "")
    if kind == "checkbox" and not getattr(bound.field.widget, "subwidgets_are_inputs", False):
        attributes.pop("class")
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "widget": bound.as_widget(attrs=attributes),
        "kind": kind if kind in ("checkbox", "radio") else "",
        "several": bound.use_fieldset if hasattr(bound, "use_fieldset") else False,
    }


@register.inclusion_tag(COMPONENTS + "pages.html")
def more(href: str, words: str = "") -> dict[str, Any]:
    """The way to the next part of a long list: a link that works, and that htmx follows in place."""
    return {"href": href, "words": words or gettext("Show more")}
