"""Money on its way back, in the books at every step: asked for, refused, tried again, settled by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering import operations
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import ports
from paseo.capabilities.payments import queries as payments_read
from paseo.capabilities.payments.models import Refund
from paseo.capabilities.payments.refusals import GatewayRefused, GatewayTrouble
from paseo.capabilities.payments.values import RefundState
from paseo.kernel.clock import VirtualClock
from paseo.kernel.errors import Invalid, NotFound
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.audit.checks import run_all
from paseo.platform.db.unit import sql_count
from paseo.platform.notices.models import Delivery
from paseo.platform.notices.rendering import words
from tests.capabilities.cafe import OPERATOR, Cafe, order, paid_order, tell

ACTOR = "person:operator"
NAMES = ("merchant_payable", "refunds_due", "gateway_clearing", "bank", "commission_income")


class Answering:
    """A gateway that answers refunds as the test says, and remembers under which id it was asked."""

    name = "sandbox"

    def __init__(self) -> None:
        self.asked: list[UUID] = []
        self.answer: object = "done"

    def refund(self, *, payment_id: UUID, refund_id: UUID, amount_minor: int, currency: str) -> RefundState:
        self.asked.append(refund_id)
        if isinstance(self.answer, Exception):
            raise self.answer
        return RefundState(f"sbr_{len(self.asked)}", refund_id, amount_minor, str(self.answer))  # type: ignore[arg-type]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Answering:
    return Answering()


@pytest.fixture
def ask(gateway: Answering, monkeypatch: pytest.MonkeyPatch, drain_events: Callable[[], int]) -> Callable[..., None]:
    """The gateway is asked for what is due, and the books follow."""

    def asked(answer: object, now: datetime) -> None:
        drain_events()
        gateway.answer = answer
        with monkeypatch.context() as patch:
            patch.setitem(ports._gateways, "sandbox", gateway)
            payments.send_refunds(now=now)
        drain_events()

    return asked


def books(cafe: Cafe) -> dict[str, tuple[int, int]]:
    """Posted and announced, of every account that matters."""
    owners = {name: cafe.merchant_id if name == "merchant_payable" else OPERATOR for name in NAMES}
    found = {}
    for name, owner in owners.items():
        balance = ledger.balance(owner, name, "EUR")
        found[name] = (balance.posted.minor, balance.pending.minor)
    return found


def silent() -> None:
    assert run_all(["ordering.refunds_are_in_the_books", "ordering.returned_money_agrees"]) == []
    assert [one for one in run_all() if one.check.startswith(("ordering.", "ledger."))] == []


def cancelled(cafe: Cafe, now: datetime) -> Refund:
    placed = paid_order(cafe, now)
    operations.cancel(order_id=placed.order_id, by="shop", actor="person:shop", now=now, reason="no milk")
    return Refund.objects.get(subject_id=placed.order_id)


def test_it_is_owed_announced_and_paid(cafe: Cafe, now: datetime, ask, drain_events) -> None:
    refund = cancelled(cafe, now)
    assert books(cafe)["refunds_due"] == (920, 0), "owed from the moment of the decision"
    drain_events()
    nothing = {"merchant_payable": (0, 0), "bank": (0, 0), "commission_income": (0, 0)}
    assert books(cafe) == nothing | {"refunds_due": (920, -920), "gateway_clearing": (920, -920)}
    silent()
    ask("done", now)
    assert books(cafe) == nothing | {"refunds_due": (0, 0), "gateway_clearing": (0, 0)}
    assert {(one.template, one.state) for one in ledger.transfers_of(refund.subject_id)} == {
        ("sale_captured", "posted"), ("refund", "posted"), ("refund_sent", "pending"), ("refund_paid", "posted"),
    }  # fmt: skip
    silent()


def test_refused_it_stays_owed_and_can_be_sent_again(cafe: Cafe, now: datetime, ask, gateway: Answering) -> None:
    refund = cancelled(cafe, now)
    ask(GatewayRefused("account closed"), now)
    assert books(cafe)["refunds_due"] == (920, 0), "still owed, and nothing is under way"
    assert books(cafe)["gateway_clearing"] == (920, 0), "the money is still there"
    found = payments_read.refund(refund.id)
    assert (found.state, found.trouble) == ("failed", "account closed")
    assert orders.order(refund.subject_id, system=True).refunds == (found,)
    silent()

    payments.retry_refund(refund_id=refund.id, actor=ACTOR, now=now)
    with pytest.raises(NotAllowed):
        payments.retry_refund(refund_id=refund.id, actor=ACTOR, now=now)
    ask(GatewayTrouble("away"), now)
    assert books(cafe)["refunds_due"] == (920, -920)
    silent()
    later = payments_read.refund(refund.id)
    assert (later.state, later.round) == ("requested", 1)
    Refund.objects.update(next_try_at=now)
    ask("done", now)
    assert books(cafe)["refunds_due"] == (0, 0)
    assert gateway.asked == [refund.id] * 3, "where it kept no failure the same id is safest"
    silent()


def test_a_failure_that_the_gateway_keeps_is_tried_under_a_new_id(
    cafe: Cafe, now: datetime, ask, gateway: Answering
) -> None:
    refund = cancelled(cafe, now)
    ask("failed", now)
    payments.retry_refund(refund_id=refund.id, actor=ACTOR, now=now)
    ask("done", now)
    assert gateway.asked[0] == refund.id
    assert len(set(gateway.asked)) == 2
    assert payments_read.refund(refund.id).state == "done"
    assert payments_read.payment(refund.payment_id).refunded_minor == 920
    silent()


def test_told_done_after_all_it_is_paid_once(cafe: Cafe, now: datetime, ask, drain_events) -> None:
    refund = cancelled(cafe, now)
    ask(GatewayRefused("account closed"), now)
    told = [{"ref": "sbr_9", "id": str(refund.id), "amount_minor": 920, "state": "done"}]
    tell(refund.payment_id, now, event_id="late", refunds=told)
    drain_events()
    tell(refund.payment_id, now, event_id="later", refunds=told)
    drain_events()
    assert payments_read.refund(refund.id).state == "done"
    assert (books(cafe)["refunds_due"], books(cafe)["gateway_clearing"]) == ((0, 0), (0, 0))
    silent()


def test_settled_by_bank(cafe: Cafe, now: datetime, ask, drain_events) -> None:
    refund = cancelled(cafe, now)
    with pytest.raises(NotAllowed):
        payments.settle_elsewhere(refund_id=refund.id, how="bank", note="RF18", actor=ACTOR, now=now)
    ask(GatewayRefused("account closed"), now)
    for how, note, field in (("", "RF18", "how"), ("bank", " ", "note"), ("till", "x", "how")):
        with pytest.raises(Invalid) as refused:
            payments.settle_elsewhere(refund_id=refund.id, how=how, note=note, actor=ACTOR, now=now)
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound):
        payments.settle_elsewhere(refund_id=new_id(), how="bank", note="RF18", actor=ACTOR, now=now)
    payments.settle_elsewhere(refund_id=refund.id, how="bank", note="RF18 0000 0001", actor=ACTOR, now=now)
    drain_events()
    assert books(cafe)["refunds_due"] == (0, 0)
    assert books(cafe)["gateway_clearing"] == (920, 0), "it is still at the gateway"
    assert books(cafe)["bank"] == (-920, 0)
    assert payments_read.payment(refund.payment_id).state == "refunded"
    steps = [(one.machine, one.to_state, one.actor, one.reason) for one in orders.history(refund.subject_id)]
    assert ("refund", "done", ACTOR, "RF18 0000 0001") in steps
    [letter] = Delivery.objects.filter(notice__kind="ordering.refunded_by_bank").select_related("notice")
    text = words(letter.notice.kind, letter.notice.params, "en", name="Anna")
    assert (letter.address, text.subject) == ("anna@example.org", "€9.20 comes to you by bank transfer")
    assert payments_read.compare_statement("sandbox", now.date(), []).differences[0].kind == "capture"
    silent()


def test_made_by_hand_at_the_gateway_it_settles_the_one_that_had_failed(cafe: Cafe, now: datetime, ask) -> None:
    refund = cancelled(cafe, now)
    ask(GatewayRefused("account closed"), now)
    told = [{"ref": "sbr_hand", "id": str(new_id()), "amount_minor": 920, "state": "done"}]
    tell(refund.payment_id, now, event_id="hand", refunds=told)
    ask("done", now)
    [only] = payments_read.refunds_of(refund.subject_id)
    assert (only.id, only.state) == (refund.id, "done")
    assert (books(cafe)["refunds_due"], books(cafe)["gateway_clearing"]) == ((0, 0), (0, 0))
    silent()


def test_more_than_is_left_is_noted_and_the_notice_is_taken(cafe: Cafe, now: datetime, ask) -> None:
    refund = cancelled(cafe, now)
    told = [{"ref": "sbr_too", "id": str(new_id()), "amount_minor": 500, "state": "done"}]
    assert tell(refund.payment_id, now, event_id="too", refunds=told).status == 200
    assert "sbr_too gave 500" in payments_read.payment(refund.payment_id).trouble
    ask("done", now)
    silent()


def test_money_that_never_became_a_sale_is_owed_as_well(cafe: Cafe, clock: VirtualClock, ask, drain_events) -> None:
    placed = order(cafe, clock.now())
    operations.cancel(order_id=placed.order_id, by="buyer", actor="visitor:x", now=clock.now())
    tell(placed.payment.id, clock.now())
    drain_events()
    assert (books(cafe)["refunds_due"], books(cafe)["gateway_clearing"]) == ((920, -920), (920, -920))
    ask(GatewayRefused("no"), clock.now())
    assert (books(cafe)["refunds_due"], books(cafe)["gateway_clearing"]) == ((920, 0), (920, 0))
    silent()
    [refund] = payments_read.refunds_of(placed.order_id)
    payments.settle_elsewhere(refund_id=refund.id, how="gateway", note="chb_1", actor=ACTOR, now=clock.now())
    drain_events()
    assert (books(cafe)["refunds_due"], books(cafe)["gateway_clearing"]) == ((0, 0), (0, 0))
    silent()


def test_cash_is_not_announced(cafe: Cafe, now: datetime, drain_events) -> None:
    placed = order(cafe, now, method="cash")
    operations.take_cash(order_id=placed.order_id, actor="person:shop", now=now)
    operations.refund(order_id=placed.order_id, amount_minor=100, reason="goodwill", actor=ACTOR, now=now)
    drain_events()
    assert books(cafe)["refunds_due"] == (0, 0)
    silent()


class TestAuditor:
    def found(self) -> list[str]:
        return [one.sentence for one in run_all(["ordering.refunds_are_in_the_books"])]

    def test_while_events_are_under_way_it_waits(self, cafe: Cafe, now: datetime, drain_events) -> None:
        cancelled(cafe, now)
        assert self.found() == []

    def test_it_sees_what_the_books_do_not_follow(self, cafe: Cafe, now: datetime, ask, drain_events) -> None:
        refund = cancelled(cafe, now)
        drain_events()
        Refund.objects.update(state="failed")
        assert self.found() == ["A refund of 9.20 EUR: is failed, but announced 1 times"]
        Refund.objects.update(state="done")
        assert self.found() == [
            "A refund of 9.20 EUR: is done, but not paid in the books",
            "A refund of 9.20 EUR: is done, but announced 1 times",
        ]
        Refund.objects.update(state="requested")
        ask("done", now)
        Refund.objects.update(state="failed")
        assert self.found() == ["A refund of 9.20 EUR: is not done, but paid in the books"]
        assert refund.subject_id

    def test_many_orders_cost_no_more_statements_than_few(self, cafe: Cafe, now: datetime, drain_events) -> None:
        def statements(count: int) -> int:
            for _ in range(count):
                operations.refund(
                    order_id=paid_order(cafe, now, pieces={"soup": 1}, total=950).order_id, amount_minor=10,
                    reason="goodwill", actor=ACTOR, now=now,
                )  # fmt: skip
            drain_events()
            with sql_count() as sql:
                assert [one for one in run_all() if one.check.startswith("ordering.")] == []
            return int(sql.count)

        assert statements(1) == statements(6)
