from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from paseo.kernel.errors import Invalid, Refusal, TooMany
from paseo.kernel.events import decode, encode, event
from paseo.kernel.quantity import Quantity
from paseo.kernel.states import Machine, NotAllowed

LAMP = Machine(
    "test lamp",
    "off",
    [
        ("light", ("off",), "on"),
        ("dim", ("on",), "half"),
        ("darken", ("on", "half"), "off"),
        ("break", ("on",), "broken"),
    ],
)


def test_a_machine_allows_what_is_declared():
    assert LAMP.next("off", "light") == "on"
    assert LAMP.verbs("on") == ("dim", "darken", "break")
    assert LAMP.terminal == ("broken",)
    assert LAMP.origins("darken") == {"on": "off", "half": "off"}
    with pytest.raises(NotAllowed) as refusal:
        LAMP.next("off", "dim")
    assert refusal.value.params == {"machine": "test lamp", "state": "off", "verb": "dim"}
    with pytest.raises(ValueError, match="knows no"):
        LAMP.next("off", "explode")
    assert "off --> on: light" in LAMP.mermaid()


def test_a_machine_with_a_mistake_cannot_be_declared():
    with pytest.raises(ValueError, match="twice"):
        Machine("test twice", "a", [("go", ("a",), "b"), ("go", ("a",), "c")])
    with pytest.raises(ValueError, match="never be reached"):
        Machine("test lost", "a", [("go", ("a",), "b"), ("stay", ("x",), "y")])


@event("test.happened")
@dataclass(frozen=True)
class Happened:
    subject: str
    order_id: UUID
    at: datetime
    lines: list[UUID]
    note: str | None = None


def test_events_survive_json():
    fact = Happened("order:1", UUID(int=1), datetime(2026, 1, 1, tzinfo=UTC), [UUID(int=2)])
    body = encode(fact)
    assert body["lines"] == ["00000000-0000-0000-0000-000000000002"]
    assert decode("test.happened", 1, {**body, "unknown": 1}) == fact
    with pytest.raises(LookupError):
        decode("test.happened", 2, body)


def test_an_event_name_is_declared_once():
    with pytest.raises(ValueError, match="twice"):

        @event("test.happened")
        @dataclass(frozen=True)
        class Other:
            subject: str


def test_refusals_speak():
    class Gone(Refusal):
        code = "test.gone"
        what = "Only {left} left."
        meaning = "Nothing has been paid."

    assert str(Gone(left=2)) == "Only 2 left. Nothing has been paid."
    assert TooMany(retry_after=30).retry_after == 30
    assert "email: missing" in str(Invalid(fields={"email": "missing"}))


def test_quantities_are_whole_base_units():
    assert Quantity.parse("1.5 kg") == Quantity(1500, "g")
    assert Quantity.parse("0,33 l") == Quantity(330, "ml")
    assert str(Quantity.parse("3")) == "3"
    assert str(Quantity(1500, "g")) == "1.5 kg"
    for bad in ("0.5", "x", "1.0001 kg", "NaN kg"):
        with pytest.raises(ValueError, match="not a quantity"):
            Quantity.parse(bad)
