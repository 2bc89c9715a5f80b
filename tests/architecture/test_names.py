"""A public class has a name of its own: whoever reads it knows which one is meant."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.architecture.reading import SOURCE, files, tree_of


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
