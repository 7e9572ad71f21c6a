from datetime import UTC, datetime
from threading import Thread

from paseo.kernel.ids import new_id, stable_id, uuid7


def test_ids_rise_and_never_repeat_across_threads():
    found: list[list] = [[] for _ in range(4)]
    threads = [Thread(target=lambda box=box: box.extend(new_id() for _ in range(5000))) for box in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for box in found:
        assert box == sorted(box)
    assert len({value for box in found for value in box}) == 20_000


def test_the_time_is_in_the_id():
    at = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    value = uuid7(at)
    assert value.version == 7
    assert value.variant == "specified in RFC 4122"
    assert value.int >> 80 == int(at.timestamp() * 1000)
    assert uuid7(at, 5) == uuid7(at, 5) != uuid7(at, 6)


def test_stable_ids_depend_on_all_parts_and_their_borders():
    assert stable_id("a", "bc") == stable_id("a", "bc")
    assert stable_id("a", "bc") != stable_id("ab", "c")
