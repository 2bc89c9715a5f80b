"""Every wait has an end: for a database, a program, a socket, a thread (hazard H35)."""

from __future__ import annotations

import ast

from tests.architecture.reading import SOURCE, files, tree_of

LIMITS = frozenset({"timeout", "connect_timeout"})
NAMED = frozenset(
    {
        "subprocess.run",
        "subprocess.check_call",
        "subprocess.check_output",
        "psycopg.connect",
        "psycopg.AsyncConnection.connect",
        "socket.create_connection",
        "urllib.request.urlopen",
        "asyncio.open_connection",
    }
)
BARE = frozenset({"wait", "communicate", "join", "result", "acquire", "wait_closed"})
WITHOUT = {
    "config/backup/dump.py: subprocess.run": "a restore takes as long as its database; a person watches it",
    "config/backup/log.py: ended.result()": "asked of a future that is done",
    "dosing/views/stream.py: heard.result()": "asked of a task that is done",
    "dosing/views/stream.py: task.result()": "asked of a task that is done",
    "interop/hl7v2/listener.py: writer.wait_closed()": "inside asyncio.wait_for",
}


def _waits() -> set[str]:
    """The calls that may wait and name no limit, by file."""
    found = set()
    for path in files():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            limited = any(keyword.arg in LIMITS for keyword in node.keywords)
            where = path.relative_to(SOURCE).as_posix()
            if name in NAMED and not limited:
                found.add(f"{where}: {name}")
            is_bare = isinstance(node.func, ast.Attribute) and node.func.attr in BARE
            if is_bare and not node.args and not node.keywords:
                found.add(f"{where}: {name}()")
    return found


def test_every_wait_names_its_limit_or_says_why_it_needs_none() -> None:
    assert _waits() == set(WITHOUT)


def test_the_calls_looked_for_are_there() -> None:
    """A rule about calls that nobody makes any more would hold nothing."""
    calls = {
        ast.unparse(node.func)
        for path in files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
    }
    assert {"subprocess.run", "psycopg.connect", "socket.create_connection"} <= calls
    assert {"psycopg.AsyncConnection.connect"} <= calls
