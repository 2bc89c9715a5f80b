"""The fences: a file, a function and a template that one can still hold in the head."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.reading import ROOT, files, functions, name_of

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, POSITIONAL, NESTING = 300, 40, 150, 2, 3
TEMPLATE_SIGNS = TEMPLATE_LINES * 80
TEST_LINES = 300


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_no_file_is_longer_than_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", files(".html") + files(".typ"), ids=name_of)
def test_no_template_is_longer_than_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEMPLATE_LINES


@pytest.mark.parametrize("path", files(".html") + files(".typ"), ids=name_of)
def test_no_template_hides_its_length_in_long_lines(path):
    assert len(path.read_text(encoding="utf-8")) <= TEMPLATE_SIGNS


# Longer than the budget when it began to hold. Each may only become shorter, and then leaves the list.
LONG_TESTS = {
    "src/openkap/accounts/tests/test_routes.py": 333,
    "src/openkap/accounts/tests/test_ways_in.py": 475,
    "src/openkap/config/tests/test_checkpoints.py": 406,
    "src/openkap/courses/tests/test_regimens.py": 309,
    "src/openkap/desk/tests/test_merging.py": 325,
    "src/openkap/dosing/tests/test_in_the_way.py": 397,
    "src/openkap/dosing/tests/test_pages.py": 333,
    "src/openkap/watch/tests/test_grave.py": 370,
    "tests/architecture/test_forms.py": 313,
    "tests/faults/controls.py": 417,
    "tests/journeys/test_whole_path.py": 404,
    "tests/outage/test_backup.py": 395,
    "tests/standing.py": 313,
}


def test_no_file_of_tests_is_longer_than_its_budget():
    """A file of tests is read as promises; beyond three hundred lines nobody reads it to its end."""
    tests = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("src/**/tests/**/*.py")]
    long = {name_of(it): len(it.read_text(encoding="utf-8").splitlines()) for it in tests}
    long = {name: lines for name, lines in long.items() if lines > TEST_LINES}
    assert {name for name, lines in long.items() if lines > LONG_TESTS.get(name, TEST_LINES)} == set()
    assert set(LONG_TESTS) - set(long) == set(), "within its budget now: take it off the list"


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_nothing_is_nested_deeper_than_its_budget(path):
    assert [f"{it.name}, {_depth(it)}" for it in functions(path) if _depth(it) > NESTING] == []


BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)
APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _depth(node: ast.AST, depth: int = 0) -> int:
    """How many blocks stand inside one another; an `elif` is no block inside its `if`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, APART):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deepest = max(deepest, _depth(child, depth + (isinstance(child, BLOCKS) and not is_elif)))
    return deepest


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_no_function_is_longer_than_its_budget(path):
    long = [f"{it.name}, {_length(it)}" for it in functions(path) if _length(it) > FUNCTION_LINES]
    assert long == []


def _length(function) -> int:
    """The lines of the body; signature and docstring are for the reader and do not count."""
    body = function.body
    first = body[1] if isinstance(body[0], ast.Expr) and len(body) > 1 else body[0]
    return function.end_lineno - first.lineno + 1


# Called by a framework or a template, in its own order.
AS_CALLED_BY_OTHERS = {
    "accounts/adapter.py: send_mail",
    "config/bodies.py: __call__",
    "config/database.py: migration_progress_callback",
    "config/static.py: __call__",
    "tenancy/cache.py: add",
    "tenancy/cache.py: get",
    "tenancy/cache.py: set",
    "tenancy/cache.py: touch",
    "tenancy/operations.py: database_backwards",
    "tenancy/operations.py: database_forwards",
    "courses/fields.py: from_db_value",
    "tenancy/constraints.py: validate",
    "tenancy/fields.py: contribute_to_class",
    "tenancy/postgresql/patience.py: wait",
    "tenancy/sealed.py: from_db_value",
    "tenancy/sealed.py: get_db_prep_value",
    "tenancy/statements.py: from_db_value",
    "tenancy/streams.py: __call__",
    "ui/templatetags/ui.py: finding",
    "ui/templatetags/ui.py: page_link",
}


def test_what_comes_third_is_said_by_its_name():
    """Two values of one type side by side are soon the wrong way round; the trial found 112 that could be."""
    many = {f"{name_of(path)}: {it.name}" for path in files() for it in functions(path) if _positional(it)}
    assert {name.removeprefix("src/openkap/") for name in many} == AS_CALLED_BY_OTHERS


def _positional(function) -> bool:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    own = names[1:] if names[:1] in (["self"], ["cls"], ["request"]) else names
    return len(own) > POSITIONAL
