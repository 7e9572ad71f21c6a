"""The system under load: its own database, two web workers, the worker process, all started as in production."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _descendants(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, frontier = [], [root]
    while frontier:
        current = frontier.pop()
        found.append(current)
        frontier += parents.get(current, [])
    return found


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    environment: dict[str, str]
    started_after: float
    cpu_after: float = 0.0

    def cpu_seconds(self) -> float:
        """User and system time of the whole process group so far."""
        total = 0
        for pid in _descendants(self.process.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self) -> dict[str, float]:
        """MiB of proportional memory (PSS) by command line of each process."""
        sizes: dict[str, float] = {}
        for pid in _descendants(self.process.pid):
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
                name = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()[-60:]
            except OSError:
                continue
            pss = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
            sizes[f"{pid} {name}"] = round(pss / 1024, 1)
        return sizes


def database_url(kind: str, folder: Path) -> str:
    """A fresh database: a file for ``sqlite``, a new database of the local server for ``postgres``."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'paseo.sqlite3'}"
    base = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    import psycopg

    name = f"paseo_bench_{os.getpid()}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{base.rpartition('/')[0]}/{name}"


def drop_database(kind: str, url: str) -> None:
    if kind != "postgres":
        return
    import psycopg

    base = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')


@contextmanager
def installation(kind: str) -> Iterator[dict[str, str]]:
    """The environment of an empty, migrated installation on database ``kind``; ``BENCH_URL`` names its database."""
    folder = Path(tempfile.mkdtemp(prefix="paseo-bench-"))
    url = database_url(kind, folder)
    environment = {
        **os.environ,
        "PASEO_VAR": str(folder),
        "BENCH_URL": url,
        "DATABASE_URL": "" if kind == "sqlite" else url,
        "SECRET_KEY": "bench",
        "SANDBOX_SECRET": "bench-secret",
        "LOG_LEVEL": "ERROR",
        "PASEO_DEMO": "0",
        "PASEO_SANDBOX": "0",
        "API_RATE": "0",
    }
    try:
        subprocess.run(
            [sys.executable, "-m", "config.cli", "migrate"],
            check=True,
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        yield environment
    finally:
        drop_database(kind, url)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(environment: dict[str, str], workers: int = 2, *, migrate: bool = False) -> Iterator[Server]:
    """``paseo serve`` on a free port, ready when ``/healthz`` answers. ``installation`` has migrated already."""
    port = free_port()
    environment = {**environment, "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "config.cli",
            "serve",
            "--port",
            str(port),
            "--workers",
            str(workers),
            *([] if migrate else ["--no-migrate"]),
        ],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
                    if answer.status == 200:
                        break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            if process.poll() is not None:
                raise SystemExit("The server stopped before it was ready.")
            if time.perf_counter() - begin > 60:
                raise SystemExit("The server was not ready after a minute.")
            time.sleep(0.02)
        server = Server(process, port, environment, time.perf_counter() - begin)
        server.cpu_after = round(server.cpu_seconds(), 2)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
