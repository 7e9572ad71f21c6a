"""Signing in by password, and that it tells nothing about who has an account."""

from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import get_hasher

from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import person_for_email, set_password, sign_in_with_password
from paseo.platform.identity.refusals import TooManyTries, WeakPassword, WrongPassword

pytestmark = pytest.mark.django_db

ROSA, SECRET = "rosa@example.org", "correct horse battery"


@pytest.fixture
def rosa(now):
    id = person_for_email(email=ROSA, now=now)
    set_password(person_id=id, password=SECRET)
    return id


def test_the_right_password(rosa, now):
    assert sign_in_with_password("ROSA@example.org", SECRET, now).id == rosa


@pytest.mark.parametrize("email, password", [(ROSA, "wrong"), ("nobody@example.org", SECRET), (ROSA, "")])
def test_one_refusal_for_all(rosa, now, email, password):
    with pytest.raises(WrongPassword):
        sign_in_with_password(email, password, now)


def test_an_account_without_a_password_cannot_be_entered_by_one(now):
    person_for_email(email=ROSA, now=now)
    for password in ("", "!", "x" * 20):
        with pytest.raises(WrongPassword):
            sign_in_with_password(ROSA, password, now)


@pytest.mark.parametrize("email", [ROSA, "nobody@example.org", "letters@example.org"])
def test_every_try_costs_one_hash(rosa, now, email):
    """With an account, without one, and with one that has no password: the same work, so the same time."""
    person_for_email(email="letters@example.org", now=now)
    hasher = type(get_hasher())
    with (
        patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode,
        pytest.raises(WrongPassword),
    ):
        sign_in_with_password(email, "wrong", now)
    assert encode.call_count == 1


def test_guessing_ends_after_eight_tries_and_success_starts_anew(rosa, now):
    for _ in range(7):
        with pytest.raises(WrongPassword):
            sign_in_with_password(ROSA, "wrong", now)
    sign_in_with_password(ROSA, SECRET, now)
    for _ in range(8):
        with pytest.raises(WrongPassword):
            sign_in_with_password(ROSA, "wrong", now)
    with pytest.raises(TooManyTries):
        sign_in_with_password(ROSA, SECRET, now)


def test_guessing_many_accounts_from_one_network_ends(now):
    with pytest.raises(TooManyTries):
        for number in range(61):
            with pytest.raises(WrongPassword):
                sign_in_with_password(f"guest{number}@example.org", "wrong", now, network="192.0.2.1")
    with pytest.raises(WrongPassword):
        sign_in_with_password("guest99@example.org", "wrong", now, network="192.0.2.2")


@pytest.mark.parametrize("password", ["short", "password123", "iloveyou12"[:9]])
def test_weak_passwords(rosa, password):
    with pytest.raises(WeakPassword):
        set_password(person_id=rosa, password=password)
    assert Person.objects.get(id=rosa).check_password(SECRET)


def test_an_empty_password_removes_it(rosa, now):
    set_password(person_id=rosa, password="")
    with pytest.raises(WrongPassword):
        sign_in_with_password(ROSA, SECRET, now)
