"""``paseo audit``"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo audit", description="Proves the invariants on the living data. Exit code 1 when one is broken."
    )
    options.add_argument("checks", nargs="*", metavar="check", help="only these checks (default: all)")
    options.add_argument("--json", action="store_true", help="findings as JSON")
    options.add_argument("--list", action="store_true", help="name the checks and end")
    said = options.parse_args(arguments)
    load()
    from paseo.platform.audit.checks import auditors, run_all

    known = auditors()
    if unknown := sorted(set(said.checks) - set(known)):
        options.error(f"no check is named {', '.join(unknown)}; paseo audit --list names them")
    if said.list:
        print(json.dumps(known, indent=2) if said.json else "\n".join(known))
        return 0
    names = said.checks or known
    findings = run_all(names)
    if said.json:
        print(
            json.dumps({"checks": names, "findings": [one.as_dict() for one in findings]}, indent=2, ensure_ascii=False)
        )
    else:
        for one in findings:
            print(f"{one.check}  {one.subject}  {one.sentence}")
        print(f"{len(names)} checks, {len(findings)} findings.")
    return 1 if findings else 0
