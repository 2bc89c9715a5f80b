"""Rules mean what they say: a field of a pack that nothing reads is marked as shown only (H45)."""

from __future__ import annotations

import ast
from dataclasses import fields, is_dataclass

from openkap.protocols import eligible, pack, rows, surroundings, watching
from openkap.protocols.pack import SHOWN_ONLY
from tests.architecture.reading import SOURCE, files, tree_of

LOADERS = {"loading.py", "building.py", "sense.py", "pack.py"}
# `openkap assess` tells of rows that nothing in the clinic's own work acts on yet.
TELLS = SOURCE / "interop" / "assess"


def _read_names() -> set[str]:
    """Every attribute that is read anywhere but where packs are loaded."""
    readers = [
        path
        for path in files()
        if not (path.parent == SOURCE / "protocols" and path.name in LOADERS) and path.parent != TELLS
    ]
    return {
        node.attr
        for path in readers
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


def _fields() -> set[str]:
    classes = {
        one
        for module in (eligible, pack, rows, surroundings, watching)
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__module__.startswith("openkap.protocols")
    }
    base = {field.name for field in fields(rows.Row)}
    return {
        f"{one.__name__}.{field.name}"
        for one in classes
        for field in fields(one)
        if one is rows.Row or field.name not in base
    }


def test_every_field_of_a_pack_is_read_or_says_that_it_is_shown_only() -> None:
    read = _read_names()
    unread = {name for name in _fields() if name.split(".")[1] not in read}
    assert unread == set(SHOWN_ONLY)
