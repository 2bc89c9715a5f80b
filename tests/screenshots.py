"""`make screenshots`: the README's pictures, taken from a demo that runs.

Beside each picture stand the words its page showed: headings, labels and buttons, without numbers, names of
months and marks. `--check` takes no picture and fails when a page shows other words now: it is stale.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import browser

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
PATIENCE_SECONDS = 480
OURS = ("OPENKAP_", "DJANGO_")  # what tests are run with is not how a new user starts a demo
WORDS = """() => [...document.querySelectorAll(
  'h1, h2, h3, dt, summary, button, a.button, a.tap, nav a, .k > span, label')]
  .filter((node) => node.getClientRects().length && !node.closest('.visually-hidden, .mark, #part-marks'))
  .map((node) => node.innerText.trim())"""
CHANGING = re.compile(r"\d[\d:.,/+]*|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start_demo(folder: str) -> tuple[subprocess.Popen[bytes], str, int]:
    """A demo of its own, on ports of its own: its process, its address, and where it hears monitors."""
    port, heard_at = _free_port(), _free_port()
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
        "OPENKAP_DATA_DIR": folder,
        "OPENKAP_PORT": str(port),
        "OPENKAP_MLLP_PORT": str(heard_at),
    }
    command = [sys.executable, "-m", "openkap.config.command", "demo"]
    demo = subprocess.Popen(command, env=surroundings)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and demo.poll() is None:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
            return demo, f"http://localhost:{port}", heard_at
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo did not start.")


def _be(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/demo/")
    page.get_by_role("button", name=f"Be {name}").click()
    page.wait_for_load_state()


def _words(page: Page) -> list[str]:
    """What stands on the page by itself, in a form that the time of day does not change."""
    said = {" ".join(CHANGING.sub("#", text).split()) for text in page.evaluate(WORDS)}
    return sorted(said - {"", "#"})


class Album:
    """The pictures with their words: kept anew, or only compared."""

    def __init__(self, *, only_check: bool) -> None:
        self.only_check, self.stale = only_check, list[str]()

    def take(self, page: Page, name: str) -> None:
        """Keep the picture and its words; or say that another page stands there now."""
        words = "\n".join(_words(page)) + "\n"
        beside = PICTURES / f"{name}.txt"
        if not self.only_check:
            page.screenshot(path=PICTURES / f"{name}.png")
            beside.write_text(words, encoding="utf-8")
            return
        before = set(beside.read_text(encoding="utf-8").splitlines()) if beside.exists() else set()
        changed = before ^ set(words.splitlines())
        if changed:
            self.stale.append(f"{name}.png is stale: {', '.join(sorted(changed))}")


def _walk(page: Page, site: str, album: Album) -> None:
    _be(page, site, "Sam Rivera")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Open the room").first.click()
    page.wait_for_timeout(12_000)
    album.take(page, "dosing-room")
    _be(page, site, "Kit Moran")
    page.goto(f"{site}/find/?q=Amara")
    page.locator("ul.card a").first.click()
    page.wait_for_load_state()
    page.set_viewport_size({"width": 1280, "height": 900})
    album.take(page, "chart")
    _be(page, site, "Amara Osei")
    page.set_viewport_size({"width": 390, "height": 844})
    album.take(page, "patient")


def main(arguments: list[str]) -> int:
    """Start a demo, take the pictures or compare them, stop it."""
    album = Album(only_check="--check" in arguments)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo, site, _ = start_demo(folder)
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
                _walk(chromium.new_page(), site, album)
                chromium.close()
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(timeout=60)
    print("\n".join(album.stale) or f"The pictures in {PICTURES} show what the pages say.")
    return 1 if album.stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
