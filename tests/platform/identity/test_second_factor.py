"""The authenticator app and the recovery codes: each code once, and few tries."""

import pyotp
import pytest

from paseo.kernel.errors import NotFound
from paseo.platform.audit.models import Entry
from paseo.platform.identity import queries
from paseo.platform.identity.models import RecoveryCode, SecondFactor
from paseo.platform.identity.operations import (
    check_second_factor,
    confirm_second_factor,
    new_recovery_codes,
    person_for_email,
    reset_second_factor,
    start_second_factor,
    turn_off_second_factor,
)
from paseo.platform.identity.refusals import FactorAlreadySet, TooManyTries, WrongFactor
from paseo.platform.notices.models import Letter
from paseo.platform.notices.sending import send_due
from paseo.platform.tenancy.values import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(now):
    return person_for_email(email="rosa@example.org", now=now)


@pytest.fixture
def app(rosa, clock):
    """Rosa's authenticator app, already set up; time has moved on by a minute."""
    app = pyotp.TOTP(start_second_factor(person_id=rosa, now=clock.now()).secret)
    app.recovery = confirm_second_factor(person_id=rosa, code=app.at(clock.now()), now=clock.now())
    clock.advance(minutes=1)
    return app


def test_the_secret_stays_the_same_until_it_is_confirmed(rosa, now):
    first = start_second_factor(person_id=rosa, now=now)
    assert start_second_factor(person_id=rosa, now=now) == first
    assert not queries.has_second_factor(rosa)
    assert "issuer=Paseo" in first.uri
    assert first.secret not in str(SecondFactor.objects.values_list())


def test_set_up(rosa, app, now):
    assert queries.security(rosa).has_second_factor
    assert queries.security(rosa).recovery_codes_left == 10
    with pytest.raises(FactorAlreadySet):
        start_second_factor(person_id=rosa, now=now)


def test_a_code_works_once(rosa, app, clock):
    code = app.at(clock.now())
    check_second_factor(person_id=rosa, code=code, now=clock.now())
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code=code, now=clock.advance(seconds=5))


def test_an_older_step_does_not_work_after_a_newer_one(rosa, app, clock):
    before = app.at(clock.now())
    clock.advance(seconds=30)
    check_second_factor(person_id=rosa, code=app.at(clock.now()), now=clock.now())
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code=before, now=clock.now())


def test_a_clock_that_is_half_a_minute_off_is_forgiven(rosa, app, clock):
    code = app.at(clock.now())
    check_second_factor(person_id=rosa, code=code, now=clock.advance(seconds=30))
    code = app.at(clock.advance(minutes=5))
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code=code, now=clock.advance(seconds=60))


def test_guessing_ends(rosa, app, clock):
    right = app.at(clock.now())
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(6):
        with pytest.raises(WrongFactor):
            check_second_factor(person_id=rosa, code=wrong, now=clock.now())
    with pytest.raises(TooManyTries):
        check_second_factor(person_id=rosa, code=right, now=clock.now())


def test_a_recovery_code_works_once(rosa, app, clock):
    check_second_factor(person_id=rosa, code=app.recovery[0].lower().replace("-", " "), now=clock.now())
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code=app.recovery[0], now=clock.now())
    assert queries.security(rosa).recovery_codes_left == 9
    assert app.recovery[1] not in str(RecoveryCode.objects.values_list())


def test_new_recovery_codes_replace_the_old(rosa, app, clock):
    fresh = new_recovery_codes(person_id=rosa, code=app.at(clock.now()), now=clock.now())
    assert len(fresh) == 10 and not set(fresh) & set(app.recovery)
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code=app.recovery[0], now=clock.now())


def test_a_recovery_code_belongs_to_its_person(rosa, app, clock):
    other = person_for_email(email="eve@example.org", now=clock.now())
    theirs = pyotp.TOTP(start_second_factor(person_id=other, now=clock.now()).secret)
    confirm_second_factor(person_id=other, code=theirs.at(clock.now()), now=clock.now())
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=other, code=app.recovery[0], now=clock.now())


def test_turning_off_needs_a_code_and_is_told_by_letter(rosa, app, clock):
    with pytest.raises(WrongFactor):
        turn_off_second_factor(person_id=rosa, code="000000", now=clock.now())
    turn_off_second_factor(person_id=rosa, code=app.at(clock.now()), now=clock.now())
    assert not queries.has_second_factor(rosa)
    send_due()
    assert Letter.objects.get().subject == "The second factor of your account was turned off"


def test_only_an_operator_resets_it_and_it_is_on_record(rosa, app, clock):
    with pytest.raises(NotFound):
        reset_second_factor(person_id=rosa, by=Scope.of(rosa, "staff.edit"), why="lost phone", now=clock.now())
    operator = Scope.of(rosa, "staff.edit", kind="operator")
    reset_second_factor(person_id=rosa, by=operator, why="lost phone", now=clock.now())
    assert Entry.objects.get(action="identity.second_factor_off").why == "lost phone"


def test_without_a_second_factor_no_code_fits(rosa, now):
    with pytest.raises(WrongFactor):
        check_second_factor(person_id=rosa, code="123456", now=now)
