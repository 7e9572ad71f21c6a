"""A hundred times in the middle of orders: nothing that was answered is lost, nothing is half done.

``KILLS`` says how often; without it a few times, with ``DEEP=1`` a hundred times.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle
from typing import Any

import pytest

from paseo.kernel.clock import Seed
from tests.kills import unguarded
from tests.kills.buyers import Crowd
from tests.kills.house import GATEWAY_BOOKS, House, house
from tests.properties.depth import DEEP

pytestmark = pytest.mark.kill
KILLS = int(os.environ.get("KILLS", "") or (100 if DEEP else 10))
BUYERS = 6
VICTIMS = ("house", "house", "page", "house", "gateway", "house", "house", "worker", "house", "pages")


def kill(
    one: House, crowd: Crowd, times: int, whom: Sequence[str] = VICTIMS, after: tuple[int, int] = (15, 45)
) -> dict[str, int]:
    """Kills while requests are on their way, after so many of them (at least, at most); how often whom."""
    chance = Seed(20260513).stream("kills", times)
    victims = cycle(whom)
    killed = dict.fromkeys(whom, 0)
    next_one = next(victims)
    for _ in range(times):
        victim, next_one = next_one, next(victims)
        assert crowd.pulse.wait_for(crowd.pulse.count + chance.randint(*after), 60), "nobody asks for anything"
        threading.Event().wait(chance.uniform(0, 0.015))
        one.kill(victim)
        killed[victim] += 1
        one.mend(workers=2 if next_one == "page" else 1)
    return killed


def judged(one: House, crowd: Crowd, *, waits: bool = True) -> dict[str, Any]:
    notes = one.folder / "notes.json"
    notes.write_text(json.dumps([asdict(note) for note in crowd.notes]))
    return dict(one.tell("tests.kills.proof", str(notes), str(one.folder / GATEWAY_BOOKS), "wait" if waits else "now"))


@pytest.fixture(autouse=True)
def _longer_than_other_tests() -> None:
    faulthandler.cancel_dump_traceback_later()


def database_url() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def test_what_was_answered_is_there_and_nothing_is_half_done(record_property: Any) -> None:
    with house(database_url()) as one:
        crowd = Crowd(one, one.tell("tests.kills.world"), BUYERS)
        one.open(workers=1)
        crowd.come()
        begin = time.monotonic()
        killed = kill(one, crowd, KILLS)
        seconds = round(time.monotonic() - begin)
        crowd.leave()
        found = judged(one, crowd)
        one.close()
        assert one.left_over() == []
        audit = one.run("config.cli", "audit", "--json", check=False)
    notes = crowd.notes
    seen = {
        "kills": killed,
        "seconds": seconds,
        "requests": crowd.pulse.count,
        "buyers": len(notes),
        "answered": sum(len(note.told) for note in notes),
        "unanswered": sum(len(note.unsure) for note in notes),
        **{name: found[name] for name in ("orders", "states", "redeemed")},
    }
    print(json.dumps(seen))
    record_property("kills", seen)
    assert [*found["wrong"], *crowd.surprises, *json.loads(audit.stdout)["findings"]] == []
    assert audit.returncode == 0
    # The kills did come in the middle of something.
    assert sum(killed.values()) == KILLS
    assert seen["unanswered"] >= KILLS


TORN = r"has the payments \[\]|has not the lines|has 0 (codes|handovers|holds)|was told 0 times|stands 0 times"


@pytest.mark.parametrize("mode, finding", [("torn", TORN), ("hasty", "which is not there")], ids=unguarded.MODES)
def test_control_a_house_that_tears_or_answers_too_early_is_found_out(mode: str, finding: str) -> None:
    with house(database_url()) as one:
        crowd = Crowd(one, one.tell("tests.kills.world"), BUYERS, patience=3)
        one.serving = {"DJANGO_SETTINGS_MODULE": unguarded.SETTINGS, unguarded.SWITCH: mode}
        one.open()
        crowd.come()
        kill(one, crowd, 2, ["house"], after=(6, 12))
        one.kill("house")
        crowd.leave()
        found = judged(one, crowd, waits=False)
    assert any(re.search(finding, one) for one in found["wrong"]), found["wrong"]
