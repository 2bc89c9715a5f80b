"""How long the tests of each app take: stated in `seconds.toml`, measured in every run, printed at its end.

Times of a busy machine fail nothing. What is stated is held: each app has its line, and all of them together
are ten minutes on two cores (`tests/architecture/test_seconds.py`).
"""

from __future__ import annotations

import os
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

STATED = Path(__file__).with_name("seconds.toml")
LATE = 1.5  # a slower machine is expected; an app that took half as long again is worth a line


def stated() -> dict[str, int]:
    """The seconds each app may take, on one core."""
    return {str(app): int(seconds) for app, seconds in tomllib.loads(STATED.read_text("utf-8")).items()}


def app_of(path: str) -> str:
    """The app, or the folder of the tests that are about all of them."""
    parts = Path(path).parts
    return parts[2] if parts[:2] == ("src", "openkap") else "/".join(parts[:2])


def share_of_a_core(workers: int) -> float:
    """How much of a core each of so many workers has, where there are more of them than cores."""
    return min(1.0, (os.cpu_count() or 1) / max(workers, 1))


class Seconds:
    """Adds up what each test took, with what was set up for it."""

    def __init__(self, *, share: float = 1.0) -> None:
        self.share = share
        self.taken: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of a test is over; with several workers the one that started them hears of each."""
        self.taken[app_of(report.nodeid.split("::")[0])] += report.duration * self.share

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table, the slowest first, and the sum."""
        if len(self.taken) < 2:
            return
        allowed = stated()
        terminalreporter.section("seconds, on one core")
        for app, seconds in sorted(self.taken.items(), key=lambda pair: -pair[1]):
            over = "  more than stated" if seconds > LATE * allowed.get(app, 0) else ""
            terminalreporter.write_line(f"{app:28}{seconds:7.0f} of {allowed.get(app, 0)}{over}")
        total = f"{sum(self.taken.values()):.0f} of {sum(allowed.values())}"
        terminalreporter.write_line(f"{'all':28}{total:>12}")
