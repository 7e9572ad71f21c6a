"""Signing in by a code from a letter."""

import pytest

from paseo.platform.identity.models import Person, SignInCode
from paseo.platform.identity.operations import finish_email_code, start_email_code
from paseo.platform.identity.refusals import BadEmail, TooManyTries, WrongCode
from paseo.platform.notices.models import Letter, Notice

pytestmark = pytest.mark.django_db

ROSA = "rosa@example.org"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_first_code_makes_the_account_and_the_second_finds_it(now, clock, code_for):
    start_email_code(" Rosa@Example.org ", now)
    person = finish_email_code(ROSA, code_for(ROSA), now)
    assert (person.email, person.created_at, person.has_usable_password()) == (ROSA, now, False)
    start_email_code(ROSA, clock.advance(minutes=20))
    assert finish_email_code(ROSA, code_for(ROSA), clock.now()).id == person.id


def test_a_code_typed_with_spaces_fits(now, code_for):
    start_email_code(ROSA, now)
    code = code_for(ROSA)
    assert finish_email_code(ROSA, f" {code[:3]} {code[3:]} ", now)


def test_a_code_works_once(now, code_for):
    attempt = start_email_code(ROSA, now)
    code = code_for(ROSA)
    finish_email_code(ROSA, code, now, attempt=attempt)
    for again in (attempt, None):
        with pytest.raises(WrongCode):
            finish_email_code(ROSA, code, now, attempt=again)


def test_five_wrong_tries_end_it_for_the_right_code_too(now, code_for):
    start_email_code(ROSA, now)
    code = code_for(ROSA)
    for _ in range(5):
        with pytest.raises(WrongCode):
            finish_email_code(ROSA, wrong(code), now)
    with pytest.raises(WrongCode):
        finish_email_code(ROSA, code, now)
    assert not Person.objects.exists()


def test_the_fifth_try_may_still_be_right(now, code_for):
    start_email_code(ROSA, now)
    code = code_for(ROSA)
    for _ in range(4):
        with pytest.raises(WrongCode):
            finish_email_code(ROSA, wrong(code), now)
    assert finish_email_code(ROSA, code, now)


def test_new_codes_do_not_give_endless_tries(now, clock, code_for):
    """Whoever keeps asking for new codes gets 20 guesses an hour, and then waits."""
    guesses = 0
    with pytest.raises(TooManyTries):
        for _ in range(10):
            start_email_code(ROSA, clock.now())
            code = code_for(ROSA)
            for _ in range(5):
                with pytest.raises(WrongCode):
                    finish_email_code(ROSA, wrong(code), clock.now())
                guesses += 1
    assert guesses == 20


def test_a_code_ends_after_ten_minutes(now, clock, code_for):
    start_email_code(ROSA, now)
    code = code_for(ROSA)
    clock.advance(minutes=10)
    with pytest.raises(WrongCode):
        finish_email_code(ROSA, code, clock.now())


def test_a_stranger_with_the_same_address_does_not_use_up_my_tries(now, code_for):
    mine = start_email_code(ROSA, now)
    code = code_for(ROSA)
    theirs = start_email_code(ROSA, now)
    for _ in range(5):
        with pytest.raises(WrongCode):
            finish_email_code(ROSA, wrong(code), now, attempt=theirs)
    assert finish_email_code(ROSA, code, now, attempt=mine)


def test_signing_in_voids_all_other_codes(now, code_for):
    first = start_email_code(ROSA, now)
    old = code_for(ROSA)
    second = start_email_code(ROSA, now)
    finish_email_code(ROSA, code_for(ROSA), now, attempt=second)
    with pytest.raises(WrongCode):
        finish_email_code(ROSA, old, now, attempt=first)


def test_a_code_belongs_to_its_address(now, code_for):
    attempt = start_email_code(ROSA, now)
    with pytest.raises(WrongCode):
        finish_email_code("eve@example.org", code_for(ROSA), now, attempt=attempt)


def test_letters_are_limited_per_address_and_per_network(now):
    for _ in range(5):
        start_email_code(ROSA, now, network="192.0.2.1")
    with pytest.raises(TooManyTries) as refusal:
        start_email_code(ROSA, now, network="192.0.2.1")
    assert refusal.value.retry_after == 180
    with pytest.raises(TooManyTries):
        for number in range(30):
            start_email_code(f"guest{number}@example.org", now, network="192.0.2.1")
    start_email_code("guest99@example.org", now, network="192.0.2.2")


def test_neither_code_nor_params_stay_in_the_database(now, code_for):
    start_email_code(ROSA, now)
    code = code_for(ROSA)
    assert code not in str(SignInCode.objects.values_list())
    assert Notice.objects.get().params == {}
    assert Letter.objects.get().subject == f"{code} is your Paseo code"


@pytest.mark.parametrize(
    "text", ["", "rosa", "rosa@", "@example.org", "a b@example.org", "r@e\r\nBcc: x@y.org", "x" * 250 + "@e.org"]
)
def test_what_is_not_an_address(now, text):
    with pytest.raises(BadEmail):
        start_email_code(text, now)


def test_the_letter_is_in_the_language_of_the_page(now, code_for):
    start_email_code(ROSA, now, locale="zh-hans")
    code = code_for(ROSA)
    assert Letter.objects.get().subject == f"{code} 是您的 Paseo 验证码"


def test_an_inactive_account_is_a_wrong_code(now, code_for):
    start_email_code(ROSA, now)
    person = finish_email_code(ROSA, code_for(ROSA), now)
    Person.objects.filter(id=person.id).update(is_active=False)
    start_email_code(ROSA, now)
    with pytest.raises(WrongCode):
        finish_email_code(ROSA, code_for(ROSA), now)
