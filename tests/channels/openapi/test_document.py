"""The API does what its document says, for calls that nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import clear_url_caches, path
from ninja import NinjaAPI, Schema
from schemathesis import GenerationMode

from config.wsgi import application
from demo.town import Town
from paseo.channels.openapi.document import DescribedAPI
from paseo.channels.openapi.urls import document
from paseo.kernel.ids import new_id
from paseo.platform.tenancy.roles import RIGHTS
from tests.channels.openapi.conftest import VISITOR, Caller, notice, order
from tests.channels.openapi.exploring import Known, NotHelpful, explore, operations_of, schema_of

EXAMPLES = 24
OPERATIONS = sorted(entry["operationId"] for path in document()["paths"].values() for entry in path.values())


def bearer(caller: Caller) -> str:
    return caller.headers["Authorization"]


@pytest.fixture
def known(town: Town, device: Caller, key_of: Callable[..., Caller], now: datetime, settings: Any) -> Known:
    """Ids of the town, of orders in several states, and keys that may do everything at their merchant's."""
    settings.PASEO = {**settings.PASEO, "API_RATE": 0}
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    placed, waiting, cash = order(device, town), order(device, town), order(device, town, method="cash")
    notice(placed["payment"], now)
    owner = key_of("grocer", *RIGHTS)
    codes = [
        device("GET", f"/orders/{one['id']}", **{"Paseo-Order-Key": one["access_token"]}).json()["code"]
        for one in (placed, cash)
    ]
    tokens = [
        owner("POST", "/codes/verify", {"code": code, "store_id": town.stores["grocer"]}).json()["token"]
        for code in codes
    ]
    used = owner("POST", "/codes/redeem", {"token": tokens[1], "cash_taken": True}).json()
    offers = [offer for name, offer in town.offers.items() if name.startswith("grocer.")]
    open_cart = device(
        "PUT", f"/carts/{new_id()}", {"store_id": town.stores["grocer"], "lines": [{"offer_id": offers[0]}]}
    ).json()
    return Known(
        ids={
            "store_id": [str(town.stores["grocer"])],
            "key": [town.slugs["grocer"], str(town.stores["cafe"])],
            "product_id": [str(one) for one in town.products.values()],
            "variant_id": [
                str(town.variants[name.partition(".")[2]]) for name in town.offers if name.startswith("grocer.")
            ],
            "offer_id": [str(one) for one in offers],
            "option_id": [str(one) for one in town.options.values()],
            "cart_id": [open_cart["id"]],
            "order_id": [one["id"] for one in (placed, waiting, cash)],
            "redemption_id": [used["redemption_id"]],
            "touchpoint_id": [str(one) for one in town.touchpoints.values()],
            "token": [tokens[0]],
            "code": [codes[0]],
            "terminal": ["counter 1"],
            "email": ["guest@example.com"],
            "phone": [""],
            "return_url": ["https://shop.example/thanks"],
            "method": ["sandbox", "cash"],
            "agreed_total_minor": [open_cart["total_minor"]],
            "type": ["ordering.*", "ordering.order_confirmed"],
            "version": [1],
        },
        headers={
            "Authorization": [bearer(owner)] * 8 + ["Bearer nobody", bearer(key_of("cafe", *RIGHTS))],
            "Paseo-Visitor": [VISITOR],
            "Paseo-Order-Key": [placed["access_token"], waiting["access_token"]],
        },
    )


def in_reach(
    name: str, known: Known, town: Town, device: Caller, key_of: Callable[..., Caller], now: datetime
) -> Known:
    """What a few operations need besides: an order that nobody has taken yet, a proposal that waits for its answer."""
    if name == "addProduct":
        return known.but(name=[{"en": "Rye bread"}], gtin=[""], id=[None])
    if name == "placeOrder":
        return replace(known, besides={"email": "guest@example.com", "phone": "", "locale": "en"})
    if name in {"startOrder", "readyOrder", "handOver", "refundOrder"}:
        return known.but(order_id=known.ids["order_id"][:1])
    if name in {"payAgain", "cancelOrder"}:
        waiting = order(device, town)
        return known.but({"Paseo-Order-Key": [waiting["access_token"]]}, order_id=[waiting["id"]])
    if name not in {"acceptOrder", "answerChange", "refuseOrder"}:
        return known
    noodles = {"store_id": town.stores["noodles"], "lines": [{"offer_id": town.offers["noodles.liangpi"]}]}
    cart = device("PUT", f"/carts/{new_id()}", noodles).json()
    buyer = {
        "cart_id": cart["id"],
        "email": "a@example.com",
        "method": "sandbox",
        "agreed_total_minor": cart["total_minor"],
    }
    asked = device("POST", "/orders", buyer).json()
    notice(asked["payment"], now)
    shop = key_of("noodles", *RIGHTS)
    seen = known.but(
        {"Authorization": [bearer(shop)], "Paseo-Order-Key": [asked["access_token"]]},
        order_id=[asked["id"]],
        minutes=[5],
    )
    if name != "answerChange":
        return seen
    assert shop("POST", f"/shop/orders/{asked['id']}/accept", {"minutes": 120}).status_code == 200
    from paseo.capabilities.ordering import queries

    changes = queries.order(UUID(asked["id"]), key=asked["access_token"]).changes
    return seen.but(change_id=[str(change.id) for change in changes])


@pytest.fixture
def operations(town: Town, known: Known) -> dict[str, Any]:
    return operations_of(schema_of(application, "/api/v1/openapi.json"))


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.covers("O3", part="the API answers as its document says, whatever it is asked")
def test_whatever_is_asked_the_answer_is_a_documented_one(
    name: str, operations: dict[str, Any], known: Known, town: Town, device: Caller, key_of: Callable[..., Caller], now: datetime
) -> None:  # fmt: skip
    known = in_reach(name, known, town, device, key_of, now)
    right = explore(operations[name], known, examples=EXAMPLES, mode=GenerationMode.POSITIVE)
    assert min(right) < 300, f"{name}: deep code was not reached: {right}"
    explore(operations[name], known, examples=EXAMPLES // 2, mode=GenerationMode.NEGATIVE)


def test_the_document_names_every_header_that_is_needed(town: Town, key_of: Callable[..., Caller]) -> None:
    """A call that is refused for want of its Idempotency-Key stands in the document with one, and no other."""
    owner = key_of("grocer", *RIGHTS)
    declared = {
        entry["operationId"]
        for route in document()["paths"].values()
        for entry in route.values()
        if any(parameter["name"] == "Idempotency-Key" for parameter in entry["parameters"])
    }
    placed = order(Caller(), town)
    variant = next(town.variants[name.partition(".")[2]] for name in town.offers if name.startswith("grocer."))
    calls = {
        "acceptOrder": (f"/shop/orders/{placed['id']}/accept", {}),
        "startOrder": (f"/shop/orders/{placed['id']}/start", None),
        "readyOrder": (f"/shop/orders/{placed['id']}/ready", None),
        "handOver": (f"/shop/orders/{placed['id']}/hand-over", {}),
        "refuseOrder": (f"/shop/orders/{placed['id']}/refuse", {"reason": "no"}),
        "refundOrder": (f"/shop/orders/{placed['id']}/refunds", {"reason": "no"}),
        "cancelOrder": (f"/orders/{placed['id']}/cancel", {}),
        "addProduct": ("/shop/products", {"name": {"en": "x"}}),
        "offerVariants": (f"/shop/stores/{town.stores['grocer']}/offers", {"variant_id": next(iter(town.variants.values()))}),
        "countStock": (f"/shop/stores/{town.stores['grocer']}/stock/{variant}/count", {"counted": 1}),
        "receiveStock": (f"/shop/stores/{town.stores['grocer']}/stock/{variant}/receive", {"quantity": 1}),
        "addTouchpoint": ("/shop/touchpoints", {"kind": "link", "name": "x", "store_id": town.stores["grocer"]}),
        "verifyCode": ("/codes/verify", {"code": "x", "store_id": town.stores["grocer"]}),
        "redeemCode": ("/codes/redeem", {"token": "x"}),
        "payAgain": (f"/orders/{placed['id']}/payments", {"method": "cash"}),
    }  # fmt: skip
    asked = set()
    for name, (where, body) in calls.items():
        answer = owner("POST", where, body, **{"Idempotency-Key": "", "Paseo-Order-Key": placed["access_token"]})
        if answer.status_code == 400 and answer.json()["code"] == "idempotency.key_missing":
            asked.add(name)
    assert asked == declared - {"undoRedemption"}


class Told(Schema):
    count: int


def broken_api() -> NinjaAPI:
    """One route for each way of breaking the promise."""
    api = DescribedAPI(urls_namespace="broken", docs_url=None, openapi_url="/openapi.json", title="Broken", version="1")

    def route(name: str, answer: Callable[[], HttpResponse]) -> None:
        def view(request: Any) -> HttpResponse:
            return answer()

        api.get(f"/{name}", response=Told, operation_id=name)(view)

    def breaks() -> HttpResponse:
        raise RuntimeError("broken on purpose")

    problem = (
        b'{"type":"urn:x","title":"No.","status":404,"detail":"","instance":"/","code":"x","meaning":"","remedy":"%s"}'
    )
    route("fine", lambda: HttpResponse(b'{"count": 1}', content_type="application/json"))
    route("failing", breaks)
    route("undocumented", lambda: HttpResponse(b'{"count": 1}', status=418, content_type="application/json"))
    route("otherwise", lambda: HttpResponse(b'{"count": "many"}', content_type="application/json"))
    route("typeless", lambda: HttpResponse(b"<p>1</p>", content_type="text/html"))
    route("helpless", lambda: HttpResponse(problem % b"", status=404, content_type="application/problem+json"))
    route("plain", lambda: HttpResponse(problem % b"Go", status=404, content_type="application/json"))
    return api


class _Urls:
    urlpatterns: list[Any] = []
    handler500 = "paseo.platform.ui.answers.server_error"


@pytest.fixture
def broken(db: None, settings: Any, client: Any) -> dict[str, Any]:
    from django.core.wsgi import get_wsgi_application

    urls = _Urls()
    urls.urlpatterns = [path("api/broken/", broken_api().urls)]
    settings.ROOT_URLCONF = urls
    settings.ALLOWED_HOSTS = ["localhost"]
    clear_url_caches()
    return operations_of(schema_of(get_wsgi_application(), "/api/broken/openapi.json"))


def test_a_route_that_keeps_its_promise_passes(broken: dict[str, Any]) -> None:
    assert explore(broken["fine"], Known({}), examples=2, mode=GenerationMode.POSITIVE) == {200: 1}


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("failing", "Server error"),
        ("undocumented", "Undocumented status code"),
        ("otherwise", "Response violates schema"),
        ("typeless", "Undocumented Content-Type"),
        ("helpless", ""),
        ("plain", "Undocumented Content-Type"),
    ],
)
def test_a_broken_route_is_found(broken: dict[str, Any], name: str, complaint: str) -> None:
    """The control: without it nobody would know that the tests above can fail."""
    with pytest.raises((BaseExceptionGroup, NotHelpful)) as caught:
        explore(broken[name], Known({}), examples=2, mode=GenerationMode.POSITIVE)
    found = [*getattr(caught.value, "exceptions", ()), caught.value]
    assert any(complaint in str(getattr(one, "title", one)) or complaint in str(one) for one in found), found
