"""Statements: listed once each, given what they speak of; no column keeps a sentence of our own making."""

from __future__ import annotations

import ast
import importlib

import pytest
from django.apps import apps
from django.db import models

from openkap.kernel.statement import Statement
from openkap.kernel.wording import Phrase, placeholders
from openkap.tenancy.statements import StatementField
from tests.architecture.reading import SOURCE, files, tree_of

PLACES = sorted(path for path in SOURCE.glob("*/statements.py") if path.parent.name != "tenancy")


def _of_the_product(base):
    for path in (*PLACES, *SOURCE.glob("*/phrases.py")):
        importlib.import_module(".".join(("openkap", *path.relative_to(SOURCE).with_suffix("").parts)))
    return {
        it.__name__: it
        for it in base.__subclasses__()
        if it.__module__.startswith("openkap.") and ".tests." not in it.__module__
    }


ENUMS = _of_the_product(Statement)


def test_every_app_lists_its_statements_once_each():
    for enum in [*ENUMS.values(), *_of_the_product(Phrase).values()]:
        assert enum.__module__.rsplit(".", 1)[1] in ("statements", "phrases", "statement"), enum
        assert enum.__doc__, enum
        assert list(enum.__members__) == [one.name for one in enum], enum


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.parent.name)
def test_statements_are_sentences_and_nothing_else(path):
    imports = {node.module for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom)}
    assert imports <= {"openkap.kernel.statement", "openkap.kernel.wording"}


def _members(path):
    return [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ENUMS
    ]


def test_every_listed_statement_is_made_somewhere_and_given_what_it_speaks_of():
    named = set()
    for path in files():
        members = _members(path)
        named |= {f"{it.value.id}.{it.attr}" for it in members}
        for call in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)):
            if call.func in members:
                statement = ENUMS[call.func.value.id][call.func.attr]
                given = {word.arg for word in call.keywords}
                assert given == placeholders(statement.sentence), f"{path.name}:{call.lineno}"
    listed = {f"{enum.__name__}.{one.name}" for enum in ENUMS.values() for one in enum}
    assert listed - named == {"KernelStatement.AS_WAS"}  # made by the migrations


def _sentences_made(path):
    """Columns of text that are given a text put together, or a sentence, at the spot."""
    columns = {
        field.name
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, StatementField)
    }
    for call in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("create", "update"):
            for word in call.keywords:
                made = isinstance(word.value, ast.JoinedStr) or (
                    isinstance(word.value, ast.Constant)
                    and isinstance(word.value.value, str)
                    and word.value.value.count(" ") > 1
                )
                if word.arg in columns and made:
                    yield f"{path.name}:{word.value.lineno} {word.arg}"


def test_no_column_is_given_a_sentence_made_at_the_spot():
    """A sentence that is kept is read in the writer's language for ever, and compared by its words."""
    kept = [line for path in files() if "demo" not in path.parts for line in _sentences_made(path)]
    assert kept == []
