"""`make screenshots`: the README's pictures, taken from a demo that runs."""

from __future__ import annotations

import os
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
PATIENCE_SECONDS = 180


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _start(folder: str) -> tuple[subprocess.Popen[bytes], str]:
    """A demo of its own, on ports of its own."""
    port = _free_port()
    surroundings = {
        **os.environ,
        "OPENKAP_DATA_DIR": folder,
        "OPENKAP_PORT": str(port),
        "OPENKAP_MLLP_PORT": str(_free_port()),
    }
    command = [sys.executable, "-m", "openkap.config.command", "demo"]
    demo = subprocess.Popen(command, env=surroundings)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and demo.poll() is None:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
            return demo, f"http://localhost:{port}"
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo did not start.")


def _be(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/demo/")
    page.get_by_role("button", name=f"Be {name}").click()
    page.wait_for_load_state()


def _take(page: Page, site: str) -> None:
    _be(page, site, "Sam Rivera")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Open the room").first.click()
    page.wait_for_timeout(12_000)
    page.screenshot(path=PICTURES / "dosing-room.png")
    _be(page, site, "Kit Moran")
    page.goto(f"{site}/find/?q=Amara")
    page.locator("ul.card a").first.click()
    page.wait_for_load_state()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path=PICTURES / "chart.png")
    _be(page, site, "Amara Osei")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=PICTURES / "patient.png")


def main() -> None:
    """Start a demo, take the pictures, stop it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo, site = _start(folder)
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
                _take(chromium.new_page(), site)
                chromium.close()
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(timeout=60)
    print(f"The pictures are in {PICTURES}.")


if __name__ == "__main__":
    main()
