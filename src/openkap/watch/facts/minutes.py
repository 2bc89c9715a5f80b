"""The values of a session by the minute, exact to the moment they are looked at. Reads only.

The database keeps first, last, lowest and highest of each minute. Of a minute that was not over yet at the
moment looked at, the values themselves are read.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Max, QuerySet

from openkap.watch.facts.reading import Looked, looked_at, once
from openkap.watch.facts.session import numbers_of
from openkap.watch.facts.values import charted, charted_in, last_values, number
from openkap.watch.marks import MarkValue
from openkap.watch.models import Session, VitalMinute
from openkap.watch.readings import UNIT_OF
from openkap.watch.thinning import BY_THE_MINUTE, ONE_BY_ONE, minute_of, thinned

Point = tuple[str, datetime, Decimal]
CodeMinute = tuple[str, datetime]
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _LastOfMinute:
    """The last true value of a reading in a minute, from one source, and when the first one was measured."""

    first_at: datetime
    last: MarkValue


def latest_values(session: Session, *, at: datetime) -> list[MarkValue]:
    """The last of each reading among `true_values`, which is all that most evaluations need."""
    since = at - numbers_of(session).look_back
    last = (it for it in last_values(session, at=at).values() if it.measured_at > since)
    return thinned(MarkValue(it.code, number(it.value), it.measured_at, str(it.id)) for it in last)


def true_values(session: Session, *, at: datetime) -> list[MarkValue]:
    """The values charted as true in the time before `at`, as they are held against the limits."""
    since = at - numbers_of(session).look_back
    return thinned(value for value in _looked_at(session, at=at) if since < value.at <= at)


def _looked_at(session: Session, *, at: datetime) -> Iterator[MarkValue]:
    looked = looked_at(session, at)
    yield from once(session, "one by one", ask=lambda: _one_by_one(looked))
    minutes = once(session, "last of each minute", ask=lambda: _last_of_minutes(looked))
    for it in minutes:
        if it.last.at <= at:
            yield it.last
    if any(it.first_at <= at < it.last.at for it in minutes):
        now = minute_of(at)
        values = once(session, "values of the minutes", ask=lambda: _values_of_minutes(looked))
        yield from (value for value in values if value.at >= now)


def _since(looked: Looked) -> datetime:
    return looked.first - max(numbers_of(one).look_back for one in looked.sessions)


def _last_of_minutes(looked: Looked) -> list[_LastOfMinute]:
    since = _since(looked)
    rows = VitalMinute.objects.filter(
        session_id__in=looked.keys,
        code__in=BY_THE_MINUTE,
        minute__gte=minute_of(since),
        minute__lte=looked.last,
        last_at__gt=since,
        first_at__lte=looked.last,
    )
    columns = ("first_at", "code", "last", "last_at", "last_id")
    return [
        _LastOfMinute(first_at, MarkValue(code, number(last), last_at, str(last_id)))
        for first_at, code, last, last_at, last_id in rows.order_by().values_list(*columns)
    ]


def _one_by_one(looked: Looked) -> list[MarkValue]:
    return _charted(looked, ONE_BY_ONE, since=_since(looked))


def _values_of_minutes(looked: Looked) -> list[MarkValue]:
    """Every value from the minute looked at first to the moment looked at last."""
    return _charted(looked, BY_THE_MINUTE, since=minute_of(looked.first))


def _charted(looked: Looked, codes: Collection[str], *, since: datetime) -> list[MarkValue]:
    rows = charted_in(looked.sessions).filter(
        code__in=codes, measured_at__gte=since, measured_at__lte=looked.last
    )
    columns = ("code", "value", "measured_at", "id")
    return [
        MarkValue(code, number(value), measured_at, str(key))
        for code, value, measured_at, key in rows.order_by().values_list(*columns)
    ]


Changed = Mapping[uuid.UUID, Collection[CodeMinute]]


def lowest_and_highest(session: Session, *, at: datetime) -> set[Point]:
    """Of what was not charted by hand: each minute's lowest and highest true value of each reading."""
    rows = VitalMinute.objects.filter(session=session)
    return _ends_of([session], rows, at=at)[session.id]


def lowest_and_highest_among(
    sessions: Sequence[Session], changed: Changed, *, at: datetime
) -> dict[uuid.UUID, set[Point]]:
    """The same of these minutes alone, of each session."""
    every = {pair for several in changed.values() for pair in several}
    rows = VitalMinute.objects.filter(
        session_id__in=[one.id for one in sessions],
        code__in={code for code, _ in every},
        minute__in={minute for _, minute in every},
    )
    return _ends_of(sessions, rows, at=at)


def _ends_of(
    sessions: Sequence[Session], rows: QuerySet[VitalMinute], *, at: datetime
) -> dict[uuid.UUID, set[Point]]:
    columns = ("session_id", "code", "lowest_at", "lowest", "highest_at", "highest", "last_at")
    points: dict[uuid.UUID, set[Point]] = {one.id: set() for one in sessions}
    not_over: set[uuid.UUID] = set()
    rows = rows.filter(first_at__lte=at).exclude(source="hand").order_by()
    for key, code, lowest_at, lowest, highest_at, highest, last_at in rows.values_list(*columns):
        if last_at <= at:
            points[key] |= {(code, lowest_at, lowest), (code, highest_at, highest)}
        else:
            not_over.add(key)
    for session in sessions:
        if session.id in not_over:
            points[session.id] |= _ends_of_this_minute(session, at=at)
    return points


def minutes_changed_until(session: Session) -> str:
    """When a minute of the session changed last, by the database's clock; "" where there is none."""
    newest = VitalMinute.objects.filter(session=session).aggregate(newest=Max("changed_at"))["newest"]
    return newest.isoformat() if newest else ""


def minutes_changed_since(cursors: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, tuple[set[CodeMinute], str]]:
    """Which minutes of each session's readings changed after a moment, and when the last of them did."""
    since = {key: _moment(cursor) for key, cursor in cursors.items()}
    if not since:
        return {}
    rows = VitalMinute.objects.filter(session_id__in=since, changed_at__gt=min(since.values()))
    changed: dict[uuid.UUID, set[CodeMinute]] = {key: set() for key in since}
    newest = dict(cursors)
    columns = ("session_id", "code", "minute", "changed_at")
    for key, code, minute, moment in rows.order_by("changed_at").values_list(*columns):
        if moment > since[key]:
            changed[key].add((code, minute))
            newest[key] = moment.isoformat()
    return {key: (changed[key], newest[key]) for key in since}


def _moment(text: str) -> datetime:
    """A moment as it was given to a screen; from the beginning where what came back is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return BEGINNING
    return moment if moment.tzinfo else BEGINNING


def _ends_of_this_minute(session: Session, *, at: datetime) -> set[Point]:
    """The same of the minute that was not over at that moment."""
    rows = charted(session).filter(code__in=UNIT_OF, measured_at__gte=minute_of(at), measured_at__lte=at)
    rows = rows.exclude(source="hand")
    by_code: dict[str, list[tuple[Decimal, datetime]]] = defaultdict(list)
    for code, value, measured_at in rows.order_by().values_list("code", "value", "measured_at"):
        by_code[code].append((value, measured_at))
    points: set[Point] = set()
    for code, values in by_code.items():
        low = min(values)
        high = min(values, key=lambda one: (-one[0], one[1]))
        points |= {(code, low[1], low[0]), (code, high[1], high[0])}
    return points
