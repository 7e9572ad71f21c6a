"""Which rows one order writes: the flow runs twice under a recorder, and what differs is what must be fresh."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, reset_queries
from django.test import Client

from bench import messages
from bench.world import Buyer, Good, Shop, Step
from paseo.platform.db.unit import sql_count

Written = tuple[str, list[Any], int]


@contextmanager
def recorder(into: list[Written]) -> Iterator[None]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not sql.lstrip()[:6].upper().startswith(("SELECT", "BEGIN", "COMMIT", "SAVEPO", "RELEAS")):
            into.append((sql, list(params or ()), context["cursor"].rowcount))
        return answer

    with connection.execute_wrapper(wrapper):
        yield


def one_order(client: Client, shop: Shop, goods: tuple[Good, ...], buyer: Buyer | None, number: int) -> Iterator[str]:
    """The flow through the API in this process, call by call."""
    cart_id, visitor = uuid4(), buyer.visitor_id if buyer else uuid4()
    headers = {"Paseo-Visitor": str(visitor)}
    answer = client.put(
        f"/api/v1/carts/{cart_id}", messages.cart(shop, goods, buyer), content_type="application/json", headers=headers
    )
    assert answer.status_code == 200, answer.content
    yield "cart"
    total = json.loads(answer.content)["total_minor"]
    answer = client.post(
        "/api/v1/orders", messages.order(cart_id, total, number), content_type="application/json", headers=headers
    )
    assert answer.status_code == 201, answer.content
    yield "place"
    body, signature = messages.notice(json.loads(answer.content)["payment"])
    answer = client.post(
        "/hooks/payments/sandbox", body, content_type="application/json", headers={"Sandbox-Signature": signature}
    )
    assert answer.status_code == 200, answer.content
    yield "notice"


def record(shop: Shop, goods: tuple[Good, ...], buyers: list[Buyer]) -> tuple[list[list[Step]], int]:
    """The statements of the three transactions, and how many statements of any kind the whole order takes."""
    client = Client()
    for number, buyer in enumerate(buyers[:2]):
        for _ in one_order(client, shop, goods, buyer, number):
            pass
    runs: list[list[list[Written]]] = []
    for number, buyer in enumerate(buyers[2:4]):
        run: list[list[Written]] = []
        steps = one_order(client, shop, goods, buyer, number)
        while True:
            statements: list[Written] = []
            with recorder(statements):
                if next(steps, None) is None:
                    break
            run.append(statements)
        runs.append(run)
    with sql_count() as sql:
        for _ in one_order(client, shop, goods, buyers[4], 4):
            pass
    count = sql.count
    reset_queries()
    known = _known(shop, goods, buyers[2])
    return [
        [_step(mine, other, known) for mine, other in zip(one, two, strict=True)]
        for one, two in zip(*runs, strict=True)
    ], count


def _known(shop: Shop, goods: tuple[Good, ...], buyer: Buyer) -> dict[str, tuple[str, Any]]:
    """Ids that are somebody else's in every order, by their hexadecimal form."""
    found: dict[str, tuple[str, Any]] = {
        shop.id.hex: ("shop", None),
        buyer.voucher_id.hex: ("voucher", None),
    }
    for place, good in enumerate(goods):
        for name in ("offer_id", "variant_id", "item_id"):
            found[getattr(good, name).hex] = ("good", (place, name))
    return found


def _hex(value: Any) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, str) and len(value) == 32:
        try:
            return UUID(value).hex
        except ValueError:
            return ""
    return ""


def _step(mine: Written, other: Written, known: dict[str, tuple[str, Any]]) -> Step:
    sql, params, rows = mine
    assert sql == other[0], "two orders of the same kind write differently"
    of_vouchers = "vouchers_voucher " in sql
    return Step(sql, tuple(_param(a, b, known, of_vouchers) for a, b in zip(params, other[1], strict=True)), rows)


def _param(a: Any, b: Any, known: dict[str, tuple[str, Any]], of_vouchers: bool) -> tuple[str, Any]:
    as_hex = _hex(a)
    if as_hex in known:
        return known[as_hex]
    if a == b or isinstance(a, datetime | int | float):
        if isinstance(a, date) and not isinstance(a, datetime):
            return "day", a
        if isinstance(a, str) and len(a) == 10 and a[4:5] == a[7:8] == "-":
            return "day", a
        return "same", a
    if as_hex:
        return "id", as_hex
    if isinstance(a, str) and not a.startswith(("{", "[")) and not (len(a) > 18 and a[4] == a[7] == "-"):
        if of_vouchers:
            return "owner", a
        return ("plate" if len(a) == 3 else "text"), a
    return "same", a
