from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from paseo.platform.notices.models import Letter
from paseo.platform.notices.sending import send_due

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page leaves its language active in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.MAILERS = {"default": {"BACKEND": "paseo.platform.notices.mailbox.MailboxBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def code_for(db) -> Callable[[str], str]:
    """Sends what is due and reads the newest code from the letter to this address."""

    def read(email: str) -> str:
        send_due()
        letter = Letter.objects.filter(to=email).order_by("-id").first()
        assert letter is not None, f"no letter to {email}"
        found = re.search(r"\b\d{6}\b", letter.body)
        assert found
        return found[0]

    return read


@pytest.fixture
def signed_in(client, clock, code_for):
    """A client that is signed in as rosa@example.org, on a phone."""
    client.defaults["HTTP_USER_AGENT"] = PHONE
    client.post("/sign-in/", {"email": "rosa@example.org"})
    client.post("/sign-in/code/", {"code": code_for("rosa@example.org")})
    assert "sessionid" in client.cookies
    return client
