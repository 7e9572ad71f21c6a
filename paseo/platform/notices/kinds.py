"""The registry of kinds."""

from __future__ import annotations

from paseo.platform.notices.values import NoticeKind

_kinds: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> NoticeKind:
    """Call it from the app's ``ready``. ValueError when another kind has this key."""
    known = _kinds.setdefault(kind.key, kind)
    if known != kind:
        raise ValueError(f"The notice {kind.key} is registered twice.")
    return kind


def kind(key: str) -> NoticeKind:
    try:
        return _kinds[key]
    except KeyError:
        raise LookupError(f"No notice {key} is registered.") from None


def kinds() -> list[NoticeKind]:
    return [_kinds[key] for key in sorted(_kinds)]
