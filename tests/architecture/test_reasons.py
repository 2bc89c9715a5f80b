"""Reasons stand in enums, one an app; decisions in rules, and never in actions."""

from __future__ import annotations

import ast
import importlib

import pytest

from openkap.config.installed import manifests
from openkap.kernel.refusal import Reason
from openkap.kernel.wording import placeholders
from tests.architecture.reading import SOURCE, files


def _app(path) -> str:
    return path.relative_to(SOURCE).parts[0]


def _calls(path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


def _made(path) -> list[int]:
    """The lines that make an objection of a reason that stands in no enum."""
    return [
        call.lineno
        for call in _calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "Objection"
    ]


def test_no_objection_is_made_of_a_text_at_the_spot():
    """A sentence made at the spot is translated by nobody, and its code is compared in two dialects."""
    made = {str(path): _made(path) for path in files() if "tests" not in path.parts}
    assert {path: lines for path, lines in made.items() if lines and not path.endswith("refusal.py")} == {}


def _enums() -> dict[str, type[Reason]]:
    for path in SOURCE.glob("*/reasons.py"):
        importlib.import_module(f"openkap.{_app(path)}.reasons")
    return {
        one.__name__: one
        for one in Reason.__subclasses__()
        if one.__module__.startswith("openkap.") and ".tests." not in one.__module__
    }


def test_every_app_lists_its_reasons_once_each():
    """Two names for one sentence would be one member: a code would be lost without a word."""
    for enum in _enums().values():
        assert enum.__module__.endswith(".reasons"), enum
        assert enum.__doc__, enum
        assert list(enum.__members__) == [one.name for one in enum], enum
        assert all(isinstance(one.value, str) for one in enum), enum


def _reasons_in(path) -> list[tuple[ast.Call, Reason]]:
    enums, found = _enums(), []
    for call in _calls(path):
        func = call.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in enums:
            found.append((call, enums[func.value.id][func.attr]))
    return found


@pytest.mark.parametrize(
    "path", [it for it in files() if "tests" not in it.parts], ids=lambda it: str(it)[-50:]
)
def test_every_reason_is_given_what_its_sentence_speaks_of(path):
    """A refusal that breaks while it is made is a page that fails."""
    for call, reason in _reasons_in(path):
        if not any(word.arg is None for word in call.keywords):
            given = {word.arg for word in call.keywords}
            assert given == placeholders(reason.sentence), f"{path}:{call.lineno} {reason}"


# A form that cannot be read is refused before any rule is asked.
MAY_GIVE_A_REASON = {"openkap.kernel.measured", "openkap.ui.typed"}


def _is_pure(module: str) -> bool:
    app, _, inner = module.removeprefix("openkap.").partition(".")
    pure = manifests()[app].pure if app in manifests() else ()
    return any(inner == one or inner.startswith(f"{one}.") for one in pure)


def test_only_what_is_pure_gives_reasons():
    """Actions and views gather facts, ask the rules and refuse: no reason of their own (the trial's 136)."""
    strayed = []
    for path in files():
        module = ".".join(("openkap", *path.relative_to(SOURCE).with_suffix("").parts))
        if "tests" not in path.parts and module not in MAY_GIVE_A_REASON and not _is_pure(module):
            strayed += [f"{module}:{call.lineno}" for call, _ in _reasons_in(path)]
    assert strayed == []


def test_every_listed_reason_is_given_somewhere():
    used = {reason for path in files() if "tests" not in path.parts for _, reason in _reasons_in(path)}
    named = " ".join(path.read_text("utf-8") for path in files() if "tests" not in path.parts)
    unused = [
        str(one)
        for enum in _enums().values()
        for one in enum
        if one not in used and f"{enum.__name__}.{one.name}" not in named
    ]
    assert unused == []


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/reasons.py")), ids=lambda it: it.parent.name)
def test_reasons_are_sentences_and_nothing_else(path):
    """No database, no clock, no other app: a translator reads the file from top to bottom."""
    imports = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    assert {node.module for node in imports} == {"openkap.kernel.refusal", "openkap.kernel.wording"}
