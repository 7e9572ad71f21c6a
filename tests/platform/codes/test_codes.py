from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from paseo.kernel.codes import check_code
from paseo.kernel.ids import new_id
from paseo.platform.codes import naming, operations, queries
from paseo.platform.codes.checks import GUESSES_PER_TERMINAL
from paseo.platform.codes.models import Code, Redemption, Scan
from paseo.platform.codes.refusals import (
    AlreadyUsed,
    Blocked,
    Expired,
    Mistyped,
    NotEnoughUses,
    NotYetValid,
    ScanAgain,
    TooManyGuesses,
    UndoTooLate,
    UndoTooOften,
    UnknownCode,
    WrongShop,
)
from paseo.platform.db.models import Transition
from paseo.platform.db.unit import sql_count, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _names_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names places is registered once for the whole process: the tests after these need the real one."""
    monkeypatch.setattr(naming, "_names", list(naming._names))


SHOP, OTHER_SHOP, MERCHANT, SUBJECT = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def issue():
    def make(**more) -> str:
        return operations.issue(
            "order", more.pop("subject_id", SUBJECT), MERCHANT, more.pop("place_ids", [SHOP]), **more
        )

    return make


@pytest.fixture
def scan(clock):
    def prepare(text: str, **more):
        values = {"place_id": SHOP, "tenant_id": MERCHANT, "actor": "ana", "terminal": "counter 1", **more}
        return operations.prepare(text, now=clock.now(), **values)

    return prepare


@pytest.fixture
def use(scan, clock):
    def redeem(text: str, uses: int = 1, **more):
        return operations.commit(scan(text, **more).token, uses=uses, now=clock.now(), actor="ana")

    return redeem


def outcomes() -> list[str]:
    return list(Scan.objects.order_by("id").values_list("outcome", flat=True))


def test_a_code_is_shown_again_though_only_its_hash_is_kept(issue):
    code_id = new_id()
    text = issue(code_id=code_id)
    assert check_code(text) == text and len(text) == 12
    assert queries.text_of(code_id) == text
    row = Code.objects.get()
    assert text not in {str(value) for value in vars(row).values()}
    assert queries.codes_of([SUBJECT])[SUBJECT][0].id == code_id


def test_a_code_outlives_a_change_of_the_secret_key(issue, scan, settings):
    code_id = new_id()
    text = issue(code_id=code_id)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert queries.text_of(code_id) == text
    assert scan(text).code_id == code_id
    assert issue(code_id=new_id(), subject_id=OTHER_SHOP) != text


def test_prepare_tells_what_it_is_and_uses_nothing(issue, scan, now):
    until = now + timedelta(days=1)
    text = issue(uses=3, valid_until=until)
    spaced = f" {text[:4].lower()}-{text[4:8]} {text[8:]} "
    prepared = scan(spaced)
    assert (prepared.purpose, prepared.subject_id, prepared.uses_left, prepared.uses_total) == ("order", SUBJECT, 3, 3)
    assert prepared.valid_until == until
    assert Code.objects.get().uses_left == 3
    assert outcomes() == ["prepared"]


def test_commit_uses_it_once_however_often_the_token_is_sent(issue, scan, clock):
    token = scan(issue()).token
    first = operations.commit(token, now=clock.now(), actor="ana")
    clock.advance(seconds=5)
    again = operations.commit(token, now=clock.now(), actor="ana")
    assert again.id == first.id
    assert (first.replayed, again.replayed) == (False, True)
    assert again.at == first.at
    assert first.uses_left == 0
    assert Code.objects.get().state == "spent"
    assert outcomes() == ["prepared", "committed", "replayed"]
    assert Transition.objects.get().verb == "use_up"


def test_commit_needs_few_statements(issue, scan, clock):
    token = scan(issue()).token
    with sql_count() as sql:
        operations.commit(token, now=clock.now())
    assert sql.count <= 9, sql.all


def test_two_counters_with_the_same_code(issue, scan, clock):
    naming.name_places_with(lambda ids: {SHOP: "Zucchini, Fabianinkatu 4"})
    text = issue()
    one, two = scan(text, terminal="counter 1"), scan(text, terminal="counter 2")
    operations.commit(one.token, now=clock.now())
    used_at = clock.now()
    clock.advance(minutes=1)
    with pytest.raises(AlreadyUsed) as refused:
        operations.commit(two.token, now=clock.now())
    assert refused.value.params == {
        "at": used_at,
        "where": "Zucchini, Fabianinkatu 4, counter 1",
        "undo_until": used_at + timedelta(minutes=10),
    }
    with pytest.raises(AlreadyUsed):
        scan(text)
    assert Redemption.objects.count() == 1
    assert outcomes() == ["prepared", "prepared", "committed", "used", "used"]
    naming._names.clear()


def test_a_refused_try_is_remembered_even_when_the_callers_unit_is_taken_back(issue, scan, use, clock):
    text = issue()
    late = scan(text)
    use(text)
    with pytest.raises(AlreadyUsed), unit():
        operations.commit(late.token, now=clock.now())
    assert outcomes()[-1] == "used"
    assert Redemption.objects.count() == 1


def test_what_the_code_stands_for_happens_with_it_or_not_at_all(issue, scan, clock):
    token = scan(issue()).token
    with pytest.raises(ValueError), unit():
        operations.commit(token, now=clock.now())
        raise ValueError
    assert Code.objects.get().uses_left == 1
    assert not operations.commit(token, now=clock.now()).replayed


def test_several_uses(issue, use):
    text = issue(uses=5)
    assert use(text, 2).uses_left == 3
    with pytest.raises(NotEnoughUses) as refused:
        use(text, 4)
    assert refused.value.params == {"left": 3, "wanted": 4}
    assert use(text, 3).uses_left == 0
    with pytest.raises(AlreadyUsed):
        use(text)


def test_wrong_shop_names_the_right_one(issue, scan):
    text = issue()
    with pytest.raises(WrongShop) as refused:
        scan(text, place_id=OTHER_SHOP)
    assert str(refused.value) == (
        "This ticket belongs to another shop. Nothing was used. Ask the guest for the shop that is named on the ticket."
    )
    naming.name_places_with(lambda ids: {SHOP: "Zucchini, Fabianinkatu 4"})
    with pytest.raises(WrongShop) as refused:
        scan(text, place_id=OTHER_SHOP)
    assert str(refused.value) == (
        "This ticket belongs to Zucchini, Fabianinkatu 4. Nothing was used. Show the guest the way."
    )
    with pytest.raises(WrongShop):
        scan(text, tenant_id=new_id())
    assert scan(issue(place_ids=None, subject_id=OTHER_SHOP), place_id=OTHER_SHOP).uses_left == 1
    naming._names.clear()


def test_time(issue, scan, clock, now):
    text = issue(valid_from=now + timedelta(hours=1), valid_until=now + timedelta(hours=2))
    with pytest.raises(NotYetValid):
        scan(text)
    clock.advance(hours=1)
    token = scan(text).token
    clock.advance(hours=1)
    with pytest.raises(Expired) as refused:
        scan(text)
    assert refused.value.params == {"at": now + timedelta(hours=2)}
    with pytest.raises(ScanAgain):
        operations.commit(token, now=clock.now())
    operations.change_validity(SUBJECT, valid_until=now + timedelta(days=1))
    assert scan(text).valid_until == now + timedelta(days=1)


def test_it_expires_between_prepare_and_commit(issue, scan, clock, now):
    token = scan(issue(valid_until=now + timedelta(minutes=1))).token
    clock.advance(minutes=1)
    with pytest.raises(Expired):
        operations.commit(token, now=clock.now())


def test_a_changed_token_is_not_taken(issue, scan, clock):
    token = scan(issue()).token
    with pytest.raises(ScanAgain):
        operations.commit(token.replace(".counter 1", ".counter 2"), now=clock.now())
    with pytest.raises(ScanAgain):
        operations.commit("nonsense", now=clock.now())


class TestGuesses:
    WRONG = "23456789ABC" + "6"

    def guess(self, scan, **more):
        with pytest.raises((UnknownCode, Mistyped)):
            scan("AAAA AAAA AAAA", **more)

    def test_wrong_codes_are_kept_and_limited_per_terminal(self, issue, scan, clock):
        text = issue()
        for _ in range(GUESSES_PER_TERMINAL):
            self.guess(scan)
        with pytest.raises(TooManyGuesses) as refused:
            scan(text)
        assert refused.value.retry_after == 600
        assert outcomes() == ["mistyped"] * GUESSES_PER_TERMINAL + ["limited"]
        assert scan(text, terminal="counter 2").uses_left == 1
        clock.advance(seconds=601)
        assert scan(text).uses_left == 1

    def test_a_busy_counter_is_never_stopped(self, issue, scan):
        text = issue()
        for _ in range(GUESSES_PER_TERMINAL * 3):
            scan(text)

    def test_the_whole_merchant_is_limited_too(self, issue, scan, monkeypatch):
        monkeypatch.setattr("paseo.platform.codes.checks.GUESSES_PER_TENANT", 4)
        for number in range(4):
            self.guess(scan, terminal=f"counter {number}")
        with pytest.raises(TooManyGuesses):
            scan(issue(), terminal="counter 9")

    def test_a_right_check_character_for_a_code_that_does_not_exist(self, scan):
        from paseo.kernel.codes import ALPHABET, check_character

        body = ALPHABET[:11]
        with pytest.raises(UnknownCode):
            scan(body + check_character(body))
        assert outcomes() == ["unknown"]
        assert Scan.objects.get().guess


class TestUndo:
    def test_within_its_minutes_it_is_as_if_nothing_had_been(self, issue, use, clock):
        text = issue()
        redemption = use(text)
        clock.advance(minutes=10)
        undone = operations.undo(redemption.id, now=clock.now(), actor="ben")
        assert (undone.state, undone.uses_left, undone.undone_at) == ("undone", 1, clock.now())
        assert operations.undo(redemption.id, now=clock.now()).replayed
        assert Code.objects.get().uses_left == 1
        assert use(text).id != redemption.id
        assert list(Transition.objects.order_by("id").values_list("verb", flat=True)) == [
            "use_up",
            "give_back",
            "use_up",
        ]

    def test_afterwards_it_stays_used(self, issue, use, clock):
        redemption = use(issue())
        clock.advance(minutes=10, seconds=1)
        with pytest.raises(UndoTooLate) as refused:
            operations.undo(redemption.id, now=clock.now())
        assert refused.value.params == {"until": redemption.at + timedelta(minutes=10)}
        assert outcomes()[-1] == "undo_late"

    def test_the_old_token_is_dead_after_an_undo(self, issue, scan, clock):
        token = scan(issue()).token
        operations.undo(operations.commit(token, now=clock.now()).id, now=clock.now())
        with pytest.raises(ScanAgain):
            operations.commit(token, now=clock.now())

    def test_ten_cycles_and_no_more(self, issue, use, clock):
        text = issue()
        for _ in range(10):
            operations.undo(use(text).id, now=clock.now())
        last = use(text)
        with pytest.raises(UndoTooOften):
            operations.undo(last.id, now=clock.now())
        assert Redemption.objects.get(pk=last.id).state == "done"
        assert Code.objects.get().uses_left == 0


class TestBlock:
    def test_a_stopped_code_says_why_and_goes_on_afterwards(self, issue, scan, clock):
        text = issue()
        token = scan(text).token
        assert operations.block(SUBJECT, "a refund is open", now=clock.now()) == 1
        with pytest.raises(Blocked) as refused:
            scan(text)
        assert str(refused.value).startswith("This ticket is stopped: a refund is open. Nothing was used.")
        with pytest.raises(Blocked):
            operations.commit(token, now=clock.now())
        assert operations.block(SUBJECT, "again", now=clock.now()) == 0
        assert operations.unblock(SUBJECT, now=clock.now()) == 1
        assert not operations.commit(token, now=clock.now()).replayed

    def test_undo_gives_the_use_back_but_does_not_free_it(self, issue, use, clock):
        redemption = use(issue())
        operations.block(SUBJECT, "a refund is open", now=clock.now())
        operations.undo(redemption.id, now=clock.now())
        assert (Code.objects.get().state, Code.objects.get().uses_left) == ("blocked", 1)

    def test_a_used_code_is_used_again_after_unblocking(self, issue, use, clock):
        use(issue())
        operations.block(SUBJECT, "a refund is open", now=clock.now())
        operations.unblock(SUBJECT, now=clock.now())
        assert Code.objects.get().state == "spent"


def test_every_try_can_be_looked_up(issue, use, scan, clock):
    text = issue(uses=2)
    use(text)
    clock.advance(minutes=1)
    with pytest.raises(Mistyped):
        scan("AAAA")
    found = queries.scans(MERCHANT)
    assert [one.outcome for one in found] == ["mistyped", "committed", "prepared"]
    assert queries.scans(MERCHANT, place_ids=[OTHER_SHOP]) == []
    assert [one.uses for one in queries.redemptions_of(SUBJECT)] == [1]
    assert queries.recent_redemptions(MERCHANT, [SHOP], clock.now() - timedelta(minutes=5))[0].actor == "ana"


def test_the_auditors_find_what_does_not_add_up(issue, use):
    from paseo.platform.audit.checks import run_all

    checks = ["codes.spent_means_no_uses_left", "codes.uses_left_equals_redemptions"]
    text = issue(uses=3)
    use(text)
    assert run_all(checks) == []
    Code.objects.update(uses_left=0)
    assert [finding.sentence for finding in run_all(checks)] == [
        "It is active with 0 uses left.",
        "0 of 3 uses are left, but redemptions have used 1.",
    ]
