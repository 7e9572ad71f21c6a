"""What the stories of buying share: the gateway's pages, the shop's acts, and the way from a dish to the checkout."""

from __future__ import annotations

import hashlib
import hmac
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Site, _wait_for, free_port

OFFICIAL = "localhost:8001"
"""Where the site believes its gateway to be; the browser of these stories finds the gateway's process there."""


def run_gateway(site: Site, folder: Any) -> Iterator[int]:
    """Runs the sandbox gateway and yields its port."""
    port = free_port()
    secret = hmac.digest(
        (site.var / "secret-key").read_text().strip().encode(), b"sandbox gateway", hashlib.sha256
    ).hex()
    log = (folder / "gateway.log").open("w")
    command = [
        sys.executable,
        "-m",
        "tests.browser.gateway",
        "--port",
        str(port),
        "--db",
        str(folder / "gateway.sqlite3"),
    ]
    process = subprocess.Popen(
        [*command, "--secret", secret], cwd=ROOT, env=site.environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, folder / "gateway.log")
        yield port
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def official(gateway_port: int) -> str:
    """The flag of a Chromium for which the gateway's address leads to ``gateway_port``."""
    return f"--host-resolver-rules=MAP {OFFICIAL} 127.0.0.1:{gateway_port}"


def shop(site: Site, *words: str) -> None:
    """What the shop does meanwhile; see ``tests.browser.shop``."""
    command = [sys.executable, "-m", "tests.browser.shop", *words]
    subprocess.run(command, cwd=ROOT, env=site.environment, check=True)


def order_of(page: Any) -> str:
    return re.search(r"/orders/([0-9a-f-]{36})/", page.url)[1]  # type: ignore[index]


def fill_cart(page: Any, site: Site, *offers: str) -> None:
    """Adds dishes through their pages; afterwards the page is that of the shop."""
    for offer in offers:
        store = offer.partition(".")[0]
        page.goto(f"/s/{site.town['slugs'][store]}/{site.town['offers'][offer]}/")
        page.get_by_role("button", name="Add to the order").click()
        expect(page.get_by_role("link", name="See the order")).to_be_visible()


def to_checkout(page: Any, site: Site, *offers: str) -> None:
    fill_cart(page, site, *offers)
    page.get_by_role("link", name="See the order").click()
    page.get_by_role("link", name="To the checkout").click()
    expect(page.get_by_label("E-mail")).to_be_visible()


def order_with_cash(page: Any, site: Site, *offers: str) -> str:
    """A confirmed order; afterwards the page is its own."""
    to_checkout(page, site, *offers)
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_label("Cash at the counter").check()
    page.get_by_role("button", name="Order, pay at the counter").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    return order_of(page)


def wide(page: Any) -> bool:
    """Whether the page must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
