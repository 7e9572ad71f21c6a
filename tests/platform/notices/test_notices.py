"""Telling people: rows with the unit, letters after it, each in the reader's language."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.template import engines
from django.utils import translation

from paseo.kernel.errors import NotFound
from paseo.kernel.money import Money
from paseo.platform.db.unit import unit
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import edit_profile, person_for_email
from paseo.platform.notices import kinds, ports, queries, rendering
from paseo.platform.notices.kinds import register_kind
from paseo.platform.notices.mailbox import MailboxBackend
from paseo.platform.notices.models import Delivery, Notice
from paseo.platform.notices.operations import forget_person, mark_read, notify, retry
from paseo.platform.notices.params import from_json, to_json
from paseo.platform.notices.retention import forget_letters, forget_notices
from paseo.platform.notices.sending import send_due
from paseo.platform.notices.values import NoticeKind, Words

pytestmark = pytest.mark.django_db

ROSA = "rosa@example.org"
TEXTS = {
    "notices/test.ready.en.txt": "Order {{ number }} is ready\n\nGet it{% if reader %}, {{ reader }}{% endif %} & eat.",
    "notices/test.ready.zh-hans.txt": "订单 {{ number }} 已备好\n\n欢迎来取。",
    "notices/test.offer.en.txt": "An offer\n\nTaste it.",
}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch, settings):
    settings.MAILERS = {"default": {"BACKEND": "paseo.platform.notices.mailbox.MailboxBackend"}}
    monkeypatch.setattr(kinds, "_kinds", {})
    register_kind(NoticeKind("test.ready"))
    register_kind(NoticeKind("test.offer", purpose="marketing"))
    register_kind(NoticeKind("test.gone"))

    def pick(names):
        from django.template import TemplateDoesNotExist

        for name in names:
            if name in TEXTS:
                return engines["django"].from_string(TEXTS[name])
        raise TemplateDoesNotExist(names[0])

    monkeypatch.setattr(rendering, "select_template", pick)
    monkeypatch.setattr(ports, "_permission", [])
    with translation.override("en"):
        yield


@pytest.fixture
def rosa(now):
    return person_for_email(email=ROSA, name="Rosa", now=now)


def test_inbox_and_letter(rosa, now):
    notify(rosa, "test.ready", {"number": "P-47"}, about="order:47", now=now)
    assert queries.unread(rosa) == 1
    item = queries.inbox(rosa).items[0]
    assert (item.subject, item.body, item.about) == ("Order P-47 is ready", "Get it & eat.\n", "order:47")
    assert send_due(now) == 1
    letter = queries.letters(to=ROSA)[0]
    assert (letter.subject, letter.body) == ("Order P-47 is ready", "Get it, Rosa & eat.\n")
    assert send_due(now + timedelta(hours=1)) == 0
    assert mark_read(person_id=rosa, now=now) == 1
    assert queries.unread(rosa) == 0


@pytest.mark.django_db(transaction=True)  # between two tasks the worker gives up connections that are not its own
def test_the_worker_sends_it_with_its_next_task(rosa, clock):
    from paseo.platform.jobs import tasks

    with unit():
        notify(rosa, "test.ready", {"number": 1}, now=clock.now())
    assert tasks.run_once() == 1
    assert [letter.to for letter in queries.letters()] == [ROSA]


def test_the_language_is_the_readers(rosa, now):
    edit_profile(person_id=rosa, locale="zh-hans")
    notify(rosa, "test.ready", {"number": 5}, now=now)
    send_due(now)
    assert queries.letters()[0].subject == "订单 5 已备好"
    assert queries.inbox(rosa, locale="zh-hans").items[0].subject == "订单 5 已备好"
    assert queries.inbox(rosa, locale="es").items[0].subject == "Order 5 is ready"


def test_a_guest_gets_a_letter_only(now):
    notify("guest@example.org", "test.ready", {"number": 1}, locale="zh-hans", now=now)
    send_due(now)
    assert queries.letters()[0].to == "guest@example.org"


def test_a_unit_that_fails_tells_nobody(rosa, now):
    with pytest.raises(RuntimeError), unit():
        notify(rosa, "test.ready", {"number": 1}, now=now)
        raise RuntimeError
    assert not Notice.objects.exists() and not Delivery.objects.exists()


def test_offers_need_consent(rosa, now):
    assert notify(rosa, "test.offer", {}, now=now) is None
    ports.ask_permission_with(lambda person_id, purpose: (person_id, purpose) == (rosa, "marketing"))
    assert notify(rosa, "test.offer", {}, now=now)
    assert notify("guest@example.org", "test.offer", {}, now=now) is None


def test_who_is_erased_or_unknown_is_not_told(rosa, now):
    Person.objects.filter(id=rosa).update(email=None, name="", is_active=False, erased_at=now)
    assert notify(rosa, "test.ready", {}, now=now) is None
    assert notify(uuid4(), "test.ready", {}, now=now) is None


def test_who_is_erased_between_writing_and_sending_gets_nothing(rosa, now):
    notify(rosa, "test.ready", {}, now=now)
    Person.objects.filter(id=rosa).update(email=None, name="", is_active=False, erased_at=now)
    assert send_due(now) == 0
    assert Delivery.objects.get().state == "skipped" and not queries.letters()


def test_a_carrier_that_fails_is_tried_again_and_then_given_up(rosa, now, settings, monkeypatch):
    settings.PASEO = {**settings.PASEO, "EVENT_ATTEMPTS": 3}
    tries = []

    def broken(*, address: str, words: Words, kind: str) -> None:
        tries.append(address)
        raise ConnectionError("no line")

    monkeypatch.setitem(ports._channels, "email", broken)
    notify(rosa, "test.ready", {}, now=now)
    at = now
    for _ in range(5):
        send_due(at)
        at += timedelta(hours=1)
    assert tries == [ROSA] * 3
    failed = queries.failed()[0]
    assert (failed.attempts, failed.error) == (3, "ConnectionError: no line")
    monkeypatch.setitem(ports._channels, "email", lambda **_: None)
    retry(delivery_id=failed.id, now=at)
    assert send_due(at) == 1
    with pytest.raises(NotFound):
        retry(delivery_id=failed.id, now=at)


def test_the_pause_grows(rosa, now, monkeypatch):
    monkeypatch.setitem(ports._channels, "email", lambda **_: 1 / 0)
    notify(rosa, "test.ready", {}, now=now)
    send_due(now)
    assert Delivery.objects.get().due_at == now + timedelta(seconds=10)
    send_due(now + timedelta(seconds=10))
    assert Delivery.objects.get().due_at == now + timedelta(seconds=30)


def test_what_a_dead_sender_took_is_taken_again_after_the_lease(rosa, now):
    notify(rosa, "test.ready", {}, now=now)
    Delivery.objects.update(state="sending", attempts=1, due_at=now + timedelta(minutes=2))
    assert send_due(now + timedelta(seconds=119)) == 0
    assert send_due(now + timedelta(minutes=2)) == 1


def test_two_senders_carry_a_letter_once(rosa, now, monkeypatch):
    """The second sender looks while the first one is carrying."""
    carried = []

    def carry(*, address: str, words: Words, kind: str) -> None:
        carried.append(address)
        if len(carried) == 1:
            send_due(now)

    monkeypatch.setitem(ports._channels, "email", carry)
    notify(rosa, "test.ready", {}, now=now)
    send_due(now)
    assert carried == [ROSA]


def test_a_kind_without_words_is_given_up_at_once_and_hidden_in_the_inbox(rosa, now):
    notify(rosa, "test.gone", {}, now=now)
    send_due(now)
    assert Delivery.objects.get().state == "failed"
    assert queries.inbox(rosa).items == ()


def test_a_subject_is_one_line(monkeypatch, rosa, now):
    notify(rosa, "test.ready", {"number": "1\r\nBcc: eve@example.org"}, now=now)
    send_due(now)
    assert queries.letters()[0].subject == "Order 1"


def test_parameters_keep_their_types(now):
    params = {
        "sum": Money(420, "EUR"),
        "at": now,
        "id": uuid4(),
        "day": now.date(),
        "list": [1, "a", None, {"x": True}],
    }
    assert from_json(to_json(params)) == params
    with pytest.raises(TypeError):
        to_json({"x": object()})


def test_the_inbox_in_pages(rosa, now):
    for number in range(5):
        notify(rosa, "test.ready", {"number": number}, channels=("inbox",), now=now)
    first = queries.inbox(rosa, limit=3)
    second = queries.inbox(rosa, limit=3, after=first.next)
    assert [item.subject for item in (*first.items, *second.items)] == [f"Order {n} is ready" for n in (4, 3, 2, 1, 0)]
    assert second.next is None
    assert mark_read(person_id=uuid4(), notice_ids=[first.items[0].id], now=now) == 0


def test_sms_and_push_go_to_their_adapters(rosa, now, caplog):
    edit_profile(person_id=rosa, phone="+358401234567")
    notify(rosa, "test.ready", {}, channels=("sms", "push"), now=now)
    with caplog.at_level("INFO"):
        assert send_due(now) == 2
    assert "358401234567" not in caplog.text and "sms test.ready" in caplog.text


def test_old_things_are_forgotten(rosa, now):
    notify(rosa, "test.ready", {}, now=now)
    send_due(now)
    later = now + timedelta(days=1)
    assert (forget_notices(later), forget_letters(later + timedelta(days=400))) == (1, 1)
    assert not Delivery.objects.exists()


def test_forgetting_a_person(rosa, now):
    notify(rosa, "test.ready", {}, now=now)
    notify(ROSA, "test.ready", {}, now=now)
    notify("eve@example.org", "test.ready", {}, now=now)
    send_due(now)
    forget_person(person_id=rosa, email=ROSA)
    assert [letter.to for letter in queries.letters()] == ["eve@example.org"]
    assert Notice.objects.count() == 1


def test_the_mailbox_keeps_one_letter_per_receiver(db):
    MailboxBackend().send_messages(
        [EmailMessage("Hi", "Text", "a@example.org", ["B@example.org"], bcc=["c@example.org"])]
    )
    assert {letter.to for letter in queries.letters()} == {"b@example.org", "c@example.org"}
