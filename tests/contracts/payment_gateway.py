"""What every payment gateway must do, whoever it is. An adapter passes by subclassing ``PaymentGatewayContract``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from paseo.capabilities.payments.refusals import BadSignature, GatewayRefused, GatewayTrouble
from paseo.kernel.ids import new_id

BACK = "https://shop.example/orders/1/"


class PaymentGatewayContract:
    """Subclasses give: ``gateway`` (the adapter), ``act(url, how)`` (a buyer pays, declines or gives up on the page),
    ``notices()`` (what was sent so far, as (headers, body)), ``unreachable`` (an adapter whose gateway is away)."""

    gateway: Any
    unreachable: Any

    def act(self, url: str, how: str) -> str:
        raise NotImplementedError

    def notices(self) -> list[tuple[dict[str, str], bytes]]:
        raise NotImplementedError

    def start(self, amount_minor: int = 920, **more: Any) -> tuple[UUID, str]:
        payment_id = new_id()
        wanted = {
            "currency": "EUR",
            "description": "P-1 · Café",
            "return_url": BACK,
            "locale": "en",
            "expires_at": None,
        }
        url = self.gateway.start(
            payment_id=payment_id, amount_minor=amount_minor, now=datetime.now(UTC), **{**wanted, **more}
        )
        return payment_id, url

    def read(self, sent: tuple[dict[str, str], bytes]) -> Any:
        return self.gateway.read_notice(headers=sent[0], body=sent[1], now=datetime.now(UTC))

    def test_starting_needs_no_network(self) -> None:
        payment_id, _ = self.start()
        assert self.gateway.fetch(payment_id).state == "unknown"

    def test_a_payment_is_captured_and_told_with_its_whole_state(self) -> None:
        payment_id, url = self.start()
        assert self.act(url, "success").startswith(BACK)
        [notice] = [self.read(sent) for sent in self.notices()]
        state = notice.state
        assert (notice.kind, state.state, state.payment_id) == ("payment.captured", "captured", payment_id)
        assert (state.amount_minor, state.captured_minor, state.currency, state.refunds) == (920, 920, "EUR", ())
        assert self.gateway.fetch(payment_id) == state

    def test_a_declined_payment_takes_nothing(self) -> None:
        payment_id, url = self.start()
        self.act(url, "declined")
        state = self.gateway.fetch(payment_id)
        assert (state.state, state.captured_minor) == ("declined", 0) and state.reason
        assert self.read(self.notices()[0]).kind == "payment.declined"

    def test_giving_up_takes_nothing(self) -> None:
        payment_id, url = self.start()
        self.act(url, "give_up")
        assert self.gateway.fetch(payment_id).state == "cancelled"

    def test_paying_twice_on_the_page_takes_the_money_once(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        self.act(url, "success")
        self.act(url, "declined")
        assert self.gateway.fetch(payment_id).captured_minor == 920
        assert len(self.notices()) == 1

    def test_a_changed_notice_is_refused(self) -> None:
        _, url = self.start()
        self.act(url, "success")
        headers, body = self.notices()[0]
        for forged in (
            (headers, body.replace(b"920", b"1")),
            ({}, body),
            ({name: value[:-1] + ("0" if value[-1] != "0" else "1") for name, value in headers.items()}, body),
        ):
            with pytest.raises(BadSignature):
                self.read(forged)
        late = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 3600, UTC)
        with pytest.raises(BadSignature):
            self.gateway.read_notice(headers=headers, body=body, now=late)

    def test_refunds_in_parts_up_to_what_was_captured_and_once_per_id(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        first = new_id()
        given = self.gateway.refund(payment_id=payment_id, refund_id=first, amount_minor=320, currency="EUR")
        again = self.gateway.refund(payment_id=payment_id, refund_id=first, amount_minor=320, currency="EUR")
        assert given == again and (given.id, given.amount_minor) == (first, 320)
        self.gateway.refund(payment_id=payment_id, refund_id=new_id(), amount_minor=600, currency="EUR")
        with pytest.raises(GatewayRefused):
            self.gateway.refund(payment_id=payment_id, refund_id=new_id(), amount_minor=1, currency="EUR")
        assert [refund.amount_minor for refund in self.gateway.fetch(payment_id).refunds] == [320, 600]

    def test_nothing_can_be_refunded_before_it_was_captured(self) -> None:
        payment_id, url = self.start()
        self.act(url, "declined")
        with pytest.raises(GatewayRefused):
            self.gateway.refund(payment_id=payment_id, refund_id=new_id(), amount_minor=1, currency="EUR")

    def test_capture_and_cancel_may_be_repeated(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        assert self.gateway.capture(payment_id).captured_minor == 920
        assert self.gateway.cancel(payment_id).state == "captured"

    def test_the_statement_lists_what_was_booked(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        self.gateway.refund(payment_id=payment_id, refund_id=new_id(), amount_minor=20, currency="EUR")
        rows = self.gateway.statement(datetime.now(UTC).date())
        assert [(row.kind, row.payment_id, row.amount_minor, row.currency) for row in rows] == [
            ("capture", payment_id, 920, "EUR"),
            ("refund", payment_id, 20, "EUR"),
        ]

    def test_no_answer_is_trouble_and_not_a_result(self) -> None:
        for call in (
            lambda: self.unreachable.fetch(new_id()),
            lambda: self.unreachable.refund(payment_id=new_id(), refund_id=new_id(), amount_minor=1, currency="EUR"),
        ):
            with pytest.raises(GatewayTrouble):
                call()
