"""The kinds of import, and what higher packages add to them."""

from __future__ import annotations

from paseo.platform.importing.refusals import UnknownKind
from paseo.platform.importing.values import Extension, Field, ImportKind

_kinds: dict[str, ImportKind] = {}
_extensions: dict[str, dict[str, Extension]] = {}


def register_kind(kind: ImportKind) -> None:
    """Declares a kind, from the ``ready`` of the app that owns what it makes."""
    _kinds[kind.name] = kind


def extend_kind(name: str, extension: Extension) -> None:
    """Adds columns to a kind of a lower package."""
    _extensions.setdefault(name, {})[extension.name] = extension


def kind_of(name: str) -> ImportKind:
    """Refuses UnknownKind."""
    if name not in _kinds:
        raise UnknownKind(kind=name, kinds=", ".join(sorted(_kinds)))
    return _kinds[name]


def extensions_of(name: str) -> tuple[Extension, ...]:
    return tuple(_extensions.get(name, {}).values())


def fields_of(name: str) -> tuple[Field, ...]:
    """The kind's own fields and those of its extensions."""
    return (*kind_of(name).fields, *(field for extension in extensions_of(name) for field in extension.fields))


def kinds() -> tuple[str, ...]:
    return tuple(sorted(_kinds))
