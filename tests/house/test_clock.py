"""One clock, Django's: a moment told to a screen and a moment kept come from the same place."""

from __future__ import annotations

import ast

from tests.house.reading import files, name_of, tree_of

# They stand for a monitor at the bedside, which has a clock of its own.
MONITORS = {"src/openkap/interop/hl7v2/sending.py", "src/openkap/config/demo/bedside.py"}
# They work without Django: a machine that is restored has no settings yet, a file is tried out without any.
BEFORE_DJANGO = {"src/openkap/config/backup/state.py", "src/openkap/interop/referrals/commands.py"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def _asks_another_clock(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return (owner, name) in CLOCKS
    return False


def test_no_other_clock_is_asked():
    asking = {name_of(path) for path in files() if any(map(_asks_another_clock, ast.walk(tree_of(path))))}
    assert asking == MONITORS | BEFORE_DJANGO
