"""Which column means which field: guessed from its title, corrected by people, remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from paseo.platform.importing.refusals import MissingColumns, UnknownColumn
from paseo.platform.importing.values import Field


def plain(title: str) -> str:
    """A title without case, accents, punctuation: "Código de barras" and "codigo_de_barras" are one."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    kept = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "", kept)


def guess(columns: Sequence[str], fields: Iterable[Field]) -> dict[str, str]:
    """Field → column where a title equals the field's name or an alias; the first alias wins, a column serves once."""
    by_title: dict[str, str] = {}
    for column in columns:
        by_title.setdefault(plain(column), column)
    mapping: dict[str, str] = {}
    for field in fields:
        for title in (field.name, *field.aliases):
            found = by_title.get(plain(title))
            if found is not None and found not in mapping.values():
                mapping[field.name] = found
                break
    return mapping


def complete(
    columns: Sequence[str],
    fields: Sequence[Field],
    *,
    saved: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The mapping to use: what was given, else what was saved and still fits, else the guess.

    Refuses UnknownColumn for a given column or field that does not exist, MissingColumns for required fields without.
    """
    names = {field.name for field in fields}
    for name, column in (given or {}).items():
        if name not in names or (column and column not in columns):
            raise UnknownColumn(column=column if name in names else name, columns=", ".join(columns))
    fitting = {name: column for name, column in (saved or {}).items() if name in names and column in columns}
    mapping = {**guess(columns, fields), **fitting, **(given or {})}
    mapping = {name: column for name, column in mapping.items() if column}
    missing = [field.name for field in fields if field.required and field.name not in mapping]
    if missing:
        raise MissingColumns(missing=", ".join(missing), columns=", ".join(columns))
    return mapping
