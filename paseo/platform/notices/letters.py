"""Carries the letters of identity, which stands below and cannot ask for it by name."""

from __future__ import annotations

from datetime import datetime

from paseo.platform.identity.ports import carry_letters_with
from paseo.platform.notices.kinds import register_kind
from paseo.platform.notices.values import NoticeKind


def register() -> None:
    register_kind(NoticeKind("identity.sign_in_code", channels=("email",), secret=True))
    register_kind(NoticeKind("identity.new_address_code", channels=("email",), secret=True))
    register_kind(NoticeKind("identity.address_changed", channels=("email",)))
    register_kind(NoticeKind("identity.hired", channels=("email",)))
    register_kind(NoticeKind("identity.factor_off", channels=("email",)))
    carry_letters_with(_carry)


def _carry(*, email: str, kind: str, params: dict[str, object], locale: str, now: datetime) -> None:
    from paseo.platform.notices.operations import notify

    notify(email, kind, params, locale=locale, now=now)
