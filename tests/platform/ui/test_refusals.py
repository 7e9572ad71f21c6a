"""A refusal as a page, as a fragment and as a problem document, in the reader's language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from paseo.kernel import errors
from paseo.kernel.errors import N_, Invalid, NotFound, Refusal, TooMany
from paseo.kernel.money import Money
from paseo.platform.ui import answers, sentences
from paseo.platform.ui.middleware import RefusalMiddleware
from paseo.platform.ui.text import refusal_text


class PriceMoved(Refusal):
    code = "ordering.price_moved"
    what = N_("The price moved by %(x)s {difference}.").replace("%(x)s ", "")
    meaning = N_("Your things are kept until {kept_until}.")
    remedy = N_("Agree to {total}.")


def moved() -> PriceMoved:
    return PriceMoved(
        difference=Money(40, "EUR"),
        kept_until=datetime(2026, 11, 21, 16, 15, tzinfo=UTC),
        total=Money(1020, "EUR"),
        zone="Europe/Helsinki",
    )


@pytest.fixture
def ask(rf: RequestFactory) -> Any:
    def get(refusal: Exception, path: str = "/x/", language: str = "en", **headers: str) -> HttpResponse | None:
        request: HttpRequest = rf.get(path, headers=headers)
        with translation.override(language):
            return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, refusal)

    return get


def test_amounts_and_times_are_written_for_the_reader(clock: Any) -> None:
    clock.set(datetime(2026, 11, 21, 16, 2, tzinfo=UTC)) if hasattr(clock, "set") else None
    with translation.override("es"):
        text = refusal_text(moved())
    assert text.what == "The price moved by 0,40\xa0€."
    assert text.meaning == "Your things are kept until 18:15."
    assert text.remedy == "Agree to 10,20\xa0€."


@pytest.mark.parametrize(
    ("language", "what", "remedy"),
    [
        ("en", "That was tried too often.", "Wait 40 seconds and try again."),
        ("zh-hans", "尝试次数过多。", "请等待 40 秒后重试。"),
        ("es", "Se ha intentado demasiadas veces.", "Espera 40 segundos e inténtalo de nuevo."),
    ],
)
def test_a_program_gets_a_problem_document(ask: Any, language: str, what: str, remedy: str) -> None:
    response = ask(TooMany(retry_after=40), "/api/v1/orders", language)
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "40"
    body = json.loads(response.content)
    assert (body["title"], body["remedy"], body["code"], body["status"]) == (what, remedy, "too_many", 429)
    assert body["type"] == "urn:paseo:refusal:too_many"
    assert body["instance"] == "/api/v1/orders"


def test_a_form_fault_names_its_fields(ask: Any) -> None:
    response = ask(Invalid(fields={"email": "Write an e-mail address."}), "/api/v1/orders", "zh-hans")
    assert response.status_code == 422
    assert json.loads(response.content)["fields"] == {"email": "请填写电子邮箱地址。"}


def test_htmx_gets_a_fragment_that_leaves_the_page_alone(ask: Any) -> None:
    response = ask(moved(), **{"HX-Request": "true"})
    assert response.status_code == 409
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#refusals", "innerHTML")
    text = response.content.decode()
    assert "<html" not in text
    assert 'role="alert" data-code="ordering.price_moved"' in text
    assert "The price moved by €0.40." in text


def test_a_page_may_ask_for_the_refusal_beside_its_line_but_not_for_anything_else(ask: Any) -> None:
    assert ask(moved(), **{"HX-Request": "true", "X-Refusal-Target": "#line-7"})["HX-Retarget"] == "#line-7"
    assert ask(moved(), **{"HX-Request": "true", "X-Refusal-Target": "body, #x"})["HX-Retarget"] == "#refusals"


def test_a_person_gets_a_whole_page_with_a_way_out(ask: Any) -> None:
    response = ask(NotFound(), language="es", Referer="http://testserver/stores/")
    assert response.status_code == 404
    text = response.content.decode()
    assert '<html lang="es">' in text
    assert "<h1>No hay nada en esta dirección.</h1>" in text
    assert 'href="http://testserver/stores/"' in text
    assert "evil" not in ask(NotFound(), Referer="http://evil.example/").content.decode()
    assert response["Cache-Control"] == "no-store"


def test_other_exceptions_are_not_swallowed(ask: Any) -> None:
    assert ask(ValueError("a mistake of the program")) is None


def test_a_missing_parameter_never_breaks_the_answer() -> None:
    with translation.override("en"):
        assert refusal_text(PriceMoved()).remedy == "Agree to …."


def test_the_log_names_the_code_and_no_parameters(ask: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="paseo.platform.ui.middleware"):
        ask(PriceMoved(difference="secret@example.com", kept_until="", total=""))
    assert "ordering.price_moved" in caplog.text
    assert "secret@example.com" not in caplog.text


def test_a_broken_page_says_what_is_safe_and_gives_a_number(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    with translation.override("en"):
        response = answers.server_error(rf.get("/x/"))
    assert response.status_code == 500
    number = next(word for record in caplog.records for word in str(record.getMessage()).split() if "-" in word)
    assert number in response.content.decode()


def test_every_sentence_of_the_kernel_is_in_the_catalogues() -> None:
    kernel = {
        sentence
        for refusal in vars(errors).values()
        if isinstance(refusal, type) and issubclass(refusal, Refusal)
        for sentence in (refusal.what, refusal.meaning, refusal.remedy)
        if sentence
    }
    assert kernel <= set(sentences.SENTENCES)
