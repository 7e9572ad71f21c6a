"""``paseo reference``: what can be read off the code is not written by hand."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any

from config.cli.addresses import ROOT
from config.cli.command import load

FOLDER = ROOT / "docs" / "reference"
WRITTEN = "<!-- Written by `paseo reference`. Changes belong in the code. -->\n\n"


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="paseo reference", description="Writes docs/reference from the code.")
    options.add_argument("pages", nargs="*", choices=[[], *sorted(PAGES)], help="only these pages (default: all)")
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 and name the pages that are stale")
    said = options.parse_args(arguments)
    load()
    stale = []
    for name in said.pages or sorted(PAGES):
        file, write = PAGES[name]
        text = write()
        path = FOLDER / file
        if path.exists() and path.read_text() == text:
            continue
        stale.append(path.relative_to(ROOT))
        if not said.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for path in stale:
        print(f"{path} is stale: paseo reference" if said.check else f"wrote {path}")
    return 1 if stale and said.check else 0


def settings_page() -> str:
    from config.settings import SETTINGS

    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. Nothing else changes between installations.",
        "",
    ]
    lines += ["| name | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{one.name}` | {_cell(one.default)} | {one.meaning} |" for one in sorted(SETTINGS, key=lambda one: one.name)
    ]
    lines += [f"| `{name}` | {_cell(default)} | {meaning} |" for name, default, meaning in OF_SERVE]
    return WRITTEN + "\n".join(lines) + "\n"


OF_SERVE = [
    ("HOST", "127.0.0.1", "Address on which `paseo serve` listens; 0.0.0.0 in the demo."),
    ("PORT", "8000", "Port on which `paseo serve` listens."),
    ("WORKERS", "2", "Processes for pages."),
    ("PASEO_THREADS", "6", "Threads for pages in each process."),
    ("PASEO_SANDBOX", "0", "Run the sandbox payment gateway beside the pages; on in the demo."),
]


def events_page() -> str:
    from paseo.platform.outbox.catalogue import catalogue

    lines = ["# Events", "", "Facts that packages publish, in the transaction that made them true.", ""]
    for entry in catalogue():
        lines += [f"## {entry['type']} (version {entry['version']})", ""]
        if entry["description"]:
            lines += [entry["description"], ""]
        if entry["reactions"]:
            lines += ["Reactions: " + ", ".join(f"`{name}`" for name in entry["reactions"]) + ".", ""]
        lines += ["```json", json.dumps(entry["schema"], indent=2), "```", ""]
    return WRITTEN + "\n".join(lines)


def machines_page() -> str:
    from paseo.kernel.states import machines

    lines = [
        "# State machines",
        "",
        "Each is declared as data, applied by compare-and-swap, and every step is recorded.",
        "",
    ]
    for name, machine in _own(machines()).items():
        lines += [f"## {name}", "", "```mermaid", machine.mermaid(), "```", ""]
    return WRITTEN + "\n".join(lines)


def _own(machines: dict[str, Any]) -> dict[str, Any]:
    return {name: machine for name, machine in machines.items() if not name.startswith("test_")}


def openapi_page() -> str:
    from paseo.channels.openapi.urls import api

    return json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, default=str) + "\n"


def _cell(default: str) -> str:
    return f"`{default.replace('|', chr(92) + '|')}`" if default else "–"


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "settings": ("settings.md", settings_page),
    "events": ("events.md", events_page),
    "machines": ("machines.md", machines_page),
    "openapi": ("openapi.json", openapi_page),
}
