"""``paseo serve``: one command opens the whole house.

This process imports nothing but the standard library. It migrates, starts the others in its own process group, starts
again what crashes, and takes everything with it when it ends.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from config.backups import occupancy
from config.cli.addresses import ROOT, Addresses, CannotOpen, check_disk, check_free, settle
from config.cli.children import Child, Family, die_with_parent
from config.environment import Environment

READY_SECONDS = 60.0
MOST_ERRORS = 3


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(
        prog="paseo serve",
        description="Opens this installation: migrates, serves pages, the API and events on one port, runs the worker. "
        "Ctrl-C ends all of it.",
    )
    options.add_argument("--port", type=int, help="port of the pages (default: PORT, or 8000)")
    options.add_argument("--host", help="address to listen on (default: HOST, or 127.0.0.1; in the demo 0.0.0.0)")
    options.add_argument("--workers", type=int, help="processes for pages (default: WORKERS, or 2)")
    options.add_argument(
        "--no-worker", action="store_true", help="leave events, sweeps and tasks to `paseo worker` elsewhere"
    )
    options.add_argument("--no-migrate", action="store_true", help="do not touch the form of the databases")
    said = options.parse_args(arguments)
    return serve(
        host=said.host,
        port=said.port,
        workers=said.workers,
        with_worker=not said.no_worker,
        migrate=not said.no_migrate,
    )


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    with_worker: bool = True,
    migrate: bool = True,
    greeting: str = "",
) -> int:
    """Serves until a signal comes; returns the exit code. ``greeting`` is printed after the line of the opening."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    try:
        addresses = settle(host, port)
        check_disk()
        occupancy.stay(_var())
        (_var() / "static").mkdir(exist_ok=True)
        check_free(addresses.host, addresses.port)
        if addresses.sandbox_port is not None:
            check_free(addresses.host, addresses.sandbox_port)
    except CannotOpen as obstacle:
        print(obstacle, file=sys.stderr)
        return 1
    _keep_bytecode()
    if migrate and (code := _migrate()) != 0:
        return code
    count = workers or Environment().number("WORKERS", 2, "Processes for pages.")
    return _watch(Family(_children(addresses, count, with_worker)), addresses, greeting)


def _children(addresses: Addresses, workers: int, with_worker: bool) -> list[Child]:
    python = [sys.executable, "-m"]
    pages = [
        *python, "granian", "--interface", "rsgi", "--host", addresses.host, "--port", str(addresses.port),
        "--workers", str(workers), "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "3",
        "--log-level", "warning", "--backlog", "1024", "config.rsgi:application",
    ]  # fmt: skip
    children = [Child("pages", pages)]
    if with_worker:
        children.append(Child("worker", [*python, "config.cli", "worker"]))
    if addresses.sandbox_port is not None:
        where = ["--host", addresses.host, "--port", str(addresses.sandbox_port)]
        children.append(Child("sandbox gateway", [*python, "config.cli", "sandbox", *where]))
    return children


def _watch(family: Family, addresses: Addresses, greeting: str) -> int:
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: ended.append(got))
    family.start("pages")
    began, ready, errors = time.monotonic(), False, 0
    try:
        while not ended:
            family.look()
            status = 0 if ready else _health(addresses)
            errors += status == 500
            if status == 200 and not ended:
                ready = True
                family.start()
                print(f"Paseo is open: {addresses.local} (Ctrl-C closes it)", flush=True)
                if greeting:
                    print(greeting, flush=True)
            late = time.monotonic() - began > READY_SECONDS
            if not ready and (late or errors >= MOST_ERRORS or family.children[0].crashes >= MOST_ERRORS):
                print("Paseo cannot be opened: its pages fail. What they said stands above.", file=sys.stderr)
                return 1
            time.sleep(0.5 if ready else 0.03)
    finally:
        family.stop()
    return 0


def _keep_bytecode() -> None:
    """Where Python is told to write no bytecode, every process would compile a thousand files before it can answer: it
    is kept beside the database instead of beside the sources."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(_var() / "bytecode"))


def _var() -> Path:
    return Path(os.environ.get("PASEO_VAR") or ROOT / "var").absolute()


def _health(addresses: Addresses) -> int:
    """The status of the pages, 0 while they do not answer."""
    host = "127.0.0.1" if addresses.host == "0.0.0.0" else addresses.host  # noqa: S104 - compared, not bound
    try:
        asked = http.client.HTTPConnection(host, addresses.port, timeout=5)
        asked.request("GET", "/healthz", headers={"Host": f"localhost:{addresses.port}"})
        return asked.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0


def _migrate() -> int:
    """Migrates in a process of its own, unless nothing can have changed since the last time."""
    stamp = _var() / "migrated"
    mark = _mark()
    if mark and stamp.exists() and stamp.read_text() == mark:
        return 0
    done = subprocess.run(
        [sys.executable, "-m", "config.cli", "migrate", "--quiet"], check=False, preexec_fn=die_with_parent
    )
    if done.returncode == 0 and (mark := _mark()):
        stamp.write_text(mark)
    return done.returncode


def _mark() -> str:
    """A fingerprint of the migrations and of the database files; "" when the database is not a file of ours."""
    if os.environ.get("DATABASE_URL"):
        return ""
    digest = hashlib.sha256()
    var = _var()
    for name in ("paseo.sqlite3", "paseo-stream.sqlite3"):
        file = var / name
        if not file.exists():
            return ""
        digest.update(f"{file}:{file.stat().st_ino}".encode())
    digest.update(os.environ.get("PASEO_DEMO", "").encode())
    for file in sorted((ROOT / "paseo").glob("*/*/migrations/0*.py")):
        digest.update(f"{file.parent.parent.name}/{file.name}".encode() + file.read_bytes())
    digest.update(
        (ROOT / "requirements" / "base.txt").read_bytes() if (ROOT / "requirements" / "base.txt").exists() else b""
    )
    return digest.hexdigest()
