"""Sessions that are only read: what was asked of the database once is not asked again.

An action reads, writes and reads again, so nothing is kept for it. A page that shows a session as it stands
at one moment says so with `reading`, and each question is asked once for as long as that lasts. Sessions that
are read together share the questions too: what is `loaded` for one of them is loaded for all.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from openkap.tenancy.asked import answers_now, asking_once
from openkap.watch.models import Session

Answer = TypeVar("Answer")
_KEPT = "_asked_while_only_read"


Moments = Mapping[uuid.UUID, frozenset[datetime]]


@dataclass(frozen=True, slots=True)
class Looked:
    """Which sessions are looked at together, and each at which moments: often one and the same."""

    sessions: Sequence[Session]
    moments: Moments

    @property
    def keys(self) -> list[uuid.UUID]:
        """Each session's own."""
        return [one.id for one in self.sessions]

    @property
    def first(self) -> datetime:
        """The earliest moment."""
        return min(moment for several in self.moments.values() for moment in several)

    @property
    def last(self) -> datetime:
        """The latest moment."""
        return max(moment for several in self.moments.values() for moment in several)


@dataclass
class _Together:
    """Sessions that are read together, and what has been asked about them."""

    looked: Looked
    of_all: dict[Any, Any] = field(default_factory=dict)
    of_each: dict[uuid.UUID, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))


@contextmanager
def reading(session: Session, *, at: datetime, moments: Iterable[datetime] = ()) -> Iterator[None]:
    """For as long as this lasts, the session is only read, as it stands at `at` and stood at the moments."""
    with reading_all([session], at=at, moments={session.id: moments}):
        yield


@contextmanager
def reading_all(
    sessions: Iterable[Session], *, at: datetime, moments: Mapping[uuid.UUID, Iterable[datetime]]
) -> Iterator[None]:
    """For as long as this lasts, these sessions are only read. One that is already read so stays as it is."""
    each = [(one, frozenset([at, *moments.get(one.id, ())])) for one in sessions]
    new = [one for one, several in each if not all(is_read_at(one, moment) for moment in several)]
    before = [one.__dict__.get(_KEPT) for one in new]
    together = _Together(Looked(new, {one.id: several for one, several in each}))
    for one in new:
        one.__dict__[_KEPT] = together
    try:
        with asking_once() if answers_now() is None else nullcontext():
            yield
    finally:
        for one, kept in zip(new, before, strict=True):
            one.__dict__[_KEPT] = kept


def is_read_at(session: Session, at: datetime) -> bool:
    """Whether the session is only read now, as it stood at this moment."""
    together: _Together | None = session.__dict__.get(_KEPT)
    return together is not None and at in together.looked.moments[session.id]


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
    ask: Callable[[Looked], Mapping[uuid.UUID, Answer]],
) -> Answer | None:
    """This session's share of what is asked for all sessions read with it, once; None where it has none.

    With `at`, what is asked covers that moment: all moments of the reading, or this one alone.
    """
    together: _Together | None = session.__dict__.get(_KEPT)
    if together is None or (at is not None and not is_read_at(session, at)):
        return ask(looked_at(session, at)).get(session.id)
    if key not in together.of_all:
        together.of_all[key] = ask(together.looked)
    answers: Mapping[uuid.UUID, Answer] = together.of_all[key]
    return answers.get(session.id)


def looked_at(session: Session, at: datetime | None) -> Looked:
    """This session alone, at the moments of its reading if that is one of them."""
    together: _Together | None = session.__dict__.get(_KEPT)
    if together is None or at is None or not is_read_at(session, at):
        return Looked([session], {session.id: frozenset([at] if at else [])})
    return Looked([session], {session.id: together.looked.moments[session.id]})


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
