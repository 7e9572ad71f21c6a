"""At least once, in order, never lost: whatever the receiver does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from paseo.kernel.clock import VirtualClock
from paseo.platform.identity.operations import person_for_email
from paseo.platform.notices.sending import send_due
from paseo.platform.outbox import queries as outbox
from paseo.platform.outbox.models import Event
from paseo.platform.tenancy.operations import close_tenant, found_tenant, grant
from paseo.platform.tenancy.roles import RIGHTS
from paseo.platform.tenancy.values import Scope
from paseo.platform.webhooks import operations, queries, sending
from paseo.platform.webhooks.models import Endpoint, Message
from paseo.platform.webhooks.values import Issued, Outcome
from tests.platform.webhooks.conftest import Receiver


def ids_of_events() -> list[str]:
    return [
        str(id)
        for id in Event.objects.exclude(type__startswith="webhooks.").order_by("seq").values_list("id", flat=True)
    ]


def state_of(issued: Issued, firm: Scope, clock: VirtualClock) -> Any:
    return queries.endpoint(issued.id, scope=firm, now=clock.now())


@pytest.mark.covers("O3", part="webhooks: signed CloudEvents in the order of the events")
def test_what_arrives_is_a_signed_cloud_event(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    secret = listen(firm).secret
    program = happens(firm)[0]
    assert post() == 1
    sent = receiver.seen[0]
    assert sent.url == "https://receiver.example/hooks"
    assert sent.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    event = Event.objects.get()
    assert json.loads(sent.body) == {
        "specversion": "1.0",
        "id": str(event.id),
        "source": "http://localhost:8000/api/v1",
        "type": "vouchers.program_ended",
        "subject": f"program:{program}",
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": "http://localhost:8000/api/v1/event-types/vouchers.program_ended/1",
        "sequence": f"{event.seq:020d}",
        "merchant": str(firm.tenant_id),
        "data": {"program_id": str(program), "merchant_id": str(firm.tenant_id), "at": clock.now().isoformat()},
    }
    assert sent.headers["webhook-id"] == str(event.id)
    assert sent.headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event.id}.{sent.headers['webhook-timestamp']}.".encode() + sent.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert sent.headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_the_one_of_the_standard() -> None:
    """The example of the Standard Webhooks libraries."""
    from paseo.platform.webhooks.secrets import signature

    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    made = signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.covers("O3", part="a receiver that is killed and returns has lost no event")
def test_a_receiver_that_is_killed_and_returns_has_lost_nothing(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    issued = listen(firm)
    happens(firm, 2)
    post()
    receiver.away = True
    happens(firm, 3)
    post()
    posts = len(receiver.seen)
    for _ in range(40):  # two days of knocking
        clock.advance(hours=1, minutes=20)
        post()
        happens(firm, 1)
    assert len(receiver.seen) - posts >= 30
    assert state_of(issued, firm, clock).dead == 0
    assert receiver.got == ids_of_events()[:2]
    receiver.away = False
    clock.advance(hours=2)
    post()
    assert receiver.got == ids_of_events(), "every event, once, in order"
    assert len(receiver.got) == 45
    after = state_of(issued, firm, clock)
    assert (after.waiting, after.dead, after.failing_since) == (0, 0, None)


def test_a_worker_that_dies_after_posting_posts_again_with_the_same_id(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock,
    drain_events: Callable[[], int],
) -> None:  # fmt: skip
    listen(firm)
    happens(firm, 2)
    drain_events()
    (parcel,) = sending.take(clock.now(), 8)
    receiver(parcel.post)  # it arrived, and then the power failed
    assert post() == 0, "the lease keeps the endpoint for the worker that has it"
    clock.advance(seconds=61)
    assert post() == 2
    assert receiver.got == [ids_of_events()[0], *ids_of_events()]
    assert receiver.seen[0].body == receiver.seen[1].body


def test_what_is_refused_is_tried_ten_times_and_then_lets_the_next_pass(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    issued = listen(firm)
    receiver.answers = [Outcome(500, "<h1>no</h1>")] * 10
    happens(firm, 2)
    began = clock.now()
    while len(receiver.seen) < 11:
        if not post():
            clock.advance(seconds=(state_of(issued, firm, clock).next_at - clock.now()).total_seconds())
    waited = (clock.now() - began).total_seconds()
    first, second = ids_of_events()
    assert [one.headers["webhook-id"] for one in receiver.seen] == [first] * 10 + [second]
    assert 5 * (2**9 - 1) * 0.75 < waited < 5 * (2**9 - 1) * 1.25
    dead = queries.messages(issued.id, scope=firm, now=clock.now(), state="dead")
    assert [(str(one.event_id), one.tries, one.status, one.answer) for one in dead] == [(first, 10, 500, "<h1>no</h1>")]
    assert receiver.got == [second]

    assert operations.send_again(by=firm, endpoint_id=issued.id, now=clock.now()) == 1
    assert post() == 1
    assert receiver.got == [second, first]
    assert state_of(issued, firm, clock).dead == 0


def test_a_pause_that_the_receiver_asks_for_is_kept(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    listen(firm)
    receiver.answers = [Outcome(429, retry_after=600)]
    happens(firm)
    post()
    clock.advance(seconds=590)
    assert post() == 0
    clock.advance(seconds=11)
    assert post() == 1
    assert Message.objects.get().refusals == 0, "who is busy has not refused"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
def test_anything_but_a_yes_is_no(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, status: int
) -> None:
    listen(firm)
    receiver.answers = [Outcome(status)]
    happens(firm)
    post()
    row = Message.objects.get()
    assert (row.state, row.refusals, row.status) == ("waiting", 1, status)


def test_after_three_days_of_failing_it_is_switched_off_with_a_letter(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock,
    mailoutbox: list[Any],
) -> None:  # fmt: skip
    owner = person_for_email(email="owner@example.com", name="Olga", now=clock.now())
    grant(person_id=owner, tenant_id=firm.tenant_id, role="owner", now=clock.now(), by=None)
    issued = listen(firm)
    receiver.away = True
    happens(firm, 2)
    while state_of(issued, firm, clock).on:
        clock.advance(minutes=30)
        post()
    assert clock.now() - Endpoint.objects.get().created_at < timedelta(days=3, hours=2)
    view = state_of(issued, firm, clock)
    assert (view.off_because, view.waiting, view.dead) == ("failing", 2, 0)
    send_due(clock.now())
    (letter,) = mailoutbox
    assert letter.to == ["owner@example.com"]
    assert letter.subject == "A webhook was switched off: till"
    assert "2 messages wait" in letter.body
    assert f"/console/{firm.tenant_id}/keys/webhooks/" in letter.body

    happens(firm, 1)
    receiver.away = False
    clock.advance(days=2)
    assert post() == 0
    operations.switch_on(by=firm, endpoint_id=issued.id, now=clock.now())
    assert post() == 2
    assert receiver.got == ids_of_events()[:2]
    page = queries.events(scope=firm, after=json.loads(receiver.seen[-1].body)["sequence"], now=clock.now())
    assert [one["id"] for one in page.items] == ids_of_events()[2:], "the rest is fetched"


def test_gone_is_gone(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    issued = listen(firm)
    receiver.answers = [Outcome(410)]
    happens(firm)
    post()
    view = state_of(issued, firm, clock)
    assert (view.state, view.off_because) == ("off", "gone")


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    issued = listen(firm)
    fresh = operations.rotate_secret(by=firm, endpoint_id=issued.id, now=clock.now())
    assert fresh != issued.secret

    def signed_by(sent: Any) -> list[str]:
        from paseo.platform.webhooks.secrets import signature

        stamp = int(sent.headers["webhook-timestamp"])
        each = {
            secret: signature([secret], sent.headers["webhook-id"], stamp, sent.body)
            for secret in (issued.secret, fresh)
        }
        return [
            name for part in sent.headers["webhook-signature"].split(" ") for name, text in each.items() if text == part
        ]

    happens(firm)
    post()
    clock.advance(hours=25)
    happens(firm)
    post()
    assert [signed_by(sent) for sent in receiver.seen] == [[fresh, issued.secret], [fresh]]


def test_secrets_are_not_in_the_database_as_they_are(firm: Scope, listen: Callable[..., Issued]) -> None:
    from paseo.platform.webhooks.models import Secret

    issued = listen(firm)
    assert issued.secret.removeprefix("whsec_") not in Secret.objects.get().sealed


def test_a_firm_gets_its_own_events_and_of_the_kinds_it_wants(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    other = Scope.of(found_tenant(kind="merchant", name="Zucchini", now=clock.now()), *RIGHTS)
    listen(firm, "vouchers.program_published")
    listen(other, "vouchers.program_ended", url="https://other.example/")
    happens(firm)
    mine = happens(other)
    post()
    assert [(one.url, json.loads(one.body)["subject"]) for one in receiver.seen] == [
        ("https://other.example/", f"program:{mine[0]}")
    ]


def test_a_closed_firm_is_told_nothing(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    listen(firm)
    happens(firm)
    receiver.away = True
    post()
    close_tenant(tenant_id=firm.tenant_id, now=clock.now())
    receiver.away = False
    happens(firm)
    clock.advance(minutes=5)
    assert post() == 0


def test_a_ping_goes_to_one_endpoint_only(
    firm: Scope, listen: Callable[..., Issued], post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    first = listen(firm)
    listen(firm, url="https://other.example/")
    operations.ping(by=firm, endpoint_id=first.id, now=clock.now())
    assert post() == 1
    assert json.loads(receiver.seen[0].body)["type"] == "webhooks.endpoint_pinged"
    assert queries.events(scope=firm, after="", now=clock.now()).items == []


def test_nothing_is_sent_over_a_gap_that_may_still_fill(
    firm: Scope, listen: Callable[..., Issued], happens: Any, post: Any, receiver: Receiver, clock: VirtualClock
) -> None:
    """On PostgreSQL a lower number can show up late: whoever comes after it waits ten seconds for it."""
    listen(firm)
    happens(firm, 3)
    first, late, last = Event.objects.order_by("seq")
    row = Event.objects.filter(seq=late.seq).values().get()
    Event.objects.filter(seq=late.seq).delete()
    assert outbox.settled_seq(clock.now()) == first.seq
    assert post() == 1
    Event.objects.create(**row)
    clock.advance(seconds=2)
    assert post() == 2
    assert receiver.got == [str(first.id), str(late.id), str(last.id)]


def test_a_gap_that_stays_is_given_up(
    firm: Scope, listen: Callable[..., Issued], happens: Any,
    post: Any, receiver: Receiver, clock: VirtualClock,
) -> None:  # fmt: skip
    listen(firm)
    happens(firm, 3)
    first, lost, last = Event.objects.order_by("seq")
    Event.objects.filter(seq=lost.seq).delete()
    post()
    clock.advance(seconds=11)
    assert post() == 1
    assert receiver.got == [str(first.id), str(last.id)]
    assert outbox.settled_seq(clock.now()) == last.seq


def test_a_slow_receiver_does_not_hold_up_the_others(
    firm: Scope, listen: Callable[..., Issued], happens: Any, drain_events: Callable[[], int]
) -> None:
    """Two endpoints are posted to beside each other: each waits until the other has begun."""
    import threading

    both = threading.Barrier(2, timeout=10)
    listen(firm)
    listen(firm, url="https://other.example/")
    happens(firm)
    drain_events()

    def meet(post: Any) -> Outcome:
        both.wait()
        return Outcome(200)

    assert sending.run(send=meet, wide=2) == 2
    assert set(Message.objects.values_list("state", flat=True)) == {"delivered"}


def test_old_messages_are_forgotten_and_dead_ones_later(
    firm: Scope,
    listen: Callable[..., Issued],
    happens: Any,
    post: Any,
    receiver: Receiver,
    clock: VirtualClock,
    settings: Any,
) -> None:
    settings.PASEO = {**settings.PASEO, "WEBHOOK_ATTEMPTS": 1}
    listen(firm)
    receiver.answers = [Outcome(400), Outcome(200)]
    happens(firm, 2)
    post()
    post()
    from paseo.platform.webhooks import jobs

    clock.advance(days=31)
    jobs.forget_old(clock.now())
    assert [row.state for row in Message.objects.all()] == ["dead"]
    clock.advance(days=60)
    jobs.forget_old(clock.now())
    assert not Message.objects.exists()


def test_without_endpoints_an_event_costs_one_look(firm: Scope, happens: Any, drain_events: Any) -> None:
    from paseo.platform.db.unit import sql_count
    from paseo.platform.webhooks.fan_out import fan_out

    with sql_count() as sql:
        fan_out([])
    assert sql.count == 1, sql.all
