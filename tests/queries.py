"""How many questions a page asks the database: counted, because a count is the same on every machine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
KEY = re.compile(r"[0-9a-f-]{36}|\d+")


OF_A_PART = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT coalesce(current_setting")


class Count:
    """The questions that went to the database. Beginning and ending a part of a transaction is none, nor what
    only a request inside a test's own transaction does: putting the test's context back.
    """

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def __call__(self, execute: Any, sql: str, params: Any, *more: Any) -> Any:
        if sql.startswith("SELECT set_config") and sql in self.statements:
            return execute(sql, params, *more)
        if not sql.startswith(OF_A_PART):
            self.statements.append(sql)
        return execute(sql, params, *more)


@contextmanager
def counted() -> Iterator[Count]:
    """Counts every statement of the application's connection."""
    count = Count()
    with connection.execute_wrapper(count):
        yield count


def kind_of(path: str) -> str:
    """The page, whoever and whatever it is about."""
    return KEY.sub("#", path.split("?")[0])


def walked(browser: Client, *, pages: int, of_a_kind: int = 2) -> Iterator[tuple[str, str, Count]]:
    """Every page that can be walked to from the first: its kind, its address, and what it asked."""
    waiting, seen, kinds = ["/"], set(), Counter[str]()
    while waiting and len(seen) < pages:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in seen or kinds[kind] >= of_a_kind or "/sign-out/" in path:
            continue
        seen.add(path)
        kinds[kind] += 1
        with counted() as count:
            answer = browser.get(path)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            waiting += [unescape(link) for link in LINK.findall(answer.content.decode())]
            yield kind, path, count
