"""``paseo demo``: a living city on this machine, filled once, opened in seconds afterwards.

The city is built in a file beside the real one and moved there when it is whole, so that an interrupted start leaves
nothing half done.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config.cli.serve import serve

ROOT = Path(__file__).resolve().parent.parent
BUILDING = "city-in-building"


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="paseo demo", description="Fills a city once and opens it.")
    options.add_argument("--port", type=int, help="port of the pages (default: PORT, or 8000)")
    options.add_argument("--fill-only", action="store_true", help="fill the city and do not open it")
    said = options.parse_args(arguments)
    os.environ["PASEO_DEMO"] = "1"
    var = Path(os.environ.get("PASEO_VAR") or ROOT / "var").absolute()
    if (code := _fill(var)) != 0 or said.fill_only:
        return code
    return serve(port=said.port, greeting=greeting(said.port or int(os.environ.get("PORT") or 8000)))


def _fill(var: Path) -> int:
    final = var / "paseo.sqlite3"
    if os.environ.get("DATABASE_URL"):
        return subprocess.run([sys.executable, "-m", "demo.fill"], cwd=ROOT, check=False).returncode
    if final.exists():
        return 0
    print("Building the city (once, about a minute):", flush=True)
    try:
        var.mkdir(parents=True, exist_ok=True)
        for left in var.glob(f"{BUILDING}*"):
            left.unlink()
        building = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{var / BUILDING}.sqlite3",
            "SANDBOX_DB": f"{BUILDING}-sandbox.sqlite3",
            "LOG_LEVEL": "ERROR",
        }
        done = subprocess.run([sys.executable, "-m", "demo.fill"], cwd=ROOT, env=building, check=False)
        if done.returncode != 0:
            print(
                "The city could not be built; what went wrong stands above. Nothing was kept: start again.",
                file=sys.stderr,
            )
            return done.returncode
        _move(var / f"{BUILDING}-sandbox.sqlite3", var / "sandbox.sqlite3")
        _move(var / f"{BUILDING}-stream.sqlite3", var / "paseo-stream.sqlite3")
        _move(var / f"{BUILDING}.sqlite3", final)
    except OSError as error:
        print(
            f"Nothing can be written in {var} ({error.strerror}). Free space there, or set PASEO_VAR.", file=sys.stderr
        )
        return 1
    return 0


def _move(source: Path, target: Path) -> None:
    """Moves a database whose write-ahead log has been emptied into it."""
    import sqlite3

    books = sqlite3.connect(source)
    books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    books.close()
    for tail in ("-wal", "-shm", ".lock"):
        Path(f"{source}{tail}").unlink(missing_ok=True)
    source.replace(target)


def greeting(port: int) -> str:
    """Where to click and as whom."""
    here = f"http://localhost:{port}"
    return "\n".join(
        (
            "",
            f"  Street        {here}/              a passer-by, no account needed",
            f"  Sign in       {here}/sign-in/      one press for each of these:",
            "     Aino        a customer                       aino@example.com      paseo-demo-1",
            "     Elina       owner of the Aamu Roastery       owner@example.com     paseo-demo-2",
            "     Mikko       cashier there                    cashier@example.com   paseo-demo-3",
            "     Olli        the city's operator              operator@example.com  paseo-demo-4",
            f"  Console       {here}/console/      after signing in as owner, cashier or operator",
            f"  Mailbox       {here}/demo/mail/    every letter that Paseo has sent",
            f"  Design        {here}/design/       the objects that the pages are made of",
            "  Test cards    any payment page lists them; nothing real is ever charged",
            "",
        )
    )
