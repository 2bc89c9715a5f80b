"""The hazard log tells the truth: what it calls held has a control whose absence turns a named test red."""

from __future__ import annotations

import re

import pytest

from tests.architecture.reading import ROOT, SOURCE
from tests.faults.controls import CONTROLS, Control

LOG = ROOT / "docs" / "safety" / "hazards.md"
ROW = re.compile(r"^\| (H\d\d) \| .* \| (\d) \| .* \| (held|tested|open) \|$", re.MULTILINE)
NAMED = re.compile(r"\bH\d\d\b")
HELD = {control.hazard for control in CONTROLS}


def _rows() -> dict[str, tuple[str, str]]:
    found = ROW.findall(LOG.read_text(encoding="utf-8"))
    return {hazard: (severity, standing) for hazard, severity, standing in found}


def _named() -> set[str]:
    files = [*SOURCE.rglob("tests/*.py"), *(ROOT / "tests" / "journeys").rglob("*.py")]
    files += (ROOT / "frontend" / "src").rglob("*.test.ts")
    return {name for path in files for name in NAMED.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(("hazard", "row"), sorted(_rows().items()))
def test_held_means_a_control_that_is_switched_off_and_tested_means_a_test(hazard, row):
    """`make faults` switches every control off and demands a red test."""
    named = "tested" if hazard in _named() else "open"
    assert row[1] == ("held" if hazard in HELD else named)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: f"{one.hazard} {one.what}")
def test_each_control_stands_where_its_switch_says_and_its_tests_name_the_hazard(control: Control):
    path = SOURCE / control.path
    assert path.read_text(encoding="utf-8").count(control.on) == 1
    assert control.off != control.on
    for name in control.tests.split():
        assert control.hazard in NAMED.findall((SOURCE / name).read_text(encoding="utf-8"))


def test_every_hazard_of_the_log_is_there():
    assert sorted(_rows()) == [f"H{number:02d}" for number in range(1, 49)]


def test_every_hazard_the_tests_name_stands_in_the_log():
    assert _named() | HELD <= set(_rows())


def test_a_wrong_merge_and_device_data_twice_can_kill():
    assert (_rows()["H28"][0], _rows()["H31"][0]) == ("5", "5")
