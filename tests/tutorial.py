"""The tutorial's steps as the text has them, and somebody who follows them in a demo (`test_tutorial.py`)."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.screenshots import OURS
from tests.settings import ROOT

TEXT = (ROOT / "docs" / "tutorial" / "first-day.md").read_text("utf-8")
VISIBLE = "() => document.body.innerText"
Press = Callable[["Walk"], None]
PRESSED: dict[tuple[str, int], tuple[str, Press]] = {}
_WORD = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`", re.DOTALL)


def told() -> dict[tuple[str, int], str]:
    """The steps of the text, by section and number, each on one line; what it lets one type stays in it."""
    steps = {}
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        title, body = section.split("\n", 1)
        for number, step in re.findall(r"^(\d+)\. (.+?)(?=^\d+\. |\Z)", body, re.MULTILINE | re.DOTALL):
            steps[title, int(number)] = " ".join(step.split())
    return steps


def mark_of(step: str) -> str:
    return hashlib.sha256(step.encode()).hexdigest()[:6]


def step(section: str, number: int, *, says: str) -> Callable[[Press], Press]:
    """This function presses that step of the text, as it reads now."""

    def keep(press: Press) -> Press:
        PRESSED[section, number] = says, press
        return press

    return keep


@dataclass
class Walk:
    """Somebody who follows the text: one window, and everything they have seen in a step."""

    page: Page
    site: str
    folder: str
    seen: list[str] = field(default_factory=list)

    def look(self) -> str:
        """Take in what stands on the page."""
        self.page.wait_for_load_state()
        self.seen.append(self.page.evaluate(VISIBLE))
        return self.seen[-1]

    def be(self, name: str) -> None:
        """One tap on the demo's first page."""
        self.page.goto(f"{self.site}/demo/")
        self.page.get_by_role("button", name=f"Be {name}").click()
        self.look()

    def press(self, words: str, *, nth: int = 0) -> None:
        """Press a button or follow a link by its words."""
        self.look()
        button, link = (self.page.get_by_role(role, name=words) for role in ("button", "link"))
        button.or_(link).nth(nth).click()
        self.look()

    def find(self, name: str) -> None:
        """Find a person and open their chart."""
        self.page.goto(f"{self.site}/find/?q={name}")
        self.page.locator("ul.card a").first.click()
        self.look()

    def expect(self, words: str | re.Pattern[str]) -> None:
        """It stands on the page, now or in a moment."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        self.look()

    def run(self, section: str, number: int) -> subprocess.Popen[bytes]:
        """The command a step gives for the second terminal, on this demo."""
        command = re.search(r"\.venv/bin/openkap (.+?) ```", told()[section, number])
        assert command
        parts = [sys.executable, "-m", "openkap.config.command", *command.group(1).split()]
        known = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment = {**known, "OPENKAP_DATA_DIR": self.folder, **_ports(self.site, self.folder)}
        return subprocess.Popen(parts, env=environment, stdout=subprocess.DEVNULL)


def _ports(site: str, folder: str) -> dict[str, str]:
    return {"OPENKAP_PORT": site.rsplit(":", 1)[1], "OPENKAP_MLLP_PORT": (Path(folder) / "mllp").read_text()}


def named(step: str) -> list[str]:
    """What a step names in italics: buttons, links and headings."""
    return [italics for _, italics, _ in _WORD.findall(step) if italics]
