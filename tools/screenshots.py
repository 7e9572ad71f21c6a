"""Takes the pictures of the README from the running demo: ``make screenshots``.

Starts the demo on a free port when ``PASEO_URL`` does not name a running one.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@contextmanager
def running() -> Iterator[str]:
    if given := os.environ.get("PASEO_URL"):
        yield given.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    demo = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
    )
    try:
        for _ in range(600):
            try:
                if urllib.request.urlopen(f"{address}/healthz", timeout=2).status == 200:
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            if demo.poll() is not None:
                raise SystemExit("The demo stopped before it was ready.")
            time.sleep(0.5)
        yield address
    finally:
        demo.terminate()
        demo.wait(20)


def signed_in(browser: Browser, address: str, who: str, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name=who).click()
    page.wait_for_load_state("networkidle")
    return page


def main() -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        guest = browser.new_context(
            viewport=PHONE, locale="en-GB", color_scheme="light", device_scale_factor=2
        ).new_page()
        guest.goto(address)
        guest.wait_for_timeout(1500)
        guest.screenshot(path=IMAGES / "near.png")
        owner = signed_in(browser, address, "Elina", DESK)
        owner.wait_for_timeout(500)
        owner.screenshot(path=IMAGES / "today.png")
        operator = signed_in(browser, address, "Olli", DESK)
        operator.wait_for_timeout(1500)
        operator.screenshot(path=IMAGES / "city.png")
        order = ordered(browser, address)
        order.screenshot(path=IMAGES / "order.png")
        browser.close()
    return 0


def ordered(browser: Browser, address: str) -> Page:
    """A guest orders at the roastery, pays with a test card, and looks at the order."""
    page = browser.new_context(viewport=PHONE, locale="en-GB", color_scheme="light", device_scale_factor=2).new_page()
    page.goto(f"{address}/s/aamu-roastery/")
    for dish in ("Cardamom bun", "Filter coffee"):
        page.get_by_role("link", name=dish).first.click()
        page.get_by_role("button", name="Add to the order").click()
        page.get_by_role("link", name="See the order").wait_for()
    page.get_by_role("link", name="See the order").click()
    page.get_by_role("link", name="To the checkout").click()
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.get_by_label("Card that works", exact=True).check()
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.locator(".codetext").wait_for()
    page.wait_for_timeout(1500)
    return page


if __name__ == "__main__":
    raise SystemExit(main())
