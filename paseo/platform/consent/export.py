"""Everything about a person as a file to take along."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from paseo.kernel.money import Money
from paseo.platform.consent import registry
from paseo.platform.identity import queries as identity


def export_person(person_id: UUID, now: datetime) -> bytes:
    """A zip of one JSON file per package, and a README in the person's language. Refuses NotFound.

    The same data at the same instant gives the same bytes.
    """
    person = identity.person(person_id)
    parts = {name: function(person_id) for name, function in registry.exporters().items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with translation.override(person.locale):
            _write(archive, "README.txt", _readme(sorted(parts), now), now)
        for name, part in parts.items():
            _write(archive, f"{name}.json", json.dumps(part, default=_plain, ensure_ascii=False, indent=2), now)
    return out.getvalue()


def _readme(names: list[str], now: datetime) -> str:
    lines = [
        _("This is everything that this Paseo installation keeps about you, as of %(when)s UTC.")
        % {"when": f"{now:%Y-%m-%d %H:%M}"},
        "",
        _("Each file holds one part, as JSON, which people and programs can read:"),
        "",
        *(f"  {name}.json" for name in names),
        "",
        _("Amounts are whole numbers of the currency's smallest unit. Times are UTC."),
        _("To have it erased, use “Erase my account” on the page where you asked for this file."),
    ]
    return "\n".join(lines) + "\n"


def _write(archive: zipfile.ZipFile, name: str, text: str, now: datetime) -> None:
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be exported.")
