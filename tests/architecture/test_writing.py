"""Only actions write, and every action says who and when."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.reading import SOURCE, files, functions, is_action_file, name_of, tree_of

WRITERS = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete", "bulk_update"}
# What is written to and is no table: forms that were typed, and the openings of records in one request.
NO_TABLE = {"_not_typed(request)", "self._seen.setdefault(reader, {})"}
# Below the apps: row-level security, the record, the routes and the founding of a clinic write by themselves.
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
        on = ast.unparse(node.func.value)
        if node.func.attr in WRITERS and on not in NO_TABLE:
            yield f"line {node.lineno}: {ast.unparse(node.func)}"
        # A dictionary is updated by its name; a query set is what `objects` or a related manager gives.
        if node.func.attr == "update" and not isinstance(node.func.value, ast.Name) and on not in NO_TABLE:
            yield f"line {node.lineno}: {ast.unparse(node.func)[:60]}"


def test_a_write_through_a_related_manager_is_seen(tmp_path):
    """`session.marks.create(...)` writes as much as `Mark.objects.create(...)` does."""
    writes = ("session.marks.create(a=1)", "session.marks.all().update(b=2)")
    path = tmp_path / "views.py"
    path.write_text("\n    ".join(["def view(session):", *writes, "told.update(c=3)"]))
    assert [it.split(":")[0] for it in _writes(path)] == ["line 2", "line 3"]


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
def test_the_clock_is_not_read_where_a_moment_is_handed_in(path):
    """Below views, jobs and commands a moment is handed in, so that every rule can be replayed."""
    text = path.read_text(encoding="utf-8")
    assert "timezone.now()" not in text
    assert "datetime.now(" not in text
