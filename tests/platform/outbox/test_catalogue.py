from paseo.platform.outbox.catalogue import catalogue
from tests.platform.outbox.conftest import LampLit


def test_an_event_is_described_by_its_own_dataclass():
    entry = next(entry for entry in catalogue() if entry["type"] == LampLit.event_type)
    assert entry["description"] == "A lamp in a window was lit."
    assert entry["schema"] == {
        "type": "object",
        "properties": {
            "lamp": {"type": "string"},
            "minutes": {"type": "integer"},
            "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "rooms": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        },
        "required": ["lamp", "minutes"],
    }
