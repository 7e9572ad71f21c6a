"""What an attacker tries first. Each attack is a test, so that it stays tried."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from demo.town import EMAILS, PASSWORDS, Town
from paseo.capabilities.catalog import operations as catalog
from paseo.kernel.clock import VirtualClock
from paseo.kernel.ids import new_id
from paseo.platform.identity.models import Session
from paseo.platform.media.models import Media
from paseo.platform.notices.sending import send_due
from paseo.platform.tenancy.roles import RIGHTS
from tests.channels.console.conftest import at_work, code_of, comes_in
from tests.channels.openapi.conftest import Caller, key_of
from tests.channels.test_borders import PUBLIC, ROUTES, WORDS
from tests.channels.victim import Victim, filled, make_victim

__all__ = ["at_work", "code_of", "comes_in", "key_of"]

EXEMPT = {
    "/hooks/payments/<slug:gateway>": "signed by the gateway",
    "/language/": "nothing but the look can change",
    "/scheme/": "nothing but the look can change",
}
"""Take a POST without a token of the form, for this reason."""


@pytest.fixture
def victim(town: Town, now: datetime, settings: Any, tmp_path: Any) -> Victim:
    settings.VAR = tmp_path
    return make_victim(town, now)


def strict(client: Client) -> Client:
    """The same browser, led to us by somebody else's page: it sends its cookies, but no token."""
    client.handler.enforce_csrf_checks = True
    return client


def test_no_page_takes_a_form_that_another_site_sent(
    town: Town, victim: Victim, at_work: Callable[..., Client]
) -> None:
    browsers = [strict(at_work(who, confirmed=True)) for who in ("noodles", "operator", victim.person_id)]
    open_ = set()
    for where, parameters in ROUTES:
        if where.startswith("/api/"):
            continue
        number = {"number": WORDS["number"]} if "tenant_id" in parameters else {}
        for browser in browsers:
            answer = browser.post(filled(where, {**WORDS, **victim.ids, **number}), {"sure": "1"})
            if answer.status_code not in {403, 404, 405}:
                open_.add(where)
    assert open_ == EXEMPT.keys()


def test_a_session_opens_nothing_of_the_api(town: Town, at_work: Callable[..., Client]) -> None:
    """So the API needs no token of a form: a browser that is signed in carries no key."""
    owner = at_work("owner", confirmed=True)
    for path in ("/shop/orders", "/shop/money", "/shop/events"):
        assert owner.get(f"/api/v1{path}").status_code == 401
    assert owner.get("/api/v1/shop/orders?key=paseo_x").status_code == 401


OUTSIDE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
           "javascript:alert(1)", "https:evil.example", "http:///evil.example", "/%09/evil.example", " //evil.example"]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_address_leads_outside(town: Town, at_work: Callable[..., Client], target: str) -> None:
    owner, guest = at_work("owner", confirmed=True), Client()
    answers = [
        guest.post("/language/", {"language": "es", "next": target}),
        guest.post("/language/", {"language": "es"}, headers={"Referer": target}),
        guest.post("/scheme/", {"scheme": "dark", "next": target}),
        owner.get("/sign-in/", {"next": target}),
        owner.get("/sign-in/password/", {"next": target}),
        guest.post("/sign-in/password/", {"email": EMAILS["aino"], "password": PASSWORDS["aino"], "next": target}),
        owner.get("/me/security/second-factor/", {"next": target}),
        Client().get("/me/profile/", headers={"HX-Request": "true", "HX-Current-URL": target}),
        owner.post("/sign-out/", {"next": target}),
    ]
    for answer in answers:
        there = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "/"
        assert there.startswith("/") and not there.startswith(("//", "/\\", "/\t")), there


def test_another_host_name_is_not_answered(client: Client, town: Town, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["shop.example"]
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/api/v1/stores?lat=1&lon=1", headers={"Host": "evil.example"}).status_code == 400
    fine = client.get("/", headers={"Host": "shop.example", "X-Forwarded-Host": "evil.example"})
    assert fine.status_code == 200
    assert b"evil.example" not in fine.content


def test_letters_lead_to_the_installation_whatever_host_was_asked(
    client: Client, town: Town, settings: Any, mailoutbox: list[Any], clock: VirtualClock
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/sign-in/", {"email": EMAILS["aino"]}, headers={"Host": "evil.example"})
    send_due(clock.now())
    assert mailoutbox and not any("evil.example" in letter.body for letter in mailoutbox)


def test_no_answer_gets_a_header_from_outside(client: Client, town: Town, at_work: Callable[..., Client]) -> None:
    evil = "/x\r\nSet-Cookie: a=b\r\n\r\n<script>"
    answers = [
        client.post("/language/", {"language": "es\r\nX-Evil: 1", "next": evil}),
        client.get("/search/", {"q": evil}),
        client.get("/t/" + "x%0d%0aX-Evil:%201"),
        client.get("/orders/" + "%0d%0aX-Evil:%201" + "/"),
        client.get("/sign-in/", {"next": evil}),
        client.generic("GET", "/api/v1/stores/x%0d%0aX-Evil:1"),
        at_work("owner").post("/sign-out/", {"next": evil}),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "X-Evil" not in answer.headers and "a" not in answer.cookies
        assert not any("\n" in value or "\r" in value for value in answer.headers.values())


def png(width: int, height: int) -> bytes:
    """A picture that is small on the wire and says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def bomb(size: int) -> bytes:
    """A zip of one part with so many zeros."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(size // 1_000_000):
            part.write(b"\0" * 1_000_000)
    return out.getvalue()


HOSTILE = {
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "photo.png": b"<!doctype html><script>alert(1)</script>",
    "photo.jpg": b"\xff\xd8\xff<script>alert(1)</script>",
    "bomb.png": png(60_000, 60_000),
    "archive.zip": bomb(5_000_000),
    "empty.png": b"",
    "../../../etc/passwd": b"\x89PNG\r\n\x1a\nnothing",
    "program.exe": b"MZ\x90\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_file_is_kept(town: Town, at_work: Callable[..., Client], victim: Victim, name: str) -> None:
    owner, tenant, before = at_work("owner", confirmed=True), town.merchants["cafe"], Media.objects.count()

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile(name, HOSTILE[name], content_type="image/png")

    bun = town.products["bun"]
    for where, sent in (
        (reverse("console:store-photo", args=[tenant]), {"photo": file()}),
        (reverse("console:product-photos", args=[tenant, bun]), {"act": "add", "photo": file()}),
        (reverse("console:ready-papers", args=[tenant]), {"kind": "register", "paper": file()}),
    ):
        answer = owner.post(where, sent)
        assert answer.status_code < 500, (where, answer.status_code)
        assert Media.objects.count() == before, where


def test_what_is_kept_is_never_shown_as_a_page(town: Town, victim: Victim, at_work: Callable[..., Client]) -> None:
    """A paper comes as an attachment of its own kind, in a frame in which nothing runs."""
    answer = at_work("noodles", confirmed=True).get(f"/media/papers/{victim.ids['media_id']}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_workbook_that_unfolds_to_gigabytes_is_not_unfolded(tmp_path: Any, settings: Any) -> None:
    from paseo.platform.importing.readers import opening
    from paseo.platform.importing.refusals import TooLarge, UnreadableFile

    path = tmp_path / "goods.xlsx"
    path.write_bytes(bomb(opening.LARGEST_WORKBOOK + 1_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TooLarge):
        opening.open_file(path)
    settings.PASEO = {**settings.PASEO, "IMPORT_BYTES": 1_000_000}
    packed = tmp_path / "goods.csv.gz"
    packed.write_bytes(gzip.compress(b"name,price\n" + b"x" * 50_000_000))
    with pytest.raises((UnreadableFile, ValueError)):
        list(opening.open_file(packed).rows)


def test_a_spreadsheet_takes_no_word_of_a_stranger_for_a_formula() -> None:
    from paseo.platform.importing.engine import _plain

    assert [_plain(text) for text in ("=cmd|'/C calc'!A0", "@SUM(1)", "+1+cmd", "-2+3+cmd", "\t=1", "Tea", "-2.50", "")] == [
        "'=cmd|'/C calc'!A0", "'@SUM(1)", "'+1+cmd", "'-2+3+cmd", "'\t=1", "Tea", "-2.50", "",
    ]  # fmt: skip


def test_a_form_that_is_too_large_is_refused(client: Client, town: Town, settings: Any, key_of: Callable[..., Caller]) -> None:  # fmt: skip
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    assert client.post("/language/", {"language": "x" * 20_000}).status_code == 400
    answer = key_of("cafe", *RIGHTS)("POST", "/shop/products", {"name": {"en": "x" * 20_000}})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    many = client.post("/language/", {f"f{number}": "" for number in range(2000)})
    assert many.status_code == 400


BODIES = {
    "deep": b"[" * 100_000, "deep object": b'{"a":' * 50_000, "nan": b'{"counted": NaN}', "infinity": b'{"counted": 1e999}',
    "half a character": b'{"note": "\\ud800", "counted": 1}', "nul": b'{"note": "\\u0000", "counted": 1}',
    "not utf-8": b'{"note": "\xff", "counted": 1}', "endless number": b'{"counted": ' + b"9" * 10_000 + b"}",
    "large number": b'{"counted": 99999999999999999999}', "twice": b'{"counted": 1, "counted": "x"}', "text": b'"x"',
    "nothing": b"", "null": b"null", "list": b"[]", "binary": bytes(range(256)),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_no_body_breaks_the_api(town: Town, key_of: Callable[..., Caller], kind: str) -> None:
    caller = key_of("grocer", *RIGHTS)
    variant = next(town.variants[name.partition(".")[2]] for name in town.offers if name.startswith("grocer."))
    answer = caller.client.generic(
        "POST", f"/api/v1/shop/stores/{town.stores['grocer']}/stock/{variant}/count", BODIES[kind],
        content_type="application/json", headers={**caller.headers, "Idempotency-Key": "1"},
    )  # fmt: skip
    assert answer.status_code in {400, 422}, answer.content[:200]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["remedy"]


GARBAGE = [
    "",
    "x",
    "-1",
    "9" * 40,
    "%00",
    "\u0661",
    "'\"<>",
    "2026-05-13",
    "2026-99-99",
    "1e9",
    "\U0001f9e8",
    "../..",
    "null",
]
NAMES = ("q", "page", "after", "before", "from", "to", "first", "last", "day", "span", "store", "state", "sort", "limit",
         "category", "open", "lat", "lon", "x", "y", "z", "bbox", "at", "id", "touchpoint", "section", "kind", "text", "given",
         "who", "period", "currency", "unit", "next", "key", "new", "offer", "method", "mode", "ids", "back", "stage")  # fmt: skip


@pytest.mark.parametrize("text", GARBAGE)
def test_no_word_in_an_address_breaks_a_page(
    town: Town, victim: Victim, at_work: Callable[..., Client], text: str
) -> None:
    browsers = {
        "shop": at_work("noodles", confirmed=True),
        "city": at_work("operator", confirmed=True),
        "guest": at_work(victim.person_id),
    }
    query = "&".join(f"{name}=%00" if text == "%00" else f"{name}={_quoted(text)}" for name in NAMES)
    broken = []
    for where, parameters in ROUTES:
        if where == "/events" or where.startswith("/api/"):
            continue
        who = "shop" if "tenant_id" in parameters else "city" if where.startswith("/console/city/") else "guest"
        number = {"number": WORDS["number"]} if "tenant_id" in parameters else {}
        address = filled(where, {**WORDS, **victim.ids, **number})
        for tried in (f"{address}?{query}",):
            answer = browsers[who].get(tried)
            if answer.status_code >= 500:
                broken.append(f"{where}: {answer.status_code}")
    assert not broken, "\n".join(broken)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def test_markup_in_names_stays_text(town: Town, now: datetime, client: Client, at_work: Callable[..., Client]) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
    product = town.products["bun"]
    catalog.edit_product(
        merchant_id=town.merchants["cafe"], product_id=product, changes={"names": {"en": evil}, "descriptions": {"en": evil}},
        now=now, actor="system",
    )  # fmt: skip
    owner = at_work("owner", confirmed=True)
    pages = [
        client.get(f"/s/{town.slugs['cafe']}/"),
        client.get(f"/s/{town.slugs['cafe']}/{town.offers['cafe.bun']}/"),
        client.get("/search/", {"q": evil}),
        owner.get(reverse("console:catalog", args=[town.merchants["cafe"]])),
        owner.get(reverse("console:product", args=[town.merchants["cafe"], product])),
    ]
    for page in pages:
        assert page.status_code == 200
        assert b"<script>alert(1)" not in page.content and b"<img src=x" not in page.content
    assert b"alert(1)" in pages[1].content


def test_every_page_says_what_a_browser_may_do_with_it(town: Town, client: Client, victim: Victim) -> None:
    for where in PUBLIC:
        answer = client.get(filled(where, {**WORDS, **victim.ids, "version": "1"}))
        assert answer["X-Content-Type-Options"] == "nosniff", where
        assert answer["X-Frame-Options"] == "DENY", where
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "object-src 'none'" in policy, where
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0], where
        assert answer["Referrer-Policy"], where


def test_cookies_are_kept_from_scripts_other_sites_and_open_lines(
    town: Town, settings: Any, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/sign-in/password/", secure=True)
    client.post("/sign-in/", {"email": EMAILS["aino"]}, secure=True)
    client.post("/language/", {"language": "es"}, secure=True)
    client.post("/scheme/", {"scheme": "dark"}, secure=True)
    client.post("/here/", {"lat": "60.17", "lon": "24.94"}, secure=True)
    client.get(f"/t/{town.tokens['poster']}", secure=True)
    client.post("/sign-in/password/", {"email": EMAILS["aino"], "password": PASSWORDS["aino"]}, secure=True)
    client.get(f"/s/{town.slugs['cafe']}/{town.offers['cafe.bun']}/", secure=True)
    client.post(f"/s/{town.slugs['cafe']}/{town.offers['cafe.bun']}/", {"quantity": "1"}, secure=True)
    assert {"sessionid", "csrftoken", "paseo_sign_in", "paseo_language", "paseo_scheme"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        if cookie.value:
            assert cookie["secure"], name
            assert cookie["samesite"] in {"Lax", "Strict"}, name
            assert cookie["httponly"] or name == "csrftoken", name


def test_a_session_key_that_an_attacker_has_set_is_never_taken(town: Town, clock: VirtualClock) -> None:
    browser = Client()
    browser.cookies["sessionid"] = "a" * 32
    browser.post("/sign-in/password/", {"email": EMAILS["aino"], "password": PASSWORDS["aino"]})
    assert browser.cookies["sessionid"].value not in {"a" * 32, ""}
    attacker = Client()
    attacker.cookies["sessionid"] = "a" * 32
    assert attacker.get("/me/security/").status_code == 302
    assert Session.objects.filter(person_id=town.people["aino"]).count() == 1


def test_no_answer_tells_whether_an_address_is_known(town: Town, clock: VirtualClock, at_work: Callable[..., Client]) -> None:  # fmt: skip
    """Signing in by code, by password, moving an account to a taken address, hiring: the same for everybody."""

    def shape(answer: Any, email: str) -> tuple[int, str, str]:
        import re

        text = re.sub(r"[\w-]{32,}", "", answer.content.decode().replace(email, "·"))
        return answer.status_code, answer.headers.get("Location", ""), text

    for ask in (
        lambda email: Client().post("/sign-in/", {"email": email}),
        lambda email: Client().post("/sign-in/password/", {"email": email, "password": "wrong-password-1"}),
    ):
        assert shape(ask(EMAILS["aino"]), EMAILS["aino"]) == shape(ask("nobody@example.com"), "nobody@example.com")
    moved = [
        at_work("cashier").post("/me/security/address/", {"email": email}).status_code
        for email in (EMAILS["aino"], "nobody@example.com")
    ]
    assert moved[0] == moved[1]


def test_one_time_codes_are_not_guessed(town: Town, clock: VirtualClock, at_work: Callable[..., Client]) -> None:
    """By their pages: the code of a letter, letters themselves, passwords, codes at the counter."""
    browser = Client()
    browser.post("/sign-in/", {"email": EMAILS["aino"]})
    answers = [browser.post("/sign-in/code/", {"code": f"{number:06d}"}).status_code for number in range(25)]
    assert 429 in answers and set(answers) <= {422, 429}
    letters = [Client().post("/sign-in/", {"email": "grocer@example.com"}).status_code for _ in range(8)]
    assert letters[-1] == 429
    tries = [
        Client().post("/sign-in/password/", {"email": EMAILS["owner"], "password": f"wrong-{number}-x"}).status_code
        for number in range(12)
    ]
    assert tries[-1] == 429
    counter = at_work("cashier")
    where = reverse("console:verify", args=[town.merchants["cafe"]])
    guesses = [counter.post(where, {"code": _code(number)}).status_code for number in range(60)]
    assert guesses[-1] == 429


def _code(number: int) -> str:
    from paseo.kernel.codes import ALPHABET, check_character

    body = "".join(ALPHABET[(number * 7 + place * 11) % len(ALPHABET)] for place in range(11))
    return body + check_character(body)


def test_what_a_program_adds_to_a_call_is_not_written(town: Town, key_of: Callable[..., Caller]) -> None:
    """Mass assignment: fields that the document does not know change nothing."""
    caller = key_of("grocer", *RIGHTS)
    made = caller(
        "POST", "/shop/products",
        {"name": {"en": "Rye"}, "merchant_id": str(town.merchants["cafe"]), "state": "withdrawn", "id": str(new_id())},
    ).json()  # fmt: skip
    assert made["state"] == "active"
    assert made["id"] in json.dumps(caller("GET", "/shop/products").json())
    assert made["id"] not in json.dumps(key_of("cafe", *RIGHTS)("GET", "/shop/products").json())


def test_an_idempotency_key_is_the_callers_own(town: Town, key_of: Callable[..., Caller]) -> None:
    grocer, cafe = key_of("grocer", *RIGHTS), key_of("cafe", *RIGHTS)
    first = grocer("POST", "/shop/products", {"name": {"en": "Rye"}}, **{"Idempotency-Key": "same"})
    other = cafe("POST", "/shop/products", {"name": {"en": "Rye"}}, **{"Idempotency-Key": "same"})
    assert (first.status_code, other.status_code) == (200, 200)
    assert first.json()["id"] != other.json()["id"]


def test_no_method_hides_in_a_header(town: Town, key_of: Callable[..., Caller]) -> None:
    caller = key_of("grocer", *RIGHTS)
    answer = caller("GET", "/shop/products", None, **{"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200
    wrong = caller("DELETE", "/shop/products")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "wrong_method")
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_key_ends_at_once(town: Town, key_of: Callable[..., Caller], now: datetime) -> None:
    from paseo.platform.tenancy.models import ApiKey
    from paseo.platform.tenancy.operations import close_tenant

    caller = key_of("grocer", *RIGHTS)
    assert caller("GET", "/shop/orders").status_code == 200
    ApiKey.objects.update(revoked_at=now)
    assert caller("GET", "/shop/orders").status_code == 401
    second = key_of("grocer", *RIGHTS)
    close_tenant(tenant_id=town.merchants["grocer"], now=now)
    assert second("GET", "/shop/orders").status_code == 401


def test_a_program_is_asked_to_slow_down(town: Town, key_of: Callable[..., Caller], settings: Any, clock: VirtualClock) -> None:  # fmt: skip
    settings.PASEO = {**settings.PASEO, "API_RATE": 5}
    caller = key_of("grocer", *RIGHTS)
    answers = [caller("GET", "/shop/orders") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].json()["remedy"]
