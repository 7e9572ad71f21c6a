"""The words of a notice, in one language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.utils import translation

from paseo.platform.notices.params import from_json
from paseo.platform.notices.values import Words


def words(kind: str, params: dict[str, Any], locale: str, *, name: str = "") -> Words:
    """Subject and body in ``locale``, or in English when it has no template. Raises TemplateDoesNotExist."""
    language = locale.lower() if locale.lower() in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    template = select_template([f"notices/{kind}.{language}.txt", f"notices/{kind}.{settings.LANGUAGE_CODE}.txt"])
    context = {**from_json(params), "public_url": settings.PUBLIC_URL, "reader": name}
    with translation.override(language):
        text = template.template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    subject, _, body = text.strip().partition("\n")
    return Words(" ".join(subject.split()), body.strip() + "\n")
