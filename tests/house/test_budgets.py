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
