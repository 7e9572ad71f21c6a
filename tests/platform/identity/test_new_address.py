"""Changing the address by which one signs in: a code to the new one, a letter to the old one."""

import re

import pytest

from paseo.platform.audit.models import Entry
from paseo.platform.identity.models import Person, SignInCode
from paseo.platform.identity.operations import (
    finish_email_change,
    finish_email_code,
    person_for_email,
    start_email_change,
    start_email_code,
)
from paseo.platform.identity.operations.new_address import masked
from paseo.platform.identity.refusals import (
    AddressTaken,
    BadEmail,
    SameAddress,
    TooManyAddressTries,
    WrongAddressCode,
    WrongCode,
)
from paseo.platform.notices.models import Letter
from paseo.platform.notices.sending import send_due

pytestmark = pytest.mark.django_db

ROSA, ROSITA = "rosa@example.org", "rosita@example.org"


@pytest.fixture
def rosa(now):
    return person_for_email(email=ROSA, now=now, name="Rosa")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_new_address_signs_in_and_the_old_one_is_told(rosa, now, clock, code_for):
    start_email_code(ROSA, now)
    attempt = start_email_change(person_id=rosa, email=" Rosita@Example.org ", now=now)
    code = code_for(ROSITA)
    assert Person.objects.get(id=rosa).email == ROSA, "nothing changes before the code"
    assert finish_email_change(person_id=rosa, attempt=attempt, code=f" {code[:3]} {code[3:]} ", now=now) == ROSITA
    person = Person.objects.get(id=rosa)
    assert (person.email, person.email_confirmed_at, person.name) == (ROSITA, now, "Rosa")
    send_due()
    told = Letter.objects.filter(to=ROSA).order_by("-id").first()
    assert told.subject == "Your Paseo address was changed"
    assert "r…@example.org" in told.body
    assert ROSITA not in told.body
    start_email_code(ROSITA, clock.advance(minutes=20))
    assert finish_email_code(ROSITA, code_for(ROSITA), clock.now()).id == rosa
    assert Entry.objects.filter(action="identity.address_changed", subject=f"person:{rosa}").count() == 1


def test_a_code_sent_before_opens_nothing_any_more(rosa, now, code_for):
    start_email_code(ROSA, now)
    before = code_for(ROSA)
    attempt = start_email_change(person_id=rosa, email=ROSITA, now=now)
    finish_email_change(person_id=rosa, attempt=attempt, code=code_for(ROSITA), now=now)
    with pytest.raises(WrongCode):
        finish_email_code(ROSA, before, now)


def test_the_code_works_once_for_this_person_and_not_for_signing_in(rosa, now, code_for):
    other = person_for_email(email="mallory@example.org", now=now)
    attempt = start_email_change(person_id=rosa, email=ROSITA, now=now)
    code = code_for(ROSITA)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=other, attempt=attempt, code=code, now=now)
    with pytest.raises(WrongCode):
        finish_email_code(ROSITA, code, now)
    with pytest.raises(WrongCode):
        finish_email_code(ROSITA, code, now, attempt=attempt)
    assert not Person.objects.filter(email=ROSITA).exists()
    finish_email_change(person_id=rosa, attempt=attempt, code=code, now=now)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=rosa, attempt=attempt, code=code, now=now)


def test_a_code_for_signing_in_changes_no_address(rosa, now, code_for):
    attempt = start_email_code(ROSITA, now)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=rosa, attempt=attempt, code=code_for(ROSITA), now=now)


def test_five_wrong_tries_and_ten_minutes_end_it(rosa, now, clock, code_for):
    attempt = start_email_change(person_id=rosa, email=ROSITA, now=now)
    code = code_for(ROSITA)
    for _ in range(5):
        with pytest.raises(WrongAddressCode):
            finish_email_change(person_id=rosa, attempt=attempt, code=wrong(code), now=now)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=rosa, attempt=attempt, code=code, now=now)
    late = start_email_change(person_id=rosa, email=ROSITA, now=now)
    code = code_for(ROSITA)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=rosa, attempt=late, code=code, now=clock.advance(minutes=10))
    assert Person.objects.get(id=rosa).email == ROSA


def test_an_address_with_an_account_is_told_only_to_who_reads_its_letters(rosa, now, code_for):
    person_for_email(email=ROSITA, now=now)
    attempt = start_email_change(person_id=rosa, email=ROSITA, now=now)
    code = code_for(ROSITA)
    with pytest.raises(WrongAddressCode):
        finish_email_change(person_id=rosa, attempt=attempt, code=wrong(code), now=now)
    with pytest.raises(AddressTaken):
        finish_email_change(person_id=rosa, attempt=attempt, code=code, now=now)
    assert set(Person.objects.values_list("email", flat=True)) == {ROSA, ROSITA}


def test_what_is_no_address_or_the_same_one(rosa, now):
    with pytest.raises(BadEmail):
        start_email_change(person_id=rosa, email="rosa", now=now)
    with pytest.raises(SameAddress):
        start_email_change(person_id=rosa, email="ROSA@example.org", now=now)
    assert not SignInCode.objects.exists()


def test_nobody_is_flooded_with_letters(rosa, now):
    with pytest.raises(TooManyAddressTries):
        for number in range(7):
            start_email_change(person_id=rosa, email=f"rosita{number}@example.org", now=now)
    assert SignInCode.objects.count() == 6


@pytest.mark.parametrize(
    ("email", "shown"), [("rosa@example.org", "r…@example.org"), ("李@example.org", "李…@example.org")]
)
def test_what_the_old_address_learns_of_the_new_one(email, shown):
    assert masked(email) == shown


# the pages


def text(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_by_the_pages(signed_in, code_for):
    page = signed_in.get("/me/security/address/")
    assert ROSA in text(page)
    assert "no-store" in page.headers["Cache-Control"]
    answer = signed_in.post("/me/security/address/", {"email": "nonsense"})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in text(answer)
    answer = signed_in.post("/me/security/address/", {"email": ROSITA})
    assert answer.headers["Location"] == "/me/security/address/code/"
    code = code_for(ROSITA)
    answer = signed_in.post("/me/security/address/code/", {"code": wrong(code)})
    assert answer.status_code == 422
    assert "Your address stays as it was." in text(answer)
    answer = signed_in.post("/me/security/address/code/", {"code": code}, follow=True)
    assert f"From now on you sign in with {ROSITA}." in text(answer)
    assert ROSITA in text(signed_in.get("/me/"))
    assert signed_in.get("/me/security/address/code/").headers["Location"] == "/me/security/address/"


def test_only_for_who_is_signed_in_and_has_given_the_second_factor(client, signed_in, now):
    from django.test import Client

    from paseo.platform.identity.models import SecondFactor

    assert Client().get("/me/security/address/").headers["Location"].startswith("/sign-in/")
    person = Person.objects.get(email=ROSA)
    SecondFactor.objects.create(person=person, secret_sealed="x", created_at=now, confirmed_at=now)
    answer = signed_in.get("/me/security/address/")
    assert answer.headers["Location"] == "/me/security/second-factor/?next=%2Fme%2Fsecurity%2Faddress%2F"
