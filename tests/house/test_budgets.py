"""The fences: a file, a function and a template that one can still hold in the head."""

from __future__ import annotations

import ast

import pytest

from tests.house.reading import files, functions, name_of

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, POSITIONAL = 300, 40, 150, 2


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_no_file_is_longer_than_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", files(".html") + files(".typ"), ids=name_of)
def test_no_template_is_longer_than_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEMPLATE_LINES


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
