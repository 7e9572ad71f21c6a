"""Every address of the project, asked by everybody whom it is none of their business, in every way.

An address is private unless it stands below with a reason. A private one refuses; no answer, of whatever address, holds
a byte of the victim's; and nothing in the database is changed by any of it. A new route is private here until somebody
decides otherwise, and fails this test if it answers strangers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.kernel.ids import new_id
from paseo.platform.tenancy.roles import RIGHTS
from tests.channels.console.conftest import at_work
from tests.channels.openapi.conftest import Caller, key_of
from tests.channels.victim import Victim, everything, filled, make_victim, routes

__all__ = ["at_work", "key_of"]

PUBLIC = {
    "/": "the first page",
    "/here/": "sets where one stands, in one's own cookie",
    "/search/": "what shops offer to everybody",
    "/t/<str:token>": "a poster's code",
    "/s/<slug:slug>/": "a shop's page",
    "/s/<slug:slug>/reviews/": "published reviews",
    "/s/<slug:slug>/<uuid:offer_id>/": "what a shop sells",
    "/basemap/<slug:layer>.geojson": "streets",
    "/robots.txt": "for crawlers",
    "/sitemap.xml": "for crawlers",
    "/about/privacy/": "what is kept and why",
    "/design/": "the foundations of the look",
    "/design/<slug:sheet_name>/": "the foundations of the look",
    "/language/": "sets one's own language",
    "/scheme/": "sets light or dark",
    "/paseo.<slug:version>.css": "the look",
    "/sw.js": "the service worker",
    "/manifest.webmanifest": "the installable app",
    "/offline/": "the page without network",
    "/healthz": "whether it lives, without a word about anybody",
    "/sign-in/": "the way in",
    "/sign-in/code/": "the way in",
    "/sign-in/password/": "the way in",
    "/sign-out/": "the way out",
    "/console/": "leads staff to their firm, others to the application",
    "/api/v1/openapi.json": "the document",
    "/api/v1/": "lists nothing",
    "/api/v1/stores": "what everybody may find",
    "/api/v1/stores/<key>": "a shop's page",
    "/api/v1/stores/<store_id>/offers": "what a shop sells",
    "/api/v1/products/<product_id>": "what a shop sells",
    "/pay/<uuid:order_id>/back/": "in another browser it says where to look, and nothing about the order",
    "/api/v1/event-types": "the language of events",
    "/api/v1/event-types/<type>/<version>": "the language of events",
}
"""Open to everybody, for this reason."""

OWN = {
    "/cart/", "/orders/", "/tickets/", "/me/", "/me/profile/", "/me/inbox/", "/me/consents/", "/me/export/", "/me/erase/",
    "/me/forget/", "/me/security/", "/me/security/address/", "/me/security/address/code/", "/me/security/password/",
    "/me/security/sessions/end/", "/me/security/second-factor/", "/me/security/second-factor/set-up/",
    "/me/security/second-factor/recovery-codes/", "/me/security/second-factor/off/", "/console/apply/",
    "/api/v1/carts", "/api/v1/orders", "/api/v1/shop/orders", "/api/v1/shop/products", "/api/v1/shop/money",
    "/api/v1/shop/touchpoints", "/api/v1/shop/events", "/api/v1/shop/stages", "/sign-in/ready-made/",
}  # fmt: skip
"""Hold no id: everybody sees what is their own there."""

ELSEWHERE = {
    "/events": "a stream for those with a signed token: tests/platform/live, and below",
    "/hooks/payments/<slug:gateway>": "signed by the gateway: tests/channels/openapi/test_buying.py",
    "/media/<uuid:media_id>/<int:width>.webp": "pictures that stand on public pages; papers do not: below",
}
"""Cannot be asked in this way; the test that does it stands beside it."""

WORDS = {"act": "out", "verb": "publish", "kind": "coupon", "stage": "conversion", "number": "online"}
KNOCKS = frozenset(
    {"identity.Session", "limits.Meter", "codes.Scan", "journeys.Contact", "contenttypes.ContentType", "outbox.Event",
     "outbox.Relay", "tenancy.ApiKey"}
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass
class Stranger:
    name: str
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    tenant: Any = None

    def ask(self, method: str, where: str, said: dict[str, Any]) -> Any:
        if method in {"GET", "HEAD", "OPTIONS"}:
            return self.client.generic(method, where, headers=self.headers)
        if where.startswith("/api/"):
            # Each part of the API picks out of it what it knows.
            return self.client.generic(
                method, where, json.dumps(said), content_type="application/json",
                headers={**self.headers, "Idempotency-Key": str(new_id())},
            )  # fmt: skip
        plain = {name: value for name, value in said.items() if isinstance(value, str)}
        return getattr(self.client, method.lower())(where, plain, headers=self.headers)


@pytest.fixture
def victim(town: Town, now: datetime, settings: Any, tmp_path: Any) -> Victim:
    settings.VAR = tmp_path
    settings.PASEO = {**settings.PASEO, "API_RATE": 0}
    return make_victim(town, now)


@pytest.fixture
def strangers(town: Town, victim: Victim, at_work: Callable[..., Client], key_of: Callable[..., Caller]) -> list[Stranger]:  # fmt: skip
    program = key_of("cafe", *RIGHTS)
    device = {"Paseo-Visitor": str(new_id()), "Paseo-Order-Key": "x" * 32}
    cafe = town.merchants["cafe"]
    return [
        Stranger("guest", Client(), device),
        Stranger("aino", at_work("aino", confirmed=True), device),
        Stranger("owner of the café", at_work("owner", confirmed=True), device, cafe),
        Stranger("cashier of the café", at_work("cashier"), device, cafe),
        Stranger("program of the café", Client(), {**device, **program.headers}, cafe),
    ]


def addresses(where: str, parameters: frozenset[str], victim: Victim, stranger: Stranger) -> list[str]:
    """The address with the victim's ids; for somebody with a firm also their own firm's, with the victim's in it."""
    ids = {**WORDS, **victim.ids, **({"number": WORDS["number"]} if "tenant_id" in parameters else {})}
    found = [filled(where, ids)]
    if "tenant_id" in parameters and stranger.tenant and parameters - {"tenant_id"} - WORDS.keys():
        found.append(filled(where, {**ids, "tenant_id": stranger.tenant}))
    return found


def refused(answer: Any) -> bool:
    if answer.status_code in {301, 302, 303}:
        target = answer["Location"]
        return target.startswith(("/sign-in/", "/me/security/second-factor/"))
    return answer.status_code in {400, 401, 403, 404, 405, 409, 422}


def leaks(answer: Any, victim: Victim, asked: str) -> list[str]:
    """What the answer tells of the victim, but for what the stranger has written into the address."""
    told = answer.getvalue() if answer.streaming else answer.content
    told += repr(sorted(answer.headers.items())).encode() + answer.cookies.output().encode()
    return [marker for marker in victim.markers if marker.encode() in told and marker not in asked]


def walk(stranger: Stranger, victim: Victim, private: list[tuple[str, frozenset[str]]]) -> list[str]:
    """Asks for each of these addresses in every way; what should not have been."""
    wrong = []
    for where, parameters in private:
        for address in addresses(where, parameters, victim, stranger):
            for method in METHODS:
                answer = stranger.ask(method, address, dict(victim.said))
                if method != "OPTIONS" and not refused(answer):
                    wrong.append(f"{method} {where}: {answer.status_code}")
                if found := leaks(answer, victim, address):
                    wrong.append(f"{method} {where} shows {found}")
    return wrong


ROUTES = sorted({(where, parameters) for where, _, parameters in routes() if not where.startswith("/demo/")})
PRIVATE = [(where, parameters) for where, parameters in ROUTES if where not in {*PUBLIC, *OWN, *ELSEWHERE}]


def test_what_is_declared_exists() -> None:
    known = {where for where, _ in ROUTES}
    assert {*PUBLIC, *OWN, *ELSEWHERE} <= known
    assert len(PUBLIC) + len(OWN) + len(ELSEWHERE) == len({*PUBLIC, *OWN, *ELSEWHERE})
    assert not any(parameters - {"key", "type"} for where, parameters in ROUTES if where in OWN)


@pytest.mark.covers("O3", part="every address of the project refuses strangers, and shows nothing of others")
@pytest.mark.parametrize("number", range(5), ids=["guest", "person", "owner", "cashier", "program"])
def test_no_stranger_sees_or_changes_anything(number: int, strangers: list[Stranger], victim: Victim) -> None:
    before = everything(KNOCKS)
    wrong = walk(strangers[number], victim, PRIVATE)
    assert not wrong, "\n".join(wrong)
    after = everything(KNOCKS)
    assert {name for name in before if before[name] != after[name]} <= {"idempotency.Answer"}


@pytest.mark.parametrize("number", range(5), ids=["guest", "person", "owner", "cashier", "program"])
def test_open_pages_and_ones_own_show_nothing_of_others(number: int, strangers: list[Stranger], victim: Victim) -> None:
    stranger = strangers[number]
    wrong = []
    for where, parameters in ROUTES:
        if where in ELSEWHERE:
            continue
        own = where.startswith("/console/<uuid:tenant_id>/") and parameters - {"tenant_id"} <= WORDS.keys()
        if where not in {*PUBLIC, *OWN} and not own:
            continue
        ids = {**WORDS, **victim.ids, "version": "1"}
        if own:
            ids |= {"tenant_id": stranger.tenant or victim.merchant_id, "number": WORDS["number"]}
        for method in ("GET", "HEAD"):
            answer = stranger.ask(method, filled(where, ids), {})
            if answer.status_code >= 500:
                wrong.append(f"{method} {where}: {answer.status_code}")
            if found := leaks(answer, victim, ""):
                wrong.append(f"{method} {where} shows {found}")
    assert not wrong, "\n".join(wrong)


def test_the_victim_does_see_it(town: Town, victim: Victim, at_work: Callable[..., Client]) -> None:
    """The control: with the same ids, whoever it belongs to gets in, and the markers stand there."""
    guest, owner = at_work(victim.person_id), at_work("noodles", confirmed=True)
    seen = b""
    for name, key in (
        ("storefront:order", "order_id"),
        ("storefront:cart", "cart_id"),
        ("storefront:ticket", "voucher_id"),
    ):
        answer = guest.get(reverse(name, args=[victim.ids[key]]))
        assert answer.status_code == 200, name
        seen += answer.content
    refusals = 0
    for where, _ in PRIVATE:
        if where.startswith("/console/<uuid:tenant_id>/"):
            answer = owner.get(filled(where, {**WORDS, **victim.ids, "number": WORDS["number"]}))
            refusals += answer.status_code not in {200, 405}
            seen += answer.content if not answer.streaming else b""
    assert refusals <= 4
    found = {marker for marker in victim.markers if marker.encode() in seen}
    assert len(found) >= len(victim.markers) - 5, set(victim.markers) - found


def test_the_walk_finds_a_hole(strangers: list[Stranger], victim: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other control: a page that forgets to ask who is there is found by its status and by what it shows."""
    from paseo.capabilities.ordering import queries
    from paseo.channels.storefront import orders

    monkeypatch.setattr(orders, "open_order", lambda request, id, key="": queries.order(id, key=queries.access_key(id)))
    where = "/orders/<uuid:order_id>/"
    found = walk(strangers[0], victim, [one for one in PRIVATE if one[0] == where])
    assert f"GET {where}: 200" in found
    assert any(entry.startswith(f"GET {where} shows") and victim.markers[-4] for entry in found), found


def test_a_private_paper_is_no_picture(victim: Victim, strangers: list[Stranger]) -> None:
    for stranger in strangers:
        for width in (160, 480, 960, 2000):
            assert stranger.ask("GET", f"/media/{victim.ids['media_id']}/{width}.webp", {}).status_code == 404


def test_a_stream_opens_with_a_signed_token_only(victim: Victim, now: datetime) -> None:
    from paseo.platform.live.door import Turned, knock
    from paseo.platform.live.hub import Hub
    from paseo.platform.live.tokens import topic_token

    own = topic_token(["merchant:1"], now=now)
    for token in (
        "",
        "x",
        f"1|merchant:{victim.merchant_id}",
        own.replace("merchant:1", f"merchant:{victim.merchant_id}"),
        own[:-1],
    ):
        answer = knock(Hub(), token, "", now)
        assert isinstance(answer, Turned) and answer.status == 403


def test_a_ticket_from_another_counter_is_used_there_or_nowhere(
    town: Town, victim: Victim, key_of: Callable[..., Caller], at_work: Callable[..., Client]
) -> None:
    """Whoever overhears the token of a verified code cannot use it with a key, or a counter, of another firm."""
    token = victim.said["token"]
    answer = key_of("cafe", *RIGHTS)("POST", "/codes/redeem", {"token": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "codes.scan_again")
    where = reverse("console:verify-use", args=[town.merchants["cafe"]])
    assert at_work("owner", confirmed=True).post(where, {"token": token}).status_code == 409
    elsewhere = key_of("noodles", "codes.verify", place_ids=frozenset({new_id()}))
    assert elsewhere("POST", "/codes/redeem", {"token": token}).status_code == 409
    assert key_of("noodles", "codes.verify")("POST", "/codes/redeem", {"token": token}).status_code == 200


def test_an_id_from_an_event_or_a_log_opens_nothing(town: Town, victim: Victim) -> None:
    """Who learns the id under which a device is kept does not become that device."""
    from paseo.capabilities.ordering.models import Cart
    from paseo.channels.openapi.callers import device_id

    secret = new_id()
    device, thief = Caller(visitor=str(secret)), Caller(visitor=str(device_id(secret)))
    lines = [{"offer_id": town.offers["noodles.liangpi"]}]
    cart = device("PUT", f"/carts/{new_id()}", {"store_id": town.stores["noodles"], "lines": lines}).json()
    row = Cart.objects.get(id=cart["id"])
    assert row.visitor_id == device_id(secret) != secret
    assert thief("GET", f"/carts/{cart['id']}").status_code == 404
    assert thief("GET", "/carts").json()["items"] == []
    assert device("GET", f"/carts/{cart['id']}").status_code == 200
