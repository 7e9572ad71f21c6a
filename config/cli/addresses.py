"""Ports and addresses of what ``serve`` opens, worked out before any setting is read."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
SCARCE_BYTES = 50_000_000


@dataclass(frozen=True)
class Addresses:
    host: str
    port: int
    sandbox_port: int | None

    @property
    def local(self) -> str:
        return f"http://localhost:{self.port}"


class CannotOpen(Exception):
    """One sentence says what is in the way."""


def settle(host: str | None, port: int | None) -> Addresses:
    """Decides ports and writes what follows from them into the environment of the children."""
    env = Environment()
    port = port or env.number("PORT", 8000, "Port of the pages.")
    if not 1 <= port <= 65535:
        raise CannotOpen(f"PORT must be between 1 and 65535, but it is {port}.")
    demo = env.flag("PASEO_DEMO", False, "")
    host = host or os.environ.get("HOST") or ("0.0.0.0" if demo else "127.0.0.1")  # noqa: S104 - a demo is for visitors
    if "PUBLIC_URL" not in os.environ:
        os.environ["PUBLIC_URL"] = f"http://localhost:{port}"
        os.environ.setdefault("CSRF_TRUSTED_ORIGINS", f"http://localhost:{port},http://127.0.0.1:{port}")
    os.environ["PORT"] = str(port)
    sandbox = None
    if env.flag("PASEO_SANDBOX", demo, "Run the sandbox payment gateway beside the pages."):
        given = os.environ.get("SANDBOX_URL", f"http://localhost:{port + 1}")
        os.environ["SANDBOX_URL"] = given
        sandbox = urlsplit(given).port or port + 1
        os.environ.setdefault("PAYMENT_ORIGINS", f"{given},http://127.0.0.1:{sandbox}")
    return Addresses(host, port, sandbox)


def check_free(host: str, port: int) -> None:
    taken = f"Port {port} is taken. Choose another one, for example PORT="
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as caller:
        caller.settimeout(1)
        # Servers that share a port among processes would let us bind, and then answer half of the requests.
        if caller.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0:  # noqa: S104 - compared
            raise CannotOpen(taken + f"{_another(port)}.")
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotOpen(
                f"Port {port} may not be opened by this user. Choose another one, for example PORT=8000."
            ) from None
        except OSError:
            raise CannotOpen(taken + f"{_another(port)}.") from None


def check_disk() -> None:
    var = Path(os.environ.get("PASEO_VAR") or ROOT / "var")
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".probe-{os.getpid()}"
        try:
            probe.write_bytes(b"\0" * 65536)
        finally:
            probe.unlink(missing_ok=True)
        left = shutil.disk_usage(var).free
    except OSError as error:
        raise CannotOpen(
            f"Nothing can be written in {var} ({error.strerror}). Free space there, or set PASEO_VAR."
        ) from None
    if left < SCARCE_BYTES:
        raise CannotOpen(f"Only {left // 1_000_000} MB are free in {var}. Free space there, or set PASEO_VAR.")


def _another(port: int) -> int:
    for candidate in (*range(port + 10, min(port + 110, 65535), 10), 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return 0
