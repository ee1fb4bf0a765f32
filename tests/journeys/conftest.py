"""The real stack for journeys: the demo as `make demo` runs it, in its own folder, and a real browser."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.stack import ROOT, VAR_DIR, Shop, find_free_port, wait_for_shop

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """The demo, running: web server, worker, beat, emulator, PostgreSQL, Redis. Its stop is checked, too.

    ANYBERRY_DEMO names the demo.json of one that runs already, while journeys are being written.
    """
    if running := os.environ.get("ANYBERRY_DEMO"):
        yield Shop(**json.loads(Path(running).read_text()))
        return
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment |= {
        "VAR_DIR": str(VAR_DIR),
        "DEMO_PORT": str(find_free_port()),
        "DJANGO_SETTINGS_MODULE": "anyberry.settings.development",
    }
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    log = (VAR_DIR / "demo.log").open("w")
    demo = subprocess.Popen(
        [sys.executable, "-m", "anyberry.demo.run"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield wait_for_shop(demo)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=60)
        log.close()
    assert not (VAR_DIR / "demo.json").exists()


@pytest.fixture(scope="session")
def browser(browser_program: str) -> Iterator[Browser]:
    """A Chromium that all journeys share, each with a context of its own."""
    # Playwright's loop runs in this thread; Django's tests after it are as synchronous as before.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in a browser of its own, and whatever went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a new visitor's page. No script error, refused script or failed request may happen in it."""
    visits: list[Visit] = []

    def open_page(**options) -> Page:
        options = {"viewport": {"width": 360, "height": 740}, "locale": "ru-RU", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        visits.append(watch(Visit(context.new_page())))
        return visits[-1].page

    yield open_page
    faults = [fault for visit in visits for fault in visit.faults]
    for visited in visits:
        visited.page.context.close()
    assert faults == []


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Open a new page for the admin, where autosave is refused while a form is half filled in: no fault."""
    contexts = []

    def open_page() -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="ru-RU")
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def watch(visited: Visit) -> Visit:
    page, faults = visited.page, visited.faults
    page.on("pageerror", lambda error: faults.append(f"script error on {page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(f"console on {page.url}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            faults.append(f"{response.status} for {response.url}") if response.status >= 400 else None
        ),
    )
    return visited
