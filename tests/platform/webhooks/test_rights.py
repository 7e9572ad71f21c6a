"""Who may name endpoints, and who reads which events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from paseo.kernel.errors import Invalid, NotAllowedHere, NotFound
from paseo.kernel.events import event_types
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import unit
from paseo.platform.outbox import emit
from paseo.platform.tenancy.operations import found_tenant
from paseo.platform.tenancy.refusals import MoreThanOwn, SecondFactorNeeded
from paseo.platform.tenancy.roles import RIGHTS
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import audience, operations, ports, queries
from paseo.platform.webhooks.operations import MOST
from paseo.platform.webhooks.refusals import CursorUnknown, SwitchedOff, TooManyEndpoints
from paseo.platform.webhooks.values import Issued
from tests.platform.webhooks.conftest import URL


@pytest.fixture
def other(now: datetime, firm: Scope) -> Scope:
    return Scope.of(found_tenant(kind="merchant", name="Zucchini", now=now), *RIGHTS)


def test_every_event_is_offered_or_kept_inside_for_a_reason() -> None:
    """A package with new events decides here who reads them."""
    words = {name.partition(".")[0] for name, _ in event_types()} - {"test"}
    assert words == audience.RIGHTS.keys() | audience.KEPT_INSIDE.keys()
    assert set(audience.RIGHTS.values()) <= RIGHTS


def test_what_would_open_another_door_is_withheld(firm: Scope, other: Scope, now: datetime) -> None:
    """No event shows who bought: only a name that is the same each time, and another one for each firm."""
    from paseo.capabilities.vouchers.events import VoucherClaimed
    from paseo.platform.webhooks.envelopes import WITHHELD, cloud_event

    person = f"person:{new_id()}"
    for scope in (firm, firm, other):
        with unit():
            emit(VoucherClaimed(new_id(), new_id(), scope.tenant_id, person, now), tenant_id=scope.tenant_id)
    mine, again = queries.events(scope=firm, after="", now=now).items
    (theirs,) = queries.events(scope=other, after="", now=now).items
    assert mine["data"]["customer"] == again["data"]["customer"] != theirs["data"]["customer"]
    assert person.removeprefix("person:") not in str([mine, again, theirs])
    assert not set(WITHHELD) & mine["data"].keys()

    ids = {name for (name, _), cls in event_types().items() for field in cls.__dataclass_fields__ if field in WITHHELD
           if audience.right_for(name)}  # fmt: skip
    assert ids >= {"ordering.order_placed", "vouchers.voucher_claimed", "care.review_written"}
    from paseo.platform.outbox.values import EventView

    guest = {"visitor_id": str(new_id()), "person_id": None, "total_minor": 5}
    view = EventView(1, new_id(), "ordering.order_placed", 1, "order:x", firm.tenant_id, None, now, guest)
    told = cloud_event(view, reader=firm.tenant_id)
    assert told["data"].keys() == {"total_minor", "customer"}
    assert guest["visitor_id"] not in str(told)


@pytest.mark.parametrize(
    "types", [[], ["nothing.here"], ["ordering"], ["*"], ["consent.*"], ["webhooks.*"], ["journeys.*"]]
)
def test_only_events_that_exist_and_are_offered(firm: Scope, listen: Callable[..., Issued], types: list[str], now: datetime) -> None:  # fmt: skip
    with pytest.raises(Invalid):
        operations.add_endpoint(by=firm, url=URL, types=types, name="x", now=now)


def test_nobody_hands_out_more_than_their_own(firm: Scope, now: datetime) -> None:
    few = Scope.of(firm.tenant_id, "keys.edit", "orders.see")
    with pytest.raises(MoreThanOwn):
        operations.add_endpoint(by=few, url=URL, types=["ordering.*", "payments.*"], name="x", now=now)
    operations.add_endpoint(by=few, url=URL, types=["ordering.*"], name="x", now=now)
    unconfirmed = Scope.of(firm.tenant_id, "keys.edit", "money.see", confirmed=False)
    with pytest.raises(SecondFactorNeeded):
        operations.add_endpoint(by=unconfirmed, url=URL, types=["payments.*"], name="x", now=now)
    at_one_place = Scope.of(firm.tenant_id, *RIGHTS, place_ids=frozenset({new_id()}))
    with pytest.raises(MoreThanOwn):
        operations.add_endpoint(by=at_one_place, url=URL, types=["ordering.*"], name="x", now=now)


def test_another_firms_endpoint_is_not_there(
    firm: Scope, other: Scope, listen: Callable[..., Issued], happens: Any, post: Any, now: datetime
) -> None:
    issued = listen(firm)
    happens(firm)
    post()
    (message,) = queries.messages(issued.id, scope=firm, now=now)
    city = Scope.of(found_tenant(kind="operator", name="City", now=now), *RIGHTS, kind="operator")
    for stranger in (other, city):
        for act in (
            lambda by: operations.edit_endpoint(
                by=by, endpoint_id=issued.id, url=URL, types=["care.*"], name="", now=now
            ),
            lambda by: operations.rotate_secret(by=by, endpoint_id=issued.id, now=now),
            lambda by: operations.switch_off(by=by, endpoint_id=issued.id, now=now),
            lambda by: operations.switch_on(by=by, endpoint_id=issued.id, now=now),
            lambda by: operations.remove_endpoint(by=by, endpoint_id=issued.id, now=now),
            lambda by: operations.ping(by=by, endpoint_id=issued.id, now=now),
            lambda by: operations.send_again(by=by, endpoint_id=issued.id, message_id=message.id, now=now),
            lambda by: queries.endpoint(issued.id, scope=by, now=now),
            lambda by: queries.messages(issued.id, scope=by, now=now),
        ):
            with pytest.raises(NotFound):
                act(stranger)
        assert queries.endpoints(scope=stranger, now=now) == []
    theirs = listen(other)
    with pytest.raises(NotFound):
        operations.send_again(by=other, endpoint_id=theirs.id, message_id=message.id, now=now)
    with pytest.raises(NotAllowedHere):
        queries.endpoints(scope=Scope.of(firm.tenant_id, "orders.see"), now=now)


def test_switched_off_and_removed(firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, now: datetime) -> None:  # fmt: skip
    issued = listen(firm)
    for _ in range(2):
        operations.switch_off(by=firm, endpoint_id=issued.id, now=now)
    for act in (operations.ping, operations.send_again):
        with pytest.raises(SwitchedOff):
            act(by=firm, endpoint_id=issued.id, now=now)
    happens(firm)
    assert post() == 0
    for _ in range(2):
        operations.switch_on(by=firm, endpoint_id=issued.id, now=now)
    operations.remove_endpoint(by=firm, endpoint_id=issued.id, now=now)
    assert queries.endpoints(scope=firm, now=now) == []
    with pytest.raises(NotFound):
        operations.remove_endpoint(by=firm, endpoint_id=issued.id, now=now)


def test_a_firm_has_so_many_and_no_more(firm: Scope, listen: Callable[..., Issued]) -> None:
    for _ in range(MOST):
        listen(firm)
    with pytest.raises(TooManyEndpoints):
        listen(firm)


def test_an_operator_hears_of_its_own_merchants_only(
    firm: Scope, other: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Any, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    city, town = (found_tenant(kind="operator", name=name, now=now) for name in ("Helsinki", "Turku"))
    under = {firm.tenant_id: city, other.tenant_id: town}
    monkeypatch.setattr(ports, "_operators", [lambda ids: {id: under[id] for id in ids if id in under}])
    monkeypatch.setattr(ports, "_merchants", [lambda id: [one for one, operator in under.items() if operator == id]])
    operator = Scope.of(city, *RIGHTS, kind="operator")
    listen(operator)
    mine, theirs = happens(firm)[0], happens(other)[0]
    post()
    assert [str(mine) in one.body.decode() for one in receiver.seen] == [True]
    told = queries.events(scope=operator, after="", now=now).items
    assert [event["subject"] for event in told] == [f"program:{mine}"]
    assert theirs != mine


def test_reading_on_from_a_cursor(firm: Scope, other: Scope, happens: Any, now: datetime) -> None:
    ids = happens(firm, 5)
    happens(other, 3)
    first = queries.events(scope=firm, after="", now=now, limit=2)
    assert (len(first.items), first.more) == (2, True)
    second = queries.events(scope=firm, after=str(first.cursor), now=now, limit=10)
    assert [one["subject"] for one in [*first.items, *second.items]] == [f"program:{id}" for id in ids]
    assert not second.more
    assert queries.events(scope=firm, after=str(second.cursor), now=now).items == []
    late = happens(firm)
    again = queries.events(scope=firm, after=second.items[-1]["sequence"], now=now)
    assert [one["subject"] for one in again.items] == [f"program:{late[0]}"]


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9" * 19 + "0", "9" * 30, "\u0661", " "])
def test_a_cursor_that_is_none(firm: Scope, cursor: str, now: datetime) -> None:
    with pytest.raises(CursorUnknown):
        queries.events(scope=firm, after=cursor, now=now)


def test_rights_decide_which_events_are_read(firm: Scope, happens: Any, now: datetime) -> None:
    happens(firm)
    few = Scope.of(firm.tenant_id, "orders.see")
    assert queries.events(scope=few, after="", now=now).items == []
    with pytest.raises(NotAllowedHere):
        queries.events(scope=Scope.of(firm.tenant_id, "codes.verify"), after="", now=now)
    some = queries.events(scope=firm, after="", now=now, types=["vouchers.program_ended"])
    assert len(some.items) == 1
    assert queries.events(scope=firm, after="", now=now, types=["vouchers.*"]).items == some.items
    assert queries.events(scope=firm, after="", now=now, types=["care.*"]).items == []


def test_who_sees_one_store_reads_its_events_only(firm: Scope, now: datetime) -> None:
    from paseo.capabilities.fulfillment.events import HandedOver

    here, there = new_id(), new_id()
    for place in (here, there, None):
        with unit():
            emit(HandedOver(new_id(), place or here, firm.tenant_id), tenant_id=firm.tenant_id, place_id=place)
    at_one = Scope.of(firm.tenant_id, "orders.see", place_ids=frozenset({here}))
    page = queries.events(scope=at_one, after="", now=now)
    assert [UUID(one["store"]) for one in page.items] == [here]
    assert len(queries.events(scope=firm, after="", now=now).items) == 3
