"""People, their sign-in codes, sessions and second factors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from paseo.kernel.ids import new_id
from paseo.platform.db.models import Row


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=username)


class Person(AbstractBaseUser):
    """An account. Erasing keeps the row and its id, so that the books still add up, and empties everything else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.CharField(max_length=254, unique=True, null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    locale = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField()
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    last_login = None

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(email__isnull=True, phone="", name="", is_active=False),
                name="identity_erased_is_empty",
            ),
        ]


class SignInCode(Row):
    """One six-digit code that was sent. The code itself is kept as a keyed hash only.

    With ``person`` it is not for signing in: it proves that the address to which theirs is to change is theirs.
    """

    email = models.CharField(max_length=254)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["email", "-created_at"], name="identity_code_email")]


class SecondFactor(models.Model):
    """A time-based code generator on the person's phone (RFC 6238). The secret is encrypted at rest."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    secret_sealed = models.TextField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(Row):
    """Takes the place of the generator once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code_hash"], name="identity_recovery_once")]


class Session(AbstractBaseSession):
    """A browser session; ``session_key`` holds a hash, so that a copy of this table opens nothing."""

    session_key = models.CharField(max_length=64, primary_key=True)
    handle = models.UUIDField(default=new_id, unique=True, editable=False)
    person_id = models.UUIDField(null=True, blank=True, db_index=True)
    device = models.CharField(max_length=80, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from paseo.platform.identity.session_store import SessionStore

        return SessionStore
