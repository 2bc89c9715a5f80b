"""What the tests may take is stated for each app: in sum ten minutes on two cores."""

from __future__ import annotations

import subprocess

import pytest

from tests.architecture.reading import ROOT
from tests.seconds import Seconds, app_of, share_of_a_core, stated

STATED_MAX = 2 * 600  # ten minutes on two cores


def test_every_app_states_its_seconds_and_no_other():
    tests = [*ROOT.glob("src/**/tests/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    assert set(stated()) == {app_of(it.relative_to(ROOT).as_posix()) for it in tests}


def test_what_is_stated_becomes_no_more():
    """Who needs more for one app takes it from another, or moves it to `make slow` or `make faults`."""
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


def test_workers_that_share_a_core_are_counted_by_their_share(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert [share_of_a_core(workers) for workers in (1, 2, 4)] == [1, 1, 0.5]
    seconds = Seconds(share=0.5)
    report = pytest.TestReport("src/openkap/chart/tests/t.py::t", ("t", 0, "t"), {}, "passed", None, "call")
    report.duration = 3.0
    seconds.pytest_runtest_logreport(report)
    assert seconds.taken == {"chart": 1.5}


@pytest.mark.parametrize("stage", ["chekc", "deploy"])
def test_a_stage_that_is_not_there_is_said(stage: str):
    done = subprocess.run(
        [ROOT / ".ci" / "run", stage], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "check, slow, test" in done.stderr
