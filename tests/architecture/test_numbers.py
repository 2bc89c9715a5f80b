"""A number that could hurt stands in the pack or in the clinic's signed defaults, and never in code."""

from __future__ import annotations

import ast
from collections import Counter
from decimal import Decimal

from openkap.config.installed import manifests
from tests.architecture.reading import SOURCE, files, tree_of

# Where a number is no choice of anybody's: what a formula or an instrument is made of, what a column holds.
OF_A_FORMULA = {
    "courses/counting.py": "inch, and the formula of an ideal weight (Devine)",
    "courses/dose_rules.py": "rounding",
    "chart/rules.py": "what can be typed at all, by code; pounds in a kilogram",
    "interop/fhir/observation.py": "what can be read at all, by code",
    "interop/referrals/reading.py": "rounding",
    "courses/actions/resting.py": "rounding",
    "courses/rules.py": "how the days of a week are shared out",
    "consent/rules.py": "how long a text may be",
    "alerts/cover.py": "for how many days the next opening is looked for",
    "screening/deciding.py": "how many questions a sentence names",
    "watch/actions/monitors.py": "how often it is written that a monitor is heard",
    "dosing/infusion.py": "microseconds in an hour, rounding",
    "watch/simulated.py": "the made-up person of the demo",
    "dosing/facts/session.py": "rounding",
    "dispensary/rules.py": "the strengths that are sold",
    "measures/": "the scores of an instrument",
    "people/": "no clinical number",
    "notices/rules.py": "how often an e-mail is tried",
    "interop/hl7v2/": "how a frame and a clock are read",
    "desk/": "what is shown",
    "screening/facts.py": "how many days a week has",
}
CLINICAL = (
    "alerts",
    "chart",
    "consent",
    "courses",
    "dispensary",
    "dosing",
    "watch",
    "followup",
    "screening",
    "therapy",
)
HARMLESS = {Decimal(0), Decimal(1), Decimal(100)}


def _number(node: ast.expr) -> Decimal | None:
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        try:
            return Decimal(str(node.value))
        except ArithmeticError:
            return None
    return None


def _literals(tree: ast.AST) -> list[str]:
    """`timedelta(minutes=15)`, `Decimal(10)`, `age < 18`, and a number that a field or a constant gets."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [*node.args, *(word.value for word in node.keywords)]
            numbers = [_number(it) for it in given] if node.func.id in ("timedelta", "Decimal") else []
            found += [f"{node.lineno}: {ast.unparse(node)}" for it in numbers if it not in (None, *HARMLESS)]
        if isinstance(node, ast.Compare) and not isinstance(node.left, ast.Call):
            numbers = [_number(it) for it in (node.left, *node.comparators)]
            found += [
                f"{node.lineno}: {ast.unparse(node)}" for it in numbers if it not in (None, *HARMLESS, 2)
            ]
        if isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
            name = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            typed = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
            if typed and _number(node.value) not in (None, *HARMLESS) and "_MAX" not in ast.unparse(name):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def _rules() -> list[str]:
    """The pure modules of the clinical apps, and what gathers facts for the dosing room."""
    chosen = []
    for path in files():
        where = path.relative_to(SOURCE)
        app, inner = where.parts[0], ".".join(where.with_suffix("").parts[1:])
        pure = manifests()[app].pure if app in manifests() else ()
        is_pure = any(inner == one or inner.startswith(f"{one}.") for one in pure)
        if app in CLINICAL and (is_pure or inner.startswith(("facts", "actions", "watching", "marking"))):
            chosen.append(path)
    return chosen


def test_no_rule_holds_a_number_of_its_own():
    """The trial found thirty that no director could sign (15 min before a dose, 120 s to a second person)."""
    held = Counter()
    lines = []
    for path in _rules():
        where = path.relative_to(SOURCE).as_posix()
        if any(where.startswith(known) for known in OF_A_FORMULA):
            continue
        literals = _literals(tree_of(path))
        held[where] += len(literals)
        lines += [f"{where}:{it}" for it in literals]
    assert len(held) > 60
    assert lines == []
