"""A whole installation: site, streams and device listener on loopback, and a browser before it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from openkap.accounts.actor import Actor
from tests import browser as chromium
from tests.settings import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LOOPBACK = ("http://localhost:", "data:", "blob:", "about:")


@dataclass
class Clock:
    """The site's clock: real time, and whatever the test moves it on by."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_on(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture
def site_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Real time, because browsers and monitors have clocks of their own; it can be moved on."""
    from django.utils import timezone

    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return clock


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


expect.set_options(timeout=30_000)


@pytest.fixture
def site(site_clock: Clock, transactional_db: None) -> Iterator[str]:
    """The site as `openkap serve` runs it, on this test's database."""
    from openkap.config.asgi import application

    port = _free_port()
    config = uvicorn.Config(application, host="localhost", port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    yield f"http://localhost:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join(timeout=60)
    gc.collect()  # what the browser left half-sent is let go here, and not in another test


@pytest.fixture
def monitors_port(site_clock: Clock, transactional_db: None) -> Iterator[int]:
    """The device listener, on a port of its own."""
    from openkap.interop.hl7v2.listener import Listener

    ready, ports, loop = threading.Event(), [], asyncio.new_event_loop()

    async def listen() -> None:
        async with Listener().listening("127.0.0.1", 0) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError, RuntimeError):
            loop.run_until_complete(listen())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(60)
    yield ports[0]
    for task in asyncio.all_tasks(loop):
        loop.call_soon_threadsafe(task.cancel)
    thread.join(timeout=60)
    loop.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = chromium.find()
    assert path, "The browser tests need Chromium; `make test` installs it or says how."
    with sync_playwright() as playwright:
        it = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        yield it
        it.close()


@dataclass
class Visitor:
    """Somebody at a screen. Every page they see is looked over by axe."""

    name: str
    page: Page
    site: str
    seen: list[str]

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.look()

    def look(self) -> Page:
        """What axe says of the page as it stands; any violation fails the journey."""
        self.page.wait_for_load_state()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        told = [f"{it['id']}: {it['nodes'][0]['html'][:160]}" for it in found]
        assert told == [], f"{self.name} at {self.page.url}"
        self.seen.append(self.page.url)
        return self.page

    def press(self, words: str, *, nth: int = 0) -> Page:
        """Press a button or follow a link by its words."""
        target = self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words))
        target.nth(nth).click()
        return self.look()


@pytest.fixture
def visitor(
    browser: Browser, site: str, client_as: Callable[[Actor], Client]
) -> Iterator[Callable[..., Visitor]]:
    """Sign somebody in at a screen of their own; no request may leave this machine."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []

    def come(actor: Actor | None, *, width: int = 1440, height: int = 900) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.on("request", lambda it: None if it.url.startswith(LOOPBACK) else strangers.append(it.url))
        if actor is not None:
            cookies: list[Any] = [
                {"name": key, "value": it.value, "url": site} for key, it in client_as(actor).cookies.items()
            ]
            context.add_cookies(cookies)
        return Visitor(actor.name if actor else "nobody", context.new_page(), site, [])

    yield come
    for context in contexts:
        context.close()
    assert strangers == []
