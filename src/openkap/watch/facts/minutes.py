"""The values of a session by the minute, exact to the moment they are looked at. Reads only.

The database keeps first, last, lowest and highest of each minute. Of a minute that was not over yet at the
moment looked at, the values themselves are read.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openkap.watch.facts.reading import Span, loaded
from openkap.watch.facts.session import numbers_of
from openkap.watch.facts.values import charted, charted_in, number
from openkap.watch.marks import MarkValue
from openkap.watch.models import Session, VitalMinute
from openkap.watch.readings import UNIT_OF
from openkap.watch.thinning import BY_THE_MINUTE, ONE_BY_ONE, minute_of, thinned

Point = tuple[str, datetime, Decimal]
Values = dict[uuid.UUID, list[MarkValue]]


@dataclass(frozen=True, slots=True)
class _LastOfMinute:
    """The last true value of a reading in a minute, from one source, and when the first one was measured."""

    first_at: datetime
    last: MarkValue


def true_values(session: Session, *, at: datetime) -> list[MarkValue]:
    """The values charted as true in the time before `at`, as they are held against the limits."""
    since = at - numbers_of(session).look_back
    return thinned(value for value in _looked_at(session, at=at) if since < value.at <= at)


def _looked_at(session: Session, *, at: datetime) -> Iterator[MarkValue]:
    yield from loaded(session, "one by one", at=at, ask=_one_by_one) or []
    minutes = loaded(session, "last of each minute", at=at, ask=_last_of_minutes) or []
    for it in minutes:
        if it.last.at <= at:
            yield it.last
    if any(it.first_at <= at < it.last.at for it in minutes):
        now = minute_of(at)
        values = loaded(session, "values of the minute", at=at, ask=_values_of_minutes) or []
        yield from (value for value in values if value.at >= now)


def _keys(sessions: Sequence[Session]) -> list[uuid.UUID]:
    return [one.id for one in sessions]


def _since(sessions: Sequence[Session], span: Span) -> datetime:
    return span.first - max(numbers_of(one).look_back for one in sessions)


def _last_of_minutes(sessions: Sequence[Session], span: Span | None) -> dict[uuid.UUID, list[_LastOfMinute]]:
    assert span is not None
    since = _since(sessions, span)
    rows = VitalMinute.objects.filter(
        session_id__in=_keys(sessions),
        code__in=BY_THE_MINUTE,
        minute__gte=minute_of(since),
        minute__lte=span.last,
        last_at__gt=since,
        first_at__lte=span.last,
    )
    minutes: dict[uuid.UUID, list[_LastOfMinute]] = defaultdict(list)
    columns = ("session_id", "first_at", "code", "last", "last_at", "last_id")
    for session_id, first_at, code, last, last_at, last_id in rows.order_by().values_list(*columns):
        minutes[session_id].append(
            _LastOfMinute(first_at, MarkValue(code, number(last), last_at, str(last_id)))
        )
    return minutes


def _one_by_one(sessions: Sequence[Session], span: Span | None) -> Values:
    assert span is not None
    since = _since(sessions, span)
    return _charted(sessions, ONE_BY_ONE, since=since, until=span.last)


def _values_of_minutes(sessions: Sequence[Session], span: Span | None) -> Values:
    """Every value from the minute looked at first to the moment looked at last."""
    assert span is not None
    return _charted(sessions, BY_THE_MINUTE, since=minute_of(span.first), until=span.last)


def _charted(
    sessions: Sequence[Session], codes: Collection[str], *, since: datetime, until: datetime
) -> Values:
    rows = charted_in(_keys(sessions)).filter(code__in=codes, measured_at__gte=since, measured_at__lte=until)
    values: Values = defaultdict(list)
    columns = ("session_id", "code", "value", "measured_at", "id")
    for session_id, code, value, measured_at, key in rows.order_by().values_list(*columns):
        values[session_id].append(MarkValue(code, number(value), measured_at, str(key)))
    return values


def lowest_and_highest(session: Session, *, at: datetime) -> set[Point]:
    """Of what was not charted by hand: each minute's lowest and highest true value of each reading."""
    rows = VitalMinute.objects.filter(session=session, first_at__lte=at).exclude(source="hand")
    columns = ("code", "lowest_at", "lowest", "highest_at", "highest", "last_at")
    points: set[Point] = set()
    is_over = True
    for code, lowest_at, lowest, highest_at, highest, last_at in rows.order_by().values_list(*columns):
        if last_at <= at:
            points |= {(code, lowest_at, lowest), (code, highest_at, highest)}
        else:
            is_over = False
    return points if is_over else points | _ends_of_this_minute(session, at=at)


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
