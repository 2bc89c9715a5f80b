"""A session that is only read: what was asked of the database once is not asked again.

An action reads, writes and reads again, so nothing is kept for it. A page that shows a session as it stands
at one moment says so with `reading`, and each question is asked once for as long as that lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from openkap.watch.models import Session

Answer = TypeVar("Answer")
_KEPT = "_asked_while_only_read"


@contextmanager
def reading(session: Session, *, at: datetime) -> Iterator[None]:
    """For as long as this lasts, the session is only read, as it stands at `at`."""
    if is_read_at(session, at):
        yield
        return
    before = session.__dict__.get(_KEPT)
    session.__dict__[_KEPT] = {"at": at}
    try:
        yield
    finally:
        session.__dict__[_KEPT] = before


def is_read_at(session: Session, at: datetime) -> bool:
    """Whether the session is only read now, as it stood at this moment."""
    kept: dict[Any, Any] | None = session.__dict__.get(_KEPT)
    return kept is not None and kept["at"] == at


def once(session: Session, key: object, *, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for once while the session is only read and each time otherwise."""
    kept: dict[Any, Any] | None = session.__dict__.get(_KEPT)
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    answer: Answer = kept[key]
    return answer
