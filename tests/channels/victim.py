"""Somebody with something behind every address: a noodle house, and a guest of it. Nobody else may get at any of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from demo.town import Town
from paseo.capabilities.care import operations as care
from paseo.capabilities.care.values import ConsumedLine
from paseo.capabilities.catalog import operations as catalog
from paseo.capabilities.catalog import queries as catalog_read
from paseo.capabilities.catalog.values import DraftVariant
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as ordering_read
from paseo.capabilities.ordering.values import Buyer, WantedLine
from paseo.capabilities.pricing import operations as pricing
from paseo.capabilities.vouchers import operations as vouchers
from paseo.kernel.ids import new_id
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import person_for_email
from paseo.platform.importing import operations as importing
from paseo.platform.media import operations as media
from paseo.platform.outbox import relay
from paseo.platform.outbox.models import Event, Failure
from paseo.platform.tenancy import operations as tenancy
from paseo.platform.tenancy.roles import RIGHTS
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import operations as webhooks
from paseo.platform.webhooks.models import Message
from tests.capabilities.cafe import tell

NAME, EMAIL = "Vilma Vaarallinen", "vilma.vaarallinen@example.net"
SECRET_DISH, SECRET_TICKET, HOOK = (
    "Unreleased dragon broth",
    "Quiet half price",
    "https://listener.vaara.example/secret-path",
)


@dataclass(frozen=True)
class Victim:
    """``ids`` by the name of the parameter in an address; ``markers`` are words that stand nowhere else."""

    person_id: UUID
    merchant_id: UUID
    ids: Mapping[str, Any]
    markers: tuple[str, ...]
    said: Mapping[str, Any]
    """What a form of a stranger sends along: the victim's ids under the usual names."""


def make_victim(town: Town, now: datetime) -> Victim:
    noodles, store = town.merchants["noodles"], town.stores["noodles"]
    person_id = person_for_email(email=EMAIL, name=NAME, now=now)
    client = Client()
    client.force_login(Person.objects.get(id=person_id))
    buyer = Buyer(person_id=person_id, visitor_id=new_id())

    orders = [_order(town, buyer, now) for _ in range(3)]
    handed, waiting, fresh = orders
    code = ordering_read.order(handed.order_id, buyer=buyer).code
    ticket = ordering.verify_code(
        text=code, place_id=store, tenant_id=noodles, actor="system", terminal="counter", now=now
    )
    used = ordering.redeem_code(token=ticket.token, actor="system", now=now)
    relay.drain()
    change = ordering.propose_later(order_id=waiting.order_id, minutes=30, actor="system", now=now)
    live_code = ordering_read.order(fresh.order_id, buyer=buyer).code
    live = ordering.verify_code(
        text=live_code, place_id=store, tenant_id=noodles, actor="system", terminal="counter", now=now
    )
    cart = ordering.put_cart(
        cart_id=new_id(), store_id=store, buyer=buyer, now=now,
        lines=[WantedLine(town.offers["noodles.liangpi"], 1, (), "no peanuts for Vilma")],
    )  # fmt: skip

    catalog.add_product(
        merchant_id=noodles, kind="dish", names={"en": SECRET_DISH}, tax_class="reduced",
        variants=[DraftVariant(sku="X-1")], active=False, now=now, actor="system",
    )  # fmt: skip
    youpo = catalog_read.product_of(noodles, town.products["youpo"])
    lists = pricing.ensure_lists(store_id=store, now=now)
    planned = pricing.set_price(
        list_id=lists.id, variant_id=town.variants["youpo"], amount_minor=1350, valid_from=now.replace(day=20), now=now
    )
    program = vouchers.create_program(
        merchant_id=noodles, kind="coupon", names={"en": SECRET_TICKET}, effect=_half(), currency="EUR",
        valid_from=now, now=now,
    )  # fmt: skip
    published = vouchers.create_program(
        merchant_id=noodles, kind="coupon", names={"en": "Open ticket"}, effect=_half(), currency="EUR",
        valid_from=now, now=now,
    )  # fmt: skip
    vouchers.publish(program_id=published, merchant_id=noodles, now=now)
    voucher = vouchers.claim(program_id=published, owner=f"person:{person_id}", now=now)
    care.grant_rights(
        order_id=handed.order_id, store_id=store, merchant_id=noodles, owner=f"person:{person_id}",
        lines=[ConsumedLine(new_id())], now=now,
    )  # fmt: skip
    review = care.review_order(order_id=handed.order_id, owners=[f"person:{person_id}"], stars=4, now=now)[0]
    path = importing.keep_upload(SimpleUploadedFile("goods.csv", b"name,price\nTea,2.50\n"), "goods.csv")
    run = importing.start_import(
        kind="goods", path=path, file_name="goods-vaara.csv", tenant_id=noodles, now=now, actor="system"
    )
    owner = Scope.of(noodles, *RIGHTS, person_id=town.people["noodles"])
    key = tenancy.issue_key(by=owner, name="Vaara till", rights=frozenset({"orders.see"}), now=now)
    hook = webhooks.add_endpoint(by=owner, url=HOOK, types=["ordering.*"], name="Vaara books", now=now)
    event = Event.objects.filter(tenant_id=noodles, type="ordering.order_placed").first()
    assert event is not None
    message = Message.objects.create(
        endpoint_id=hook.id, event_seq=event.seq, event_id=event.id, type=event.type, state="dead", made_at=now
    )
    failure = Failure.objects.create(
        event=event, reaction="test.gone", state="dead", next_at=now, first_at=now, last_at=now, error="x"
    )
    paper = media.store_paper(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), tenant_id=noodles, actor="system", now=now)
    session = _handle(client)
    refund = ordering_read.order(fresh.order_id, buyer=buyer)
    payment = refund.payments[0]

    ids: dict[str, Any] = {
        "tenant_id": noodles, "merchant_id": noodles, "store_id": store, "slug": town.slugs["noodles"], "key": str(store),
        "order_id": fresh.order_id, "number": fresh.number, "change_id": change.id, "payment_id": payment.id,
        "refund_id": payment.id, "redemption_id": used.redemption_id, "cart_id": cart.id, "line_id": cart.lines[0].id,
        "product_id": youpo.id, "variant_id": town.variants["youpo"], "group_id": youpo.groups[0].id,
        "offer_id": town.offers["noodles.youpo"], "price_id": planned.price_id, "program_id": program,
        "voucher_id": voucher, "review_id": review, "touchpoint_id": town.touchpoints["counter"], "run_id": run,
        "key_id": key.id, "endpoint_id": hook.id, "message_id": message.id, "failure_id": failure.id,
        "delivery_id": new_id(), "person_id": town.people["noodles"], "media_id": paper.id, "handle": session,
        "token": "nothing-signed", "gateway": "sandbox", "width": 480, "layer": "streets", "sheet_name": "controls",
        "version": "1", "type": "ordering.order_placed",
    }  # fmt: skip
    markers = (
        NAME, EMAIL, SECRET_DISH, SECRET_TICKET, HOOK, "Vaara till", "Vaara books", "goods-vaara.csv", live_code,
        *(one.number for one in orders), *(one.access_token for one in orders), key.text[:14], "no peanuts for Vilma",
    )  # fmt: skip
    said = {
        "store": str(store), "store_id": str(store), "code": live_code, "token": live.token, "uses": "1",
        "reason": "because", "sure": "1", "agree": "1", "amount": "1.00", "act": "out", "email": "x@example.com",
        "name": "x", "types": "ordering.*", "url": "https://x.example/", "key": str(new_id()), "program": str(program),
        "voucher": str(voucher), "voucher_id": str(voucher), "photo": str(paper.id), "stars": "1", "text": "x",
        "role": "owner", "person": str(person_id), "form_id": str(new_id()), "cart_id": str(cart.id), "method": "cash",
        "agreed_total_minor": 1, "quantity": 1, "counted": 0, "amount_minor": 1, "variant_id": str(town.variants["youpo"]),
        "lines": [{"offer_id": str(town.offers["noodles.youpo"])}], "kind": "link", "names_en": "x",
    }  # fmt: skip
    return Victim(person_id, noodles, ids, markers, said)


def _half() -> Any:
    from paseo.capabilities.vouchers.values import Effect

    return Effect("percent_bps", 5_000)


def _order(town: Town, buyer: Buyer, now: datetime) -> Any:
    line = WantedLine(town.offers["noodles.liangpi"], 1)
    cart = ordering.put_cart(cart_id=new_id(), store_id=town.stores["noodles"], buyer=buyer, lines=[line], now=now)
    total = ordering_read.quote_cart(cart.id, buyer=buyer, now=now).total_minor
    placed = ordering.place(
        cart_id=cart.id, buyer=buyer, agreed_total_minor=total, method="sandbox", email=EMAIL, name=NAME, now=now
    )
    assert placed.payment is not None
    tell(placed.payment.id, now)
    return placed


def _handle(client: Client) -> UUID:
    from paseo.platform.identity.models import Session

    row = Session.objects.order_by("-expire_date").first()
    assert row is not None
    return UUID(str(getattr(row, "handle", new_id())))


def routes() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every route of the project: its address with parameters, its name, the names of the parameters."""

    def walk(resolver: Any, prefix: str, space: str) -> Iterator[tuple[str, str, frozenset[str]]]:
        for entry in resolver.url_patterns:
            where = prefix + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield where, f"{space}{entry.name or ''}", frozenset(_parameters(where))
            elif isinstance(entry, URLResolver):
                yield from walk(entry, where, f"{entry.namespace}:" if entry.namespace else space)

    yield from walk(get_resolver(), "/", "")


def _parameters(where: str) -> list[str]:
    return [part.partition(">")[0].rpartition(":")[2] for part in where.split("<")[1:]]


def filled(where: str, ids: Mapping[str, Any]) -> str:
    """The address with ids in it. KeyError for a parameter that nobody here has something for."""
    pieces = where.split("<")
    return pieces[0] + "".join(
        f"{ids[piece.partition('>')[0].rpartition(':')[2]]}{piece.partition('>')[2]}" for piece in pieces[1:]
    )


def everything(besides: frozenset[str]) -> dict[str, str]:
    """A digest of every table, but for those that keep who knocked."""
    found = {}
    for model in apps.get_models():
        if model._meta.label not in besides and model._meta.managed:
            found[model._meta.label] = _digest(model)
    return found


def _digest(model: type[models.Model]) -> str:
    rows = sorted(repr(row) for row in model._base_manager.values_list())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
