"""The sandbox gateway and its adapter keep the contract; and its test cards do what they say."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from outside.sandbox_gateway import delivery, texts
from outside.sandbox_gateway.cards import CARDS
from outside.sandbox_gateway.server import Gateway
from outside.sandbox_gateway.store import Store
from paseo.capabilities.payments.adapters.sandbox import SandboxGateway
from paseo.capabilities.payments.refusals import GatewayRefused
from paseo.kernel.ids import new_id
from tests.contracts.payment_gateway import BACK, PaymentGatewayContract

SECRET = "a secret for tests"


class Listener(http.server.BaseHTTPRequestHandler):
    """The shop's end of the notices; answers with what ``answers`` says, 200 when it is empty."""

    received: list[tuple[dict[str, str], bytes]]
    answers: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.received.append((dict(self.headers), body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class TestSandbox(PaymentGatewayContract):
    @pytest.fixture(autouse=True)
    def _running(self, tmp_path, settings) -> Iterator[None]:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        handler = type("ListenerOfTest", (Listener,), {"received": self.received, "answers": self.answers})
        shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.path = str(tmp_path / "sandbox.sqlite3")
        self.store = Store(self.path)
        server = Gateway(("127.0.0.1", 0), self.store, SECRET, late_s=60)
        threads = [threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}) for one in (shop, server)]
        for thread in threads:
            thread.start()
        settings.PUBLIC_URL = f"http://127.0.0.1:{shop.server_port}"
        self.port = server.server_port
        self.gateway = SandboxGateway(url=f"http://127.0.0.1:{self.port}", secret=SECRET)
        self.unreachable = SandboxGateway(url="http://127.0.0.1:9", secret=SECRET)
        yield
        for one in (shop, server):
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join()
        self.store.close()

    def request(self, method: str, target: str, body: str = "") -> tuple[int, dict[str, str], str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, target, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, dict(answer.headers), text

    def act(self, url: str, how: str) -> str:
        form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        form |= {"give_up": "1"} if how == "give_up" else {"card": how}
        return self.request("POST", "/pay", urlencode(form))[1].get("Location", "")

    def notices(self, after: float = 0.0) -> list[tuple[dict[str, str], bytes]]:
        import time

        delivery.run_once(self.store, SECRET, time.time() + after)
        return self.received

    def kinds(self, after: float = 0.0) -> list[str]:
        return [self.read(sent).kind for sent in self.notices(after)]

    @pytest.mark.parametrize(
        "locale, language, word",
        [("en", "en", "Pay €9.20"), ("zh-hans", "zh-Hans", "支付 €9.20"), ("es", "es", "Pagar 9,20\u00a0€")],
    )
    def test_the_page_speaks_three_languages_and_says_that_it_is_a_test(self, locale, language, word) -> None:
        _, url = self.start(locale=locale)
        status, headers, page = self.request("GET", urlsplit(url).path + "?" + urlsplit(url).query)
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert f'<html lang="{language}">' in page and f"<h1>{word}</h1>" in page
        assert texts.TEXTS[texts.language_of(locale)]["test"] in page
        assert page.count('type="radio"') == len(CARDS) and "<legend>" in page and "<script" not in page

    def test_a_changed_link_is_refused(self) -> None:
        _, url = self.start()
        query = urlsplit(url).query
        assert self.request("GET", "/pay?" + query.replace("d=e", "d=f", 1))[0] == 400

    def test_late(self) -> None:
        payment_id, url = self.start()
        assert "outcome=pending" in self.act(url, "late")
        assert self.kinds() == ["payment.pending"]
        assert self.kinds(after=61) == ["payment.pending", "payment.captured"]
        assert self.gateway.fetch(payment_id).captured_minor == 920

    def test_twice(self) -> None:
        self.act(self.start()[1], "twice")
        sent = self.notices(after=1)
        assert len(sent) == 2 and sent[0][1] == sent[1][1]

    def test_shuffled(self) -> None:
        self.act(self.start()[1], "shuffled")
        assert self.kinds(after=2) == ["payment.captured", "payment.authorized"]

    def test_lost_on_the_way_back(self) -> None:
        payment_id, url = self.start()
        assert self.act(url, "lost") == ""
        assert self.gateway.fetch(payment_id).state == "captured"
        assert self.kinds() == ["payment.captured"]

    def test_the_shop_is_away_at_first(self) -> None:
        self.act(self.start()[1], "success")
        self.answers += [500, 503]
        assert self.notices() == []
        assert self.notices(after=1.5) == []
        assert len(self.notices(after=10)) == 1
        assert len(self.notices(after=1000)) == 1, "an answered notice is not sent again"

    def test_stubborn(self) -> None:
        self.act(self.start()[1], "stubborn")
        assert [len(self.notices(after=moment)) for moment in (0, 2, 5, 20)] == [0, 0, 0, 1]

    def test_an_expired_link_takes_nothing(self) -> None:
        from datetime import UTC, datetime, timedelta

        payment_id, url = self.start(expires_at=datetime.now(UTC) - timedelta(seconds=5))
        assert self.act(url, "success") == ""
        assert self.gateway.fetch(payment_id).state == "cancelled"

    def test_a_restart_loses_nothing(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        again = Store(self.path)
        assert again.payment(str(payment_id))["captured_minor"] == 920
        assert len(again.due_deliveries(1e12)) == 1
        again.close()

    def test_unsigned_requests_are_refused(self) -> None:
        payment_id, url = self.start()
        self.act(url, "success")
        assert self.request("GET", f"/api/payments/{payment_id}")[0] == 401
        stranger = SandboxGateway(url=self.gateway.url, secret="another")
        with pytest.raises(GatewayRefused):
            stranger.refund(payment_id=payment_id, refund_id=new_id(), amount_minor=1, currency="EUR")

    def test_the_return_address_keeps_its_own_query(self) -> None:
        _, url = self.start(return_url=BACK + "?key=abc")
        assert self.act(url, "success").startswith(BACK + "?key=abc&payment=")
