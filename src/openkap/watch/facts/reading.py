"""Sessions that are only read: what was asked of the database once is not asked again.

An action reads, writes and reads again, so nothing is kept for it. A page that shows a session as it stands
at one moment says so with `reading`, and each question is asked once for as long as that lasts. Sessions that
are read together share the questions too: what is `loaded` for one of them is loaded for all.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from openkap.watch.models import Session

Answer = TypeVar("Answer")
_KEPT = "_asked_while_only_read"


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when sessions are looked at: often one moment."""

    first: datetime
    last: datetime


@dataclass
class _Together:
    """Sessions that are read together, and what has been asked about them."""

    sessions: Sequence[Session]
    span: Span
    of_all: dict[Any, Any] = field(default_factory=dict)
    of_each: dict[uuid.UUID, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))

    def covers(self, at: datetime) -> bool:
        return self.span.first <= at <= self.span.last


@contextmanager
def reading(session: Session, *, at: datetime, since: datetime | None = None) -> Iterator[None]:
    """For as long as this lasts, the session is only read, as it stands at `at` (and stood from `since`)."""
    with reading_all([session], at=at, since=since):
        yield


@contextmanager
def reading_all(
    sessions: Iterable[Session], *, at: datetime, since: datetime | None = None
) -> Iterator[None]:
    """For as long as this lasts, these sessions are only read. One that is already read so stays as it is."""
    first = min(since or at, at)
    new = [one for one in sessions if not (is_read_at(one, at) and is_read_at(one, first))]
    before = [one.__dict__.get(_KEPT) for one in new]
    together = _Together(new, Span(first, at))
    for one in new:
        one.__dict__[_KEPT] = together
    try:
        yield
    finally:
        for one, kept in zip(new, before, strict=True):
            one.__dict__[_KEPT] = kept


def is_read_at(session: Session, at: datetime) -> bool:
    """Whether the session is only read now, as it stood at this moment."""
    together: _Together | None = session.__dict__.get(_KEPT)
    return together is not None and together.covers(at)


def once(session: Session, key: object, *, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for once while the session is only read and each time otherwise."""
    together: _Together | None = session.__dict__.get(_KEPT)
    if together is None:
        return ask()
    kept = together.of_each[session.id]
    if key not in kept:
        kept[key] = ask()
    answer: Answer = kept[key]
    return answer


def loaded(
    session: Session,
    key: object,
    *,
    at: datetime | None = None,
    ask: Callable[[Sequence[Session], Span | None], Mapping[uuid.UUID, Answer]],
) -> Answer | None:
    """This session's share of what is asked for all sessions read with it, once; None where it has none.

    With `at`, what is asked covers that moment: the span of the reading, or the moment alone.
    """
    together: _Together | None = session.__dict__.get(_KEPT)
    if together is None or (at is not None and not together.covers(at)):
        return ask([session], Span(at, at) if at else None).get(session.id)
    if key not in together.of_all:
        together.of_all[key] = ask(together.sessions, together.span)
    answers: Mapping[uuid.UUID, Answer] = together.of_all[key]
    return answers.get(session.id)


class OfASession(Protocol):
    """A row that belongs to a session."""

    session_id: uuid.UUID


Row = TypeVar("Row", bound=OfASession)


def by_session(rows: Iterable[Row]) -> dict[uuid.UUID, list[Row]]:
    """The rows of each session, in the order they come."""
    each: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        each[row.session_id].append(row)
    return each
