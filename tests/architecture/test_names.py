"""A public class has a name of its own: whoever reads it knows which one is meant."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.architecture.reading import SOURCE, files, tree_of

VAGUE = {"found", "it", "one"}


def test_no_two_public_classes_share_a_name() -> None:
    """The trial counted 26 names that meant several things (`Standing` in four places)."""
    homes = defaultdict(list)
    for path in files():
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(path.relative_to(SOURCE).as_posix())
    assert len(homes) > 500
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_what_writes_is_known_by_its_name_and_what_reads_by_another() -> None:
    """`chart.last_results` reads and `chart_actions.record_result` writes: both were `chart`."""
    unclear, told = [], 0
    for path in files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("openkap."):
                for name in node.names:
                    told += name.name == "actions"
                    if name.name == "actions" and not (name.asname or "_actions").endswith("_actions"):
                        unclear.append(f"{path.relative_to(SOURCE)}: {name.asname}")
    assert told > 40
    assert unclear == []


def test_a_name_says_what_it_holds_never_that_something_was_found() -> None:
    """The trial counted 122 variables called `found`: a reader rebuilt the type of each."""
    bound = []
    for path in files():
        for node in ast.walk(tree_of(path)):
            is_name = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == "found"
            is_field = isinstance(node, ast.arg) and node.arg == "found"
            if is_name or is_field or VAGUE.intersection(_assigned(node)):
                bound.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert bound == []


def _assigned(node: ast.AST) -> set[str]:
    """The names a statement assigns; what runs over a list is clear from the list."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    names = [it for target in targets for it in ast.walk(target) if isinstance(it, ast.Name)]
    return {it.id for it in names if isinstance(it.ctx, ast.Store)}
