"""Only actions write, and every action says who and when."""

from __future__ import annotations

import ast

import pytest

from tests.house.reading import SOURCE, files, functions, is_action_file, name_of, tree_of

WRITERS = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete", "bulk_update"}
# Below the rooms: the walls, the record, the doors and the founding of a clinic write in their own files.
BELOW = {
    "tenancy",
    "config/first_clinic.py",
    "config/demo/seed.py",
    "accounts/submissions.py",
    "accounts/models.py",
    "accounts/adapter.py",
}


def _is_below(path) -> bool:
    inside = path.relative_to(SOURCE).as_posix()
    return inside in BELOW or inside.split("/")[0] in BELOW


def _writes(path):
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in WRITERS and _is_of_a_table(node.func.value):
            yield f"line {node.lineno}: {ast.unparse(node.func)}"
        if node.func.attr == "update" and "objects" in ast.unparse(node.func.value):
            yield f"line {node.lineno}: {ast.unparse(node.func)[:60]}"


def _is_of_a_table(value) -> bool:
    text = ast.unparse(value)
    return "objects" in text or isinstance(value, ast.Name)


@pytest.mark.parametrize(
    "path", [p for p in files() if not is_action_file(p) and not _is_below(p)], ids=name_of
)
def test_only_actions_write(path):
    assert list(_writes(path)) == []


def _public_writers():
    for path in files():
        if not is_action_file(path):
            continue
        for function in functions(path):
            writes = any("atomic" in ast.unparse(it) for it in function.decorator_list)
            if writes and not function.name.startswith("_"):
                yield path, function


@pytest.mark.parametrize(
    ("path", "function"), list(_public_writers()), ids=lambda it: getattr(it, "name", "") or str(it)
)
def test_every_action_takes_by_and_at(path, function):
    named = {argument.arg for argument in function.args.kwonlyargs}
    assert {"by", "at"} <= named, f"{name_of(path)}: {function.name}"


@pytest.mark.parametrize(
    "path",
    [p for p in files() if {"models", "queries", "rules", "actions"} & {p.stem, p.parent.name}],
    ids=name_of,
)
def test_the_clock_is_read_in_faces_only(path):
    """Below the faces a moment is handed in, so that every rule can be replayed."""
    text = path.read_text(encoding="utf-8")
    assert "timezone.now()" not in text
    assert "datetime.now(" not in text
