"""One clock, Django's: a moment told to a screen and a moment kept come from the same place."""

from __future__ import annotations

import ast
import re

from tests.architecture.reading import files, name_of, tree_of

# They stand for a monitor at the bedside, which has a clock of its own.
MONITORS = {"src/openkap/interop/hl7v2/sending.py", "src/openkap/config/demo/bedside.py"}
# They work without Django: a machine that is restored has no settings yet, a file is tried out without any.
BEFORE_DJANGO = {
    "src/openkap/config/backup/state.py",
    "src/openkap/interop/assess/commands.py",
    "src/openkap/interop/referrals/commands.py",
}
# Whoever else reads the clock, and why. Views, jobs, cards and commands may.
AT_THE_EDGE = ("views", "views.py", "jobs.py", "cards.py", "config")
READERS = {
    "src/openkap/accounts/adapter.py",  # the sign-in library calls it within a request
    "src/openkap/accounts/calls.py",  # `request.at`
    "src/openkap/accounts/entrance.py",  # how long a sign-in has been idle
    "src/openkap/audit/offsite.py",  # checkpoints are sent by a job
    "src/openkap/interop/hl7v2/intake.py",  # when messages came
    "src/openkap/interop/hl7v2/listener.py",  # when noise came
    "src/openkap/tenancy/context.py",  # a context ends
    "src/openkap/ui/templatetags/ui.py",  # how old a value is when the page is drawn
}
READS = re.compile(r"\btimezone\.(?:now|localdate|localtime)\(\)|\btime\.time\(\)")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def _asks_another_clock(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return (owner, name) in CLOCKS
    return False


def test_no_other_clock_is_asked():
    asking = {name_of(path) for path in files() if any(map(_asks_another_clock, ast.walk(tree_of(path))))}
    assert asking == MONITORS | BEFORE_DJANGO


def test_whoever_reads_the_clock_is_listed():
    """Below the edge a moment is handed in as `at`, so that a rule can be replayed."""
    reading = {name_of(path) for path in files() if READS.search(path.read_text(encoding="utf-8"))}
    assert {name for name in reading if not set(name.split("/")) & set(AT_THE_EDGE)} == READERS
