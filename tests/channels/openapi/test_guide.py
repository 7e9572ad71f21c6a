"""The guide for developers, executed as it stands: its commands, its answers, its program."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from demo.town import Town
from paseo.kernel.ids import new_id
from tests.channels.openapi.conftest import Caller
from tests.house.sources import ROOT

GUIDE = (ROOT / "docs" / "guides" / "api.md").read_text()
BLOCKS = re.findall(r"```(sh|json|python)\n(.*?)```", GUIDE, re.DOTALL)
_CALL = re.compile(r"^(\w+)=\$\((curl .*?) \| jq -r (\S+)\)$")


class Shell:
    """As much of a shell as the guide uses: variables, ``uuidgen``, curl with -X, -H and -d, and paths of jq."""

    def __init__(self, **known: str) -> None:
        self.known = known
        self.answer: Any = None
        self.calls = 0

    def run(self, script: str) -> None:
        for line in script.replace("\\\n", " ").strip().splitlines():
            line = line.strip()
            if call := _CALL.match(line):
                self._curl(call[2])
                self.known[call[1]] = str(_at(self.answer.json(), call[3]))
            elif line.startswith("curl "):
                self._curl(line)
            else:
                name, _, value = line.partition("=")
                self.known[name] = str(new_id()) if value == "$(uuidgen)" else value

    def _curl(self, line: str) -> None:
        text = re.sub(r"\$(\w+)", lambda name: self.known[name[1]], line)
        words = shlex.split(text)[1:]
        method, headers, body, url = "GET", {}, "", ""
        while words:
            word = words.pop(0)
            if word == "-X":
                method = words.pop(0)
            elif word == "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = words.pop(0)
            else:
                url = word
        assert url.startswith(self.known["PASEO"] + "/api/v1/"), url
        parts = urlsplit(url)
        kind = headers.pop("Content-Type", "application/json")
        where = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.answer = Client().generic(method, where, body, content_type=kind, headers=headers)
        self.calls += 1


def _at(value: Any, path: str) -> Any:
    for name in re.findall(r"\w+", path):
        value = value[int(name)] if name.isdigit() else value[name]
    return value


def holds(told: Any, shown: Any) -> bool:
    """Whether the answer has at least what the guide shows."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(
            name in told and holds(told[name], inner) for name, inner in shown.items()
        )
    if isinstance(shown, list) and shown:
        return len(told) >= len(shown) and all(holds(one, inner) for one, inner in zip(told, shown, strict=False))
    return bool(told == shown)


@pytest.mark.covers(
    "O3", part="a developer follows the guide: order with retries, the shop's side, events and resuming"
)
@pytest.mark.covers("U1", part="a program finds, orders, and redeems the buyer's code at the counter")
def test_the_guide_works_as_it_stands(town: Town, now: datetime, key_of: Callable[..., Caller]) -> None:
    till = key_of("grocer", "orders.see", "orders.act", "codes.verify")
    shell = Shell(KEY=till.headers["Authorization"].removeprefix("Bearer "))
    for kind, text in BLOCKS:
        if kind == "sh":
            shell.run(text)
        elif kind == "json":
            assert holds(shell.answer.json(), json.loads(text)), (text, shell.answer.content.decode()[:1500])
            if shell.answer.status_code >= 400:
                assert shell.answer.json()["remedy"]
    assert shell.calls >= 20


def test_the_program_of_the_guide_knows_a_genuine_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from paseo.platform.webhooks.secrets import new_secret, signature

    (program,) = [text for kind, text in BLOCKS if kind == "python"]
    space: dict[str, Any] = {}
    exec(program, space)
    monkeypatch.setattr(space["time"], "time", lambda: 1_700_000_000.0)
    old, fresh, body = new_secret(), new_secret(), b'{"id":"1"}'
    headers = {"webhook-id": "1", "webhook-timestamp": "1700000000"}
    headers["webhook-signature"] = signature([fresh, old], "1", 1_700_000_000, body)
    assert space["is_genuine"](old, headers, body)
    assert space["is_genuine"](fresh, headers, body)
    assert not space["is_genuine"](new_secret(), headers, body)
    assert not space["is_genuine"](old, headers, body + b" ")
    assert not space["is_genuine"](old, {**headers, "webhook-id": "2"}, body)
    late = {**headers, "webhook-timestamp": "1699990000"}
    assert not space["is_genuine"](old, late, body)


def test_what_the_guide_says_about_numbers_is_so(settings: Any) -> None:
    from paseo.platform.webhooks.operations import OVERLAP
    from paseo.platform.webhooks.posting import DEADLINE_S
    from paseo.platform.webhooks.sending import FIRST_PAUSE_S, LONGEST_PAUSE_S

    assert (settings.PASEO["WEBHOOK_ATTEMPTS"], settings.PASEO["WEBHOOK_OFF_DAYS"], settings.PASEO["API_RATE"]) == (
        10,
        3,
        600,
    )
    assert (OVERLAP.total_seconds(), DEADLINE_S, FIRST_PAUSE_S, LONGEST_PAUSE_S) == (86_400, 10, 5, 3600)
    for words in (
        "tried ten\n  times",
        "After three days",
        "600 calls a minute",
        "24 hours",
        "within ten seconds",
        "5, 10, 20",
    ):
        assert words in GUIDE
