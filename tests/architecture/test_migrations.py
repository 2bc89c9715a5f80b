"""What a migration says is done quickly: a new clinic waits for every one of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.reading import ROOT

MIGRATIONS = sorted(ROOT.glob("src/openkap/*/migrations/0*.py"))
FOLDED = {"migrations.AddConstraint", "migrations.AddIndex", "migrations.AddField"}


def _calls(path: Path) -> list[tuple[str, dict[str, ast.expr]]]:
    """Each operation of a migration with its keywords, in order."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return [(ast.unparse(call.func), {it.arg: it.value for it in call.keywords if it.arg}) for call in calls]


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem[:4]}")
def test_a_migration_renders_no_model_twice(path: Path):
    """Each constraint or field that is added afterwards renders its model and all related ones anew."""
    calls = _calls(path)
    made = {ast.literal_eval(it["name"]).lower() for name, it in calls if name == "migrations.CreateModel"}
    later = {
        ast.literal_eval(it["model_name"]) for name, it in calls if name in FOLDED and "model_name" in it
    }
    assert later & made == set()


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem[:4]}")
def test_a_trigger_is_added_and_removed_by_our_own_operation(path: Path):
    assert "pgtrigger.migrations" not in path.read_text("utf-8")
