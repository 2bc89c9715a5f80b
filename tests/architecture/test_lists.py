"""Nobody falls out of a list: what is cut says so and goes on, and is filtered before it is cut (H34)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.reading import SOURCE, files, tree_of

# What may be cut, and why nobody is lost by it.
MAY_BE_CUT = {
    (
        "chart/queries.py",
        "[:limit]",
    ): "one code of one person; the page of measurements shows all",
    ("notices/queries.py", "[:200]"): "one round of sending; the next takes the rest",
    ("interop/hl7v2/queries.py", "[:newest]"): "a command's own count, which the person gives",
}
CASES = [path for path in files() if path.name in ("queries.py", "covering.py", "duties.py")]


def _cuts(tree: ast.Module) -> set[str]:
    """Every slice from the beginning to some count."""
    slices = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return {
        f"[{ast.unparse(one)}]"
        for one in slices
        if isinstance(one, ast.Slice) and one.lower is None and isinstance(one.upper, ast.Constant | ast.Name)
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_list_is_cut_in_silence(path):
    room = str(path.relative_to(SOURCE))
    cut = {it for it in _cuts(tree_of(path)) if (room, it) not in MAY_BE_CUT}
    assert not cut, f"{room} cuts {cut}: give it to `ui.pages.paged`, or say why nobody is lost."


def test_what_may_be_cut_is_still_there():
    there = {(str(path.relative_to(SOURCE)), it) for path in CASES for it in _cuts(tree_of(path))}
    assert set(MAY_BE_CUT) <= there
