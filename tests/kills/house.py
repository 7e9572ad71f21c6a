"""The processes of an installation on a database of its own: opened as in production, killed without a warning."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120.0
SECRET = "kill-test"
GATEWAY_BOOKS = "sandbox.sqlite3"


def _two_free_ports() -> tuple[int, int]:
    """Below the range from which the system takes ports for callers: a caller that tries again and again while nobody
    listens would else be given the very port that it calls, and keep it."""
    free = []
    for port in range(20_000 + os.getpid() % 5_000, 30_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        free.append(port)
        if len(free) == 2:
            return free[0], free[1]
    raise AssertionError("no port is free")


@contextmanager
def _database(url: str) -> Iterator[str]:
    """A new database of the server of ``url``, or "" for files in the installation's own folder."""
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"paseo_kills_{os.getpid()}"
    parts = urlsplit(url)
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _members(group: int) -> dict[int, tuple[int, str]]:
    """Living processes of a process group: id to parent and command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(its_group) == group and state not in "ZX":
                    found[int(entry.name)] = (int(parent), (entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return found


class House:
    """``open`` before buyers come, ``kill`` whenever one likes. The house is opened again by ``mend``.

    ``serving`` are settings of its serving processes alone.
    """

    def __init__(self, environment: dict[str, str], port: int, gateway_port: int) -> None:
        self.environment, self.port, self.gateway_port = environment, port, gateway_port
        self.folder = Path(environment["PASEO_VAR"])
        self.serving: dict[str, str] = {}
        self.log = (self.folder / "house.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self.gateway: subprocess.Popen[bytes] | None = None
        self.standing = threading.Event()

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """A command of the installation, or a module of the tests, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env={**self.environment, "PASEO_SANDBOX": "0"},
            cwd=ROOT,
            check=check,
            capture_output=True,
        )

    def tell(self, module: str, *arguments: str) -> Any:
        """The last line that a module of the tests prints, read as JSON."""
        done = self.run(module, *arguments, check=False)
        assert done.returncode == 0, done.stderr.decode()[-4000:]
        return json.loads(done.stdout.decode().splitlines()[-1])

    def open(self, *, workers: int = 1) -> None:
        begin = time.monotonic()
        said = ["--port", str(self.port), "--workers", str(workers), "--no-migrate"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", *said],
            env={**self.environment, **self.serving},
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            process_group=0,
        )
        self._open_gateway()
        self._until_ready(begin)
        self.standing.set()

    def _open_gateway(self) -> None:
        assert self.process is not None
        books = ["--db", str(self.folder / GATEWAY_BOOKS), "--port", str(self.gateway_port), "--secret", SECRET]
        self.gateway = subprocess.Popen(
            [sys.executable, "-m", "outside.sandbox_gateway", *books],
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            process_group=self.process.pid,
        )

    def _until_ready(self, begin: float) -> None:
        asked = [f"http://127.0.0.1:{self.port}/healthz", f"http://127.0.0.1:{self.gateway_port}/healthz"]
        while asked:
            try:
                with urllib.request.urlopen(asked[0], timeout=5) as answer:
                    if answer.status == 200:
                        asked.pop(0)
                        continue
            except OSError:
                pass
            assert self.process is not None and self.process.poll() is None, self.said()
            assert time.monotonic() - begin < READY_SECONDS, self.said()
            time.sleep(0.01)

    def said(self) -> str:
        return (self.folder / "house.log").read_text(errors="replace")[-4000:]

    def kill(self, victim: str) -> None:
        """``house``: everything at once. ``page``: one of the processes that answer pages. ``pages``: the one above
        them. ``worker`` and ``gateway``: these."""
        assert self.process is not None
        if victim == "house":
            self.standing.clear()
            os.killpg(self.process.pid, signal.SIGKILL)
            self._buried()
        elif victim == "gateway":
            assert self.gateway is not None
            self.gateway.kill()
            self.gateway.wait()
        else:
            os.kill(self._one(victim), signal.SIGKILL)

    def _one(self, victim: str) -> int:
        assert self.process is not None
        members = _members(self.process.pid)
        servers = {pid for pid, (_, said) in members.items() if "granian" in said}
        chosen = {
            "page": [pid for pid in servers if members[pid][0] in servers],
            "pages": [pid for pid in servers if members[pid][0] == self.process.pid],
            "worker": [pid for pid, (_, said) in members.items() if said.strip().endswith("config.cli worker")],
        }[victim]
        # A worker that is only now being started has nothing to lose yet: then the pages are killed.
        return min(chosen or [pid for pid in servers if members[pid][0] == self.process.pid])

    def mend(self, *, workers: int = 1) -> None:
        """Opens what was killed and does not open by itself."""
        assert self.process is not None and self.gateway is not None
        if not self.standing.is_set():
            self.open(workers=workers)
            return
        if self.gateway.poll() is not None:
            self._open_gateway()
        self._until_ready(time.monotonic())

    def close(self) -> None:
        """As an operator closes it."""
        if self.process is not None:
            self.standing.clear()
            if self.process.poll() is None:
                self.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(20)
            if self.gateway is not None:
                self.gateway.kill()
                self.gateway.wait()
            self.process.wait()

    def _buried(self) -> None:
        """Waits until nothing of the house lives any more; a port is free only then."""
        assert self.process is not None and self.gateway is not None
        self.process.wait()
        self.gateway.wait()
        until = time.monotonic() + 20
        while _members(self.process.pid):
            assert time.monotonic() < until, f"still there: {_members(self.process.pid)}"
            time.sleep(0.002)

    def left_over(self) -> list[str]:
        """What still runs of the house."""
        assert self.process is not None
        return [said for _, said in _members(self.process.pid).values()]


@contextmanager
def house(database_url: str) -> Iterator[House]:
    """A migrated house, not opened yet. Without PostgreSQL in ``database_url`` it keeps SQLite files."""
    folder = Path(tempfile.mkdtemp(prefix="paseo-kills-"))
    port, gateway_port = _two_free_ports()
    with _database(database_url) as url:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))},
            "PASEO_VAR": str(folder),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "kill-test",
            "SANDBOX_SECRET": SECRET,
            "SANDBOX_URL": f"http://127.0.0.1:{gateway_port}",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "ERROR",
            "PASEO_DEMO": "0",
            "PASEO_SANDBOX": "0",
            "API_RATE": "0",
        }
        one = House(environment, port, gateway_port)
        try:
            one.run("config.cli", "migrate", "--quiet")
            yield one
        finally:
            if one.process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(one.process.pid, signal.SIGKILL)
                one.process.wait()
            one.log.close()
            shutil.rmtree(folder, ignore_errors=True)
