"""Django's database sessions, with the person and the device on the row and a hash in place of the key."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import models

from paseo.kernel import clock

if TYPE_CHECKING:
    from paseo.platform.identity.models import Session

DEVICE = "device"
STARTED = "started_at"


def stored_key(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(db.SessionStore):
    """``SESSION_ENGINE``. ``row`` is the loaded row, or None before the first load."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        from paseo.platform.identity.models import Session

        return Session

    def _rows(self) -> models.QuerySet[Session]:
        return self.get_model_class()._default_manager.all()

    def load(self) -> dict[str, Any]:
        key = self.session_key
        alive = self._rows().filter(expire_date__gt=clock.now())
        self.row = alive.filter(session_key=stored_key(key)).first() if key else None
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def exists(self, session_key: str) -> bool:
        return self._rows().filter(session_key=stored_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = clock.now()
        key = stored_key(self._get_or_create_session_key())  # type: ignore[attr-defined]
        person = data.get(SESSION_KEY)
        row = (
            self.row
            if self.row is not None and self.row.session_key == key
            else self.get_model_class()(session_key=key)
        )
        row.session_data = self.encode(data)
        row.expire_date = self.get_expiry_date(modification=now)
        row.person_id = UUID(person) if person else None
        row.device = str(data.get(DEVICE, ""))[:80]
        row.started_at = datetime.fromisoformat(data[STARTED]) if STARTED in data else now
        row.seen_at = now
        self.row = row
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self._rows().filter(session_key=stored_key(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        cls.get_model_class()._default_manager.filter(expire_date__lt=clock.now()).delete()
