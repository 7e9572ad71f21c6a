"""Documents that several readers share: dicts and lists that refuse to be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn


def _refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
    raise TypeError("This document is shared with other readers: copy.deepcopy gives one's own.")


class KeptDict(dict[str, Any]):
    """Copies, pickles and prints as a plain dict."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return plain, (tuple(self.items()), True)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {name: own(value) for name, value in self.items()}


class KeptList(list[Any]):
    """Copies, pickles and prints as a plain list."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse  # type: ignore[assignment]
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return plain, (tuple(self), False)

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return [own(value) for value in self]


def plain(parts: tuple[Any, ...], named: bool) -> Any:
    return dict(parts) if named else list(parts)


def kept(value: Any) -> Any:
    """The same document, which nobody can change any more."""
    if isinstance(value, dict):
        return KeptDict({name: kept(part) for name, part in value.items()})
    if isinstance(value, list):
        return KeptList(kept(part) for part in value)
    return value


def own(value: Any) -> Any:
    """The same document, which belongs to the caller alone."""
    if isinstance(value, dict):
        return {name: own(part) for name, part in value.items()}
    if isinstance(value, list):
        return [own(part) for part in value]
    return value
