"""The hazard log tells the truth: what it calls held is named by a test."""

from __future__ import annotations

import re

import pytest

from tests.house.reading import ROOT, SOURCE

LOG = ROOT / "docs" / "safety" / "hazards.md"
ROW = re.compile(r"^\| (H\d\d) \| .* \| (held|open) \|$", re.MULTILINE)
NAMED = re.compile(r"\bH\d\d\b")


def _rows() -> dict[str, str]:
    return dict(ROW.findall(LOG.read_text(encoding="utf-8")))


def _named() -> set[str]:
    files = [*SOURCE.rglob("tests/*.py"), *(ROOT / "tests").rglob("*.py")]
    files += (ROOT / "frontend" / "src").rglob("*.test.ts")
    found = [
        NAMED.findall(path.read_text(encoding="utf-8")) for path in files if path.name != "test_hazards.py"
    ]
    return {name for names in found for name in names}


@pytest.mark.parametrize(("hazard", "standing"), sorted(_rows().items()))
def test_a_hazard_is_called_held_exactly_when_a_test_names_it(hazard, standing):
    assert standing == ("held" if hazard in _named() else "open")


def test_every_hazard_of_the_log_is_there():
    assert sorted(_rows()) == [f"H{number:02d}" for number in range(1, 49)]


def test_every_hazard_the_tests_name_stands_in_the_log():
    assert _named() <= set(_rows())
