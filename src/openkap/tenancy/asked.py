"""A page that only reads asks each question once.

A page is put together by many apps, and several of them ask the same of the same person: the allergies, the
consent in force, the order that stands. `asked_once` marks a function of `queries` whose answer may be
shared, and `asking_once` holds for as long as one page is drawn. An act reads, writes and reads again, so
nothing is kept for it; and should a page write after all, or look into another clinic, everything kept is
forgotten with the first statement that does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models

P = ParamSpec("P")
R = TypeVar("R")
CHANGES_NOTHING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers of this page", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """For as long as this lasts and nothing is written, what is marked `asked_once` is asked once."""
    answers: dict[Hashable, Any] = {}

    def forget(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(CHANGES_NOTHING) or "set_config" in sql:
            answers.clear()
        return execute(sql, *rest)

    token = _answers.set(answers)
    try:
        with connection.execute_wrapper(forget):
            yield
    finally:
        _answers.reset(token)


def asked_once(function: Callable[P, R]) -> Callable[P, R]:
    """Share the answer within a page. It is read by several, so nobody changes it."""

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        if _answers.get() is None:
            return function(*args, **kwargs)
        named = tuple((name, _key(value)) for name, value in sorted(kwargs.items()))
        key = (function, tuple(_key(value) for value in args), named)
        return answered(key, lambda: function(*args, **kwargs))

    return ask


def answered(key: Hashable, ask: Callable[[], R]) -> R:
    """What was answered under this key while the page is drawn; asked at this moment if nothing was."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answer = ask()
        answers[key] = answer  # after the question: one that writes forgets, and keeps its own answer
        return answer
    kept: R = answers[key]
    return kept


def answers_now() -> dict[Hashable, Any] | None:
    """What is kept for the page that is drawn now; None while none is."""
    return _answers.get()


def _key(value: Any) -> Hashable:
    """What two questions have to share to be the same: a row by its key, several in whatever order."""
    if isinstance(value, models.Model):
        return type(value), value.pk
    if isinstance(value, Collection) and not isinstance(value, str):
        return frozenset(_key(each) for each in value)
    known: Hashable = value
    return known
