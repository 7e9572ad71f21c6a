"""How Django finds the person of a session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from paseo.platform.identity.models import Person


class PersonBackend(BaseBackend):
    """Only reads: signing in goes through ``operations``, where tries are limited."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> Person | None:
        try:
            key = UUID(str(user_id))
        except ValueError:
            return None
        return Person.objects.filter(id=key, is_active=True).first()
