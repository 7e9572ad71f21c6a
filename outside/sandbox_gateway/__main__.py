"""Starts the sandbox gateway."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading

from outside.sandbox_gateway.cards import LATE_S
from outside.sandbox_gateway.delivery import Courier
from outside.sandbox_gateway.server import Gateway
from outside.sandbox_gateway.store import Store


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sandbox_gateway", description="A payment gateway to try Paseo with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--db", default="sandbox.sqlite3", help="where payments are kept")
    parser.add_argument("--secret", default=os.environ.get("SANDBOX_SECRET", ""), help="or SANDBOX_SECRET")
    parser.add_argument("--late-seconds", type=float, default=LATE_S, help="how late a late payment is")
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO if chosen.verbose else logging.WARNING, format="sandbox %(message)s")
    if not chosen.secret:
        print("The sandbox gateway needs the secret that it shares with the shop: set SANDBOX_SECRET.", file=sys.stderr)
        return 2
    store = Store(chosen.db)
    try:
        gateway = Gateway((chosen.host, chosen.port), store, chosen.secret, chosen.late_seconds)
    except OSError as error:
        print(f"The sandbox gateway cannot use port {chosen.port}: {error.strerror}.", file=sys.stderr)
        return 1
    courier = Courier(store, chosen.secret)
    courier.start()

    def stop(*_: object) -> None:
        threading.Thread(target=gateway.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        gateway.serve_forever(poll_interval=0.1)
    finally:
        courier.stopping.set()
        courier.join(timeout=2)
        gateway.server_close()
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
