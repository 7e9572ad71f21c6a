"""Who may enter the rooms about goods, and that nobody gets at another firm's things there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from demo.town import Town
from paseo.capabilities.care import operations as care
from paseo.capabilities.care.values import ConsumedLine
from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory import operations as directory
from paseo.capabilities.pricing import operations as pricing
from paseo.channels.console import goods_urls
from paseo.kernel.ids import new_id
from paseo.platform.importing import operations as importing

NEEDS = {pattern.name: set(pattern.pattern.converters) for pattern in goods_urls.urlpatterns}
"""By route what stands in its address."""
WORDS = {"act", "verb", "kind", "number", "stage"}
OF_SOMETHING = sorted(name for name, needs in NEEDS.items() if needs - WORDS)
IN_THE_QUERY = {
    "touchpoints-print": "?id={touchpoint_id}",
    "insight": "?touchpoint={touchpoint_id}",
    "insight-paths": "?at={store_id}",
    "insight-behind": "?touchpoint={touchpoint_id}",
    "import-run": "",
}
ROOMS = sorted(name for name, needs in NEEDS.items() if not needs - WORDS)
ONLY_POST = {
    "offer-act", "product-photos", "variant-new", "variant", "options-new", "options", "product-store", "product-state",
    "price-shelf", "price-out", "voucher-act", "touchpoint-retire", "review-reply",
}  # fmt: skip


@pytest.fixture
def things(town: Town, now: datetime, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """Something of the noodle house behind each kind of address."""
    settings.VAR = tmp_path
    noodles, variant = town.merchants["noodles"], town.variants["youpo"]
    product = catalog.product_of(noodles, town.products["youpo"])
    prices = pricing.ensure_lists(store_id=town.stores["noodles"], now=now)
    planned = pricing.set_price(
        list_id=prices.id, variant_id=variant, amount_minor=1350, valid_from=now.replace(day=20), now=now
    )
    path = importing.keep_upload(SimpleUploadedFile("goods.csv", b"name,price\nTea,2.50\n"), "goods.csv")
    run_id = importing.start_import(
        kind="goods", path=path, file_name="goods.csv", tenant_id=noodles, now=now, actor="system"
    )
    order_id, line_id = new_id(), new_id()
    care.grant_rights(
        order_id=order_id, store_id=town.stores["noodles"], merchant_id=noodles, owner=f"order:{order_id}",
        lines=[ConsumedLine(line_id)], now=now,
    )  # fmt: skip
    review_id = care.review_order(order_id=order_id, owners=[f"order:{order_id}"], stars=4, now=now)[0]
    return {
        "product_id": product.id,
        "variant_id": variant,
        "group_id": product.groups[0].id,
        "offer_id": town.offers["noodles.youpo"],
        "store_id": town.stores["noodles"],
        "price_id": planned.price_id,
        "program_id": town.coupon_id,
        "touchpoint_id": town.touchpoints["counter"],
        "run_id": run_id,
        "review_id": review_id,
        "act": "out",
        "verb": "publish",
        "kind": "coupon",
        "number": "online",
        "stage": "conversion",
        "token": "nothing-signed",
    }


def address_of(name: str, things: dict[str, Any], tenant: UUID) -> str:
    """Fails for a route with something in its address that ``things`` does not know."""
    found = {key: things[key] for key in NEEDS[name]}
    if name == "product-state":
        found["act"] = "withdraw"
    return reverse(f"console:{name}", kwargs={"tenant_id": tenant, **found})


def statuses(client: Client, address: str) -> tuple[int, int]:
    return client.get(address).status_code, client.post(address).status_code


def test_a_stranger_signs_in_first(town: Town, things: dict[str, Any]) -> None:
    for name in NEEDS:
        address = address_of(name, things, town.merchants["cafe"])
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 405 or "/sign-in/" in answer["Location"], name


def test_a_cashier_sees_nothing_of_it(at_work: Callable[..., Client], town: Town, things: dict[str, Any]) -> None:
    cashier = at_work("cashier", confirmed=True)
    for name in NEEDS:
        found = set(statuses(cashier, address_of(name, things, town.merchants["cafe"])))
        assert 403 in found and found <= {403, 405}, name
    assert b"Menu" not in cashier.get(reverse("console:today", args=[town.merchants["cafe"]])).content


def test_another_firm_is_not_there(at_work: Callable[..., Client], town: Town, things: dict[str, Any]) -> None:
    """The owner of the café at the addresses of the noodle house."""
    owner = at_work("owner", confirmed=True)
    for name in NEEDS:
        found = set(statuses(owner, address_of(name, things, town.merchants["noodles"])))
        assert 404 in found and found <= {404, 405}, name


def test_things_of_another_firm_are_not_there(
    at_work: Callable[..., Client], town: Town, things: dict[str, Any]
) -> None:
    """The owner of the café at home, with ids of the noodle house."""
    owner = at_work("owner", confirmed=True)
    for name in {*OF_SOMETHING, *IN_THE_QUERY}:
        address = address_of(name, things, town.merchants["cafe"]) + IN_THE_QUERY.get(name, "").format(**things)
        found = set(statuses(owner, address))
        assert 404 in found and found <= {404, 405}, name


def test_a_store_of_another_firm_is_not_there(at_work: Callable[..., Client], town: Town) -> None:
    owner, elsewhere = at_work("owner", confirmed=True), {"store": str(town.stores["noodles"])}
    for name in ROOMS:
        words = {"voucher-new": ["coupon"], "money-entries": ["online"], "insight-behind": ["conversion"]}.get(name, [])
        address = reverse(f"console:{name}", args=[town.merchants["cafe"], *words])
        assert owner.get(address, elsewhere).status_code == 404, name
        assert owner.post(address, elsewhere).status_code in {404, 405}, name


def test_parts_of_another_firm_do_not_slip_in_beside_ones_own(
    at_work: Callable[..., Client], town: Town, things: dict[str, Any]
) -> None:
    """One's own product in the address, and something of the noodle house behind or inside it."""
    owner, tenant, own = at_work("owner"), town.merchants["cafe"], town.products["bun"]
    for name, part in (
        ("price", "variant_id"), ("price-shelf", "variant_id"), ("stock-item", "variant_id"), ("variant", "variant_id"),
        ("options", "group_id"), ("product-store", "store_id"),
    ):  # fmt: skip
        address = reverse(f"console:{name}", args=[tenant, own, things[part]])
        said = {"act": "receive", "receive-quantity": "5", "shelf": "1.00"}
        assert owner.post(address, said).status_code == 404, name
    photo = {"act": "first", "photo": str(new_id())}
    assert owner.post(reverse("console:product-photos", args=[tenant, own]), photo).status_code == 404
    target = {"kind": "link", "name": "x", "store": str(town.stores["noodles"])}
    assert owner.post(reverse("console:touchpoints", args=[tenant]), target).status_code == 404


def test_everything_of_ones_own_can_be_opened(
    at_work: Callable[..., Client], town: Town, things: dict[str, Any]
) -> None:
    keeper = at_work("noodles", confirmed=True)
    for name in NEEDS.keys() - ONLY_POST - {"import-columns", "import-refusals"}:
        answer = keeper.get(
            address_of(name, things, town.merchants["noodles"]) + IN_THE_QUERY.get(name, "").format(**things)
        )
        assert answer.status_code == 200, (name, answer.content[:400])


def test_money_asks_for_the_second_factor(at_work: Callable[..., Client], town: Town) -> None:
    owner = at_work("owner")
    for name in ("money", "money-day", "money-statement"):
        answer = owner.get(reverse(f"console:{name}", args=[town.merchants["cafe"]]))
        assert answer.status_code == 302 and "second-factor" in answer["Location"], name


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", {"catalog": "Menu", "prices": "Prices", "stock": "Stock", "vouchers": "Tickets", "insight": "Journeys"}),
        ("zh-hans", {"catalog": "菜单", "prices": "价格", "stock": "库存", "imports": "导入", "insight": "旅程"}),
        ("es", {"catalog": "Carta", "prices": "Precios", "stock": "Existencias", "imports": "Importar", "reviews": "Opiniones"}),
    ],
)  # fmt: skip
def test_the_rooms_speak_three_languages(
    at_work: Callable[..., Client], town: Town, language: str, titles: dict[str, str]
) -> None:
    keeper = at_work("noodles", confirmed=True, language=language)
    for name, title in titles.items():
        page = keeper.get(reverse(f"console:{name}", args=[town.merchants["noodles"]])).content.decode()
        assert f"<title>{title} · Paseo</title>" in page, name


def test_who_works_in_one_store_changes_nothing_for_the_others(
    at_work: Callable[..., Client], town: Town, now: datetime
) -> None:
    """A manager of one store: its own menu, prices and stock, not the firm's."""
    tenant, here, white = town.merchants["cafe"], town.stores["kluuvi"], town.products["flat_white"]
    directory.hire(merchant_id=tenant, person_id=town.people["aino"], role="manager", store_id=here, now=now, by=None)
    manager = at_work("aino", confirmed=True)
    assert manager.get(reverse("console:catalog", args=[tenant])).status_code == 200
    product = reverse("console:product", args=[tenant, white])
    assert manager.get(product).status_code == 200
    assert manager.post(product, {"names_en": "Mine", "tax_class": "food"}).status_code == 403
    assert manager.post(reverse("console:product-state", args=[tenant, white, "withdraw"])).status_code == 403
    assert manager.get(reverse("console:imports", args=[tenant])).status_code == 403
    assert manager.get(reverse("console:money-entries", args=[tenant, "online"])).status_code == 403
    assert manager.get(reverse("console:money-statement", args=[tenant])).status_code == 403
    day = manager.get(reverse("console:money", args=[tenant])).content.decode()
    assert "The evening" in day and "The firm that day" not in day

    price = reverse("console:price", args=[tenant, white, town.variants["flat_white"]])
    said = {"amount": "5.00", "channel": "any", "when": "now"}
    assert manager.post(price, {**said, "stores": "all"}).status_code == 422
    assert manager.post(price, {**said, "stores": "this"}).status_code == 303
    from paseo.capabilities.pricing import queries

    held = {
        key: queries.prices(town.stores[key], [town.variants["flat_white"]], now=now)[town.variants["flat_white"]]
        for key in ("cafe", "kluuvi")
    }
    assert {key: view.amount_minor for key, view in held.items()} == {"cafe": 420, "kluuvi": 500}
    elsewhere = {"store": str(town.stores["cafe"])}
    assert manager.get(reverse("console:stock", args=[tenant]), elsewhere).status_code == 404
    offer = reverse("console:offer-act", args=[tenant, town.offers["cafe.flat_white"], "out"])
    assert manager.post(offer).status_code == 404
