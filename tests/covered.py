"""What the tests have run of the code: every branch of the rules and of what writes, most of the rest.

A run of every test measures it (`make test` without TESTS) and is red when less was run than is stated here.
Measuring costs half as much again, so it rests while a test walks every page or takes processes away
(`UNMEASURED`): each app's own tests and the journeys say what is run.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pytest

WHOLE_PERCENT = 95.0
UNMEASURED = (
    "src/openkap/interop/tests/test_fuzzing.py",
    "tests/architecture/test_nonsense.py",
    "tests/architecture/test_offered.py",
    "tests/architecture/test_queries.py",
    "tests/architecture/test_readings.py",
    "tests/architecture/test_translated_pages.py",
    "tests/architecture/test_urls.py",
    "tests/journeys/test_longer_words.py",
    "tests/outage/test_bodies.py",
    "tests/outage/test_device.py",
)
# How the processes that a test starts are told to measure themselves.
_FOR_PROCESSES = "COVERAGE_PROCESS_CONFIG"


@dataclass(frozen=True, slots=True)
class Ran:
    """What was run of one file: statements and branches, and those that were not."""

    path: str
    there: int
    missed: int
    lines: tuple[int, ...] = ()
    branches: tuple[str, ...] = ()


def is_whole(path: str) -> bool:
    """Whether every branch of this file is run by a test: rules, and the actions that write the record."""
    parts = PurePosixPath(path).parts
    return parts[-1].endswith("rules.py") or "actions" in parts or parts[-1] == "actions.py"


def short_of(files: Iterable[Ran], *, percent: float = WHOLE_PERCENT) -> list[str]:
    """What was run of too little, in sentences; nothing when all is well."""
    files = list(files)
    told = []
    for it in files:
        if is_whole(it.path) and it.missed:
            where = ", ".join([*map(str, it.lines), *it.branches])
            told.append(f"{it.path}: no test runs {where}")
    if part_of(files) < percent:
        told.append(f"all: {part_of(files):.1f} % were run, {percent} % are stated")
    return told


def part_of(files: list[Ran]) -> float:
    """How many per cent of the statements and branches were run."""
    there = sum(it.there for it in files)
    return 100 * (there - sum(it.missed for it in files)) / there if there else 100.0


def measured(coverage: Any) -> list[Ran]:
    """Each file of the product, from what coverage.py has gathered."""
    files = []
    for path in coverage.get_data().measured_files():
        numbers = coverage._analyze(path)
        counted = numbers.numbers
        branches = tuple(
            f"{line}→{to if to > 0 else 'end'}"
            for line, others in sorted(numbers.missing_branch_arcs().items())
            for to in others
        )
        files.append(
            Ran(
                path=path[path.index("openkap/") :],
                there=counted.n_statements + counted.n_branches,
                missed=counted.n_missing + counted.n_missing_branches,
                lines=tuple(sorted(numbers.missing)),
                branches=branches,
            )
        )
    return sorted(files, key=lambda it: it.path)


class Resting:
    """No measuring while a test runs that is not to be measured, nor in the processes it starts."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Around a test with all that is set up for it."""
        controller = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
        if controller is None or not item.nodeid.startswith(UNMEASURED):
            return (yield)
        told = os.environ.pop(_FOR_PROCESSES, None)
        controller.pause()
        try:
            return (yield)
        finally:
            controller.resume()
            if told is not None:
                os.environ[_FOR_PROCESSES] = told


class Covered:
    """Holds a run of every test against what is stated, when the workers' measurements are together."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.line = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Around the loop: later it would be too late to make the run red."""
        result = yield
        from coverage import Coverage

        coverage = Coverage()
        coverage.load()
        files = measured(coverage)
        self.told = short_of(files)
        self.line = f"{part_of(files):.1f} % of the statements and branches were run"
        session.testsfailed += bool(self.told)
        return result

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What is short of what is stated, a line each."""
        terminalreporter.section("coverage")
        for line in (*self.told, self.line):
            terminalreporter.write_line(line)
