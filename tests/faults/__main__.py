"""`make faults`: mutants of every rule, seeded, so many a run, resumable; the score is printed.

A mutant is one small change of a pure rule (a comparison turned round, a number moved, an `and` for an `or`).
It is killed when a test of its app goes red. What survives is a missing test, or is named in `equivalent.txt`
with the reason why it changes nothing. The mutants are made by Cosmic Ray, in a copy of the tree.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.faults.controls import CONTROLS, Control

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "openkap"
WORK = ROOT / ".cache" / "faults"
TREE, RESULTS = WORK / "tree", WORK / "results.json"
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
ALSO_PURE = (
    "watch/grave.py", "watch/marks.py", "dosing/discharge.py", "watch/plausibility.py", "watch/readings.py",
    "watch/checks.py", "dosing/infusion.py", "watch/protocol.py", "alerts/cover.py", "kernel/measured.py",
    "screening/matching.py", "screening/indication.py", "screening/unread.py", "screening/deciding.py",
)  # fmt: skip
KINDS = (
    "ReplaceComparisonOperator", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot", "NumberReplacer",
    "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceBinaryOperator_Add",
    "ReplaceBinaryOperator_Sub", "ReplaceBinaryOperator_Mul", "ReplaceUnaryOperator_Delete_Not",
)  # fmt: skip
OF_THE_FORM = ("@dataclass",)  # how a value is built in memory; no rule of the clinic
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one rule: which file, which operator, at which of its places."""

    path: str
    operator: str
    occurrence: int

    @property
    def key(self) -> str:
        """How the results name it."""
        return f"{self.path}:{self.operator}:{self.occurrence}"


def rule_files() -> list[Path]:
    """Every pure rule of every app."""
    found = [
        path
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        and (path.name.endswith("rules.py") or path.parent.name == "rules")
        and path.name != "__init__.py"
    ]
    return sorted(found + [SOURCE / name for name in ALSO_PURE])


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", ()):
        yield from _nodes(child)


def _operators() -> list[str]:
    """The operators worth a test: identity of an enum and unions of types change nothing here."""
    names = [name for name in operator_names() if name.split("/")[1].startswith(KINDS)]
    return sorted(
        name for name in names if not name.endswith(("_Is", "_IsNot")) and "Operator_Is" not in name
    )


def mutants() -> Iterator[Mutant]:
    """Every mutant there is, in an order that depends on the code alone."""
    operators = {name: get_operator(name)() for name in _operators()}
    for path in rule_files():
        tree = get_ast(path.read_text(encoding="utf-8"))
        for name, operator in operators.items():
            places = sum(len(list(operator.mutation_positions(node))) for node in _nodes(tree))
            for occurrence in range(places):
                yield Mutant(path.relative_to(ROOT).as_posix(), name, occurrence)


def _copy() -> None:
    """A tree of its own, so that a run that is cut off leaves nothing behind in this one."""
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in ("src", "tests", "docs", "frontend"):
        shutil.copytree(ROOT / name, TREE / name, ignore=skipped)
    for name in ("conftest.py", "pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, TREE / name)


def _tests_pass(arguments: list[str]) -> bool:
    surroundings = {**os.environ, "PYTHONPATH": str(TREE / "src"), "OPENKAP_TEST_DIR": str(WORK / "test")}
    surroundings["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:randomly"]
    try:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", *arguments],
            cwd=TREE,
            env=surroundings,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _without_a_database(app: str) -> list[str]:
    """The tests of an app that need no database: they answer in a second or two."""
    tests = sorted((TREE / "src" / "openkap" / app / "tests").glob("test_*.py"))
    return [str(path) for path in tests if "cast: Cast" not in path.read_text(encoding="utf-8")]


def _is_killed(mutant: Mutant) -> bool | None:
    """Whether a test goes red; None when the change made no program."""
    path = TREE / mutant.path
    before = path.read_text(encoding="utf-8")
    changed = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence)
    if changed is None or changed == before:
        return None
    path.write_text(changed, encoding="utf-8")
    try:
        app = Path(mutant.path).parts[2]
        quick = _without_a_database(app)
        if quick and not _tests_pass(quick):
            return True
        return not _tests_pass(["-n", "2", str(TREE / "src" / "openkap" / app)])
    finally:
        path.write_text(before, encoding="utf-8")


def _is_of_the_form(line: str) -> bool:
    """Whether only the form changes: how a value is built, or how a function may be called (`*` to `/`)."""
    before, _, after = line.partition("  ->  ")
    return line.startswith(OF_THE_FORM) or (before.startswith("def ") and before.replace("*,", "/,") == after)


def _line(mutant: Mutant) -> str:
    """The first line the change touches, as it becomes."""
    before = (ROOT / mutant.path).read_text(encoding="utf-8")
    changed = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence) or before
    pairs = zip(before.splitlines(), changed.splitlines(), strict=False)
    return next((f"{old.strip()}  ->  {new.strip()}" for old, new in pairs if old != new), "")


def equivalents() -> dict[str, str]:
    """The mutants that change nothing, each by the line it makes, with the reason."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines() if EQUIVALENT.exists() else []
    told = [line.split(" ## ") for line in lines if line.strip() and not line.startswith("#")]
    return {place.strip(): reason.strip() for place, reason in told}


def _fingerprint(path: str) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()[:12]


def _is_settled(known: dict[str, str], fingerprint: str) -> bool:
    """Whether a mutant need not be tried again: one that lived is tried anew, a test may have come since."""
    return known.get("of") == fingerprint and known.get("standing") != "survived"


def _without(control: Control) -> bool:
    """Whether the tests of a control go red when it is switched off; they must be green with it."""
    path = TREE / "src" / "openkap" / control.path
    tests = [str(TREE / "src" / "openkap" / name) for name in control.tests.split()]
    before = path.read_text(encoding="utf-8")
    assert before.count(control.on) == 1, f"{control.hazard} {control.what}: the control has moved."
    path.write_text(before.replace(control.on, control.off), encoding="utf-8")
    try:
        return not _tests_pass(tests)
    finally:
        path.write_text(before, encoding="utf-8")


def controls() -> int:
    """Switch each control of the hazard log off, one at a time; every one must turn a test red."""
    tests = sorted({name for control in CONTROLS for name in control.tests.split()})
    assert _tests_pass([str(TREE / "src" / "openkap" / name) for name in tests]), (
        "Red before anything is off."
    )
    silent = [one for one in CONTROLS if not _without(one)]
    for one in silent:
        print(f"NO TEST GOES RED without {one.hazard}: {one.what} ({one.path})")
    print(f"{len(CONTROLS) - len(silent)} of {len(CONTROLS)} controls turn a test red when switched off.")
    return len(silent)


def main() -> int:
    """Try the next mutants, and print the score of all that have been tried of today's code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--only", default="", help="only rules whose path contains this")
    parser.add_argument("--controls", action="store_true", help="switch the hazard log's controls off, first")
    given = parser.parse_args()
    _copy()
    if given.controls and controls():
        return 1
    known: dict[str, dict[str, str]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    everything = [one for one in mutants() if given.only in one.path]
    random.Random(given.seed).shuffle(everything)
    fresh = {one.path: _fingerprint(one.path) for one in everything}
    waiting = [one for one in everything if not _is_settled(known.get(one.key, {}), fresh[one.path])]
    began, named = time.monotonic(), equivalents()
    for number, mutant in enumerate(waiting[: given.count], start=1):
        line = _line(mutant)
        place = f"{mutant.path}: {line}"
        killed = None if place in named or _is_of_the_form(line) else _is_killed(mutant)
        standing = "equivalent" if killed is None else "killed" if killed else "survived"
        known[mutant.key] = {"of": fresh[mutant.path], "standing": standing, "place": place}
        RESULTS.write_text(json.dumps(known, indent=1))
        if standing == "survived":
            print(f"SURVIVED {mutant.key}\n         {place}", flush=True)
        elif number % 25 == 0:
            print(f"{number} of {min(len(waiting), given.count)}", flush=True)
    tried = [known[one.key] for one in everything if known.get(one.key, {}).get("of") == fresh[one.path]]
    words = ("killed", "survived", "equivalent")
    count = {word: sum(one["standing"] == word for one in tried) for word in words}
    share = 100 * count["killed"] / max(count["killed"] + count["survived"], 1)
    told = ", ".join(f"{count[word]} {word}" for word in words)
    print(f"{len(tried)} of {len(everything)} mutants tried: {told}. Score {share:.1f} %.")
    print(f"Seed {given.seed}; this run {time.monotonic() - began:.0f} s.")
    return 1 if count["survived"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
