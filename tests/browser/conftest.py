"""A running site with the town in it, and a Chromium that walks through it.

The site is a process of its own, as in life: these tests see what a person sees, never the database.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import NOON, FileClock

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "var" / "vendor-dev" / "axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """``url`` of the running site; ``town`` as in ``town.json``: slugs, tokens, stores, offers and more."""

    url: str
    var: Path
    environment: dict[str, str]
    town: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def clock(self) -> FileClock:
        return FileClock(self.var / "clock")

    def advance(self, **span: float) -> datetime:
        """Moves the clock of the whole site."""
        now = self.clock.now() + timedelta(**span)
        self.clock.set(now)
        return now

    def settle(self) -> None:
        """Delivers what waits in the outbox: letters, rights, counts."""
        self.run("settle")

    def run(self, what: str) -> None:
        command = [sys.executable, "-m", "tests.browser.site", what]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for the stories of a module. Each test brings its own browser, and with it a cart of its own."""
    var = tmp_path_factory.mktemp("site")
    if (ROOT / "var" / "vendor").exists():
        (var / "vendor").symlink_to(ROOT / "var" / "vendor")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PASEO_VAR": str(var),
        "PASEO_BROWSER_SITE": "1",
        "PUBLIC_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_URL": "",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    made = Site(url, var, environment)
    made.run("build")
    made.town = json.loads((var / "town.json").read_text())
    log = (var / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1", "--port", str(port),
         "--no-ws", "tests.browser.site:application"],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait_for(f"{url}/robots.txt", server, var / "server.log")
        yield made
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The site does not answer:\n{log.read_text()[-4000:]}")


@pytest.fixture(autouse=True)
def _noon(request: pytest.FixtureRequest) -> None:
    """Every test begins at noon; a test that moved the clock moves nobody else's."""
    if "site" in request.fixturenames:
        request.getfixturevalue("site").clock.set(NOON)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Any]]:
    """``launch("--flag")`` starts a Chromium; all of them hang on one driver, which a thread can have only once."""
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("There is no Chromium: tools/chromium.sh installs one.")
    # The loop that drives the browser runs in this thread; other tests of the session use the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started: list[Any] = []

        def start(*flags: str) -> Any:
            started.append(playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags]))
            return started[-1]

        yield start
        for chromium in started:
            chromium.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Any]) -> Any:
    return launch()


@pytest.fixture
def new_page(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """``new_page(PHONE, locale="zh-CN", color_scheme="dark")``: a page in a browser that remembers nothing.

    An error of a script on any page fails the test.
    """
    contexts, failures = [], []

    def make(device: dict[str, Any] | None = None, **options: Any) -> Any:
        wanted = {"locale": "en-GB", "color_scheme": "light", "service_workers": "block", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=site.url, **{**wanted, **(device or DESKTOP), **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(f"{page.url}: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def page_phone(new_page: Callable[..., Any]) -> Any:
    return new_page(PHONE)


@pytest.fixture
def page_desktop(new_page: Callable[..., Any]) -> Any:
    return new_page(DESKTOP)


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """``assert axe(page) == []``: what stands in the way of somebody who cannot see, point or tell colors apart."""
    if not AXE.exists():
        pytest.skip("axe-core is not there: python tools/assets.py fetches it.")

    def check(page: Any) -> list[str]:
        # By the debugger, since the pages forbid foreign scripts.
        page.evaluate(AXE.read_text())
        found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
        return [
            f"{one['id']} ({one['impact']}): {node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return check


@pytest.fixture
def sideways() -> Callable[[Any], int]:
    """By how many pixels a page can be scrolled sideways: never any."""
    return lambda page: page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def tab_to() -> Callable[..., int]:
    """Presses Tab until the wanted thing has the focus, and looks that the focus can be seen on the way.

    ``tab_to(page, page.get_by_role("link", name="Aamu"))`` returns how many times it was pressed.
    """

    def walk(page: Any, wanted: Any, most: int = 80) -> int:
        for pressed in range(1, most + 1):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                  const at = document.activeElement;
                  const around = at.closest(".find, .chip, .switch > label, .dish") || at;
                  const drawn = (style) => style.outlineStyle !== "none" || style.boxShadow !== "none";
                  const ring = [at, around].some((e) => drawn(getComputedStyle(e)));
                  return at === document.body || ring ? "" : at.outerHTML.slice(0, 120);
                }"""
            )
            assert seen == "", f"The focus cannot be seen: {seen}"
            if wanted.evaluate_all("(all) => all.includes(document.activeElement)"):
                return pressed
        raise AssertionError(f"{wanted} cannot be reached with {most} presses of Tab")

    return walk
