"""What the tests may take is stated for each app, and goes down to ten minutes on two cores."""

from __future__ import annotations

import subprocess

import pytest

from tests.architecture.reading import ROOT
from tests.seconds import Seconds, app_of, stated

GOAL = 2 * 600  # ten minutes on two cores
STATED_MAX = 1285  # it may only become less, until it is the goal


def test_every_app_states_its_seconds_and_no_other():
    tests = [*ROOT.glob("src/**/tests/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    assert set(stated()) == {app_of(it.relative_to(ROOT).as_posix()) for it in tests}


def test_what_is_stated_becomes_no_more():
    """Who needs more for one app takes it from another, or moves it to `make slow` or `make faults`."""
    assert GOAL <= STATED_MAX
    assert sum(stated().values()) <= STATED_MAX


def test_the_sum_is_printed_with_what_took_longer_than_it_may():
    lines: list[str] = []

    class Reporter:
        section = staticmethod(lines.append)
        write_line = staticmethod(lines.append)

    seconds = Seconds()
    seconds.taken.update({"chart": 3.2, "unheard": 2.0})
    seconds.pytest_terminal_summary(Reporter())
    assert any("unheard" in line and "more than stated" in line for line in lines)
    assert lines[-1].startswith("all")
    assert "5 of" in lines[-1]


@pytest.mark.parametrize("stage", ["chekc", "deploy"])
def test_a_stage_that_is_not_there_is_said(stage: str):
    done = subprocess.run(
        [ROOT / ".ci" / "run", stage], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "check, slow, test" in done.stderr
