"""The values of a session by time, for chart, table and paper. Nothing worst is thinned away (H08, H23).

Of what a monitor counts each second, every minute keeps its lowest and its highest; every value charted by
hand stays, and every value that raised a mark, confirmed or not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from openkap.kernel.quantity import plain
from openkap.watch import facts
from openkap.watch.codes import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.models import Session
from openkap.watch.thinning import minute_of

Points = set[facts.Point]
Series = dict[str, list[tuple[datetime, Decimal]]]
PAPER_MINUTES = 5
MINUTE = timedelta(minutes=1)
RANGES = (("rate", HEART_RATE), ("spo2", SPO2), ("breathing", BREATHING))


@dataclass(frozen=True, slots=True)
class SeriesChanges:
    """What of a session's series is new to whoever has `seen` it before; `minutes` is None for all of it.

    Otherwise the points of these minutes, by code, take the place of those known of them.
    """

    series: Series
    minutes: dict[str, list[datetime]] | None
    seen: str


Span = tuple[datetime, datetime]


def _kept_whole(
    sessions: Sequence[Session], *, at: datetime, span: Span | None = None
) -> dict[uuid.UUID, Points]:
    """What is never thinned: charted by hand, or what raised a mark; not what proved wrong."""
    marked: set[str] = set()
    for session in sessions:
        about = {key for mark in facts.marks(session) for key in mark.about}
        marked |= about - facts.proved_wrong(session) if about else about
    by_hand = facts.charted_in(sessions).filter(source="hand")
    rows = [by_hand, facts.values_of(sessions).filter(id__in=marked)] if marked else [by_hand]
    if span is not None:
        rows = [some.filter(measured_at__gte=span[0], measured_at__lt=span[1]) for some in rows]
    points: dict[uuid.UUID, Points] = {one.id: set() for one in sessions}
    for some in rows:
        columns = some.filter(measured_at__lte=at).values_list("session_id", "code", "measured_at", "value")
        for key, *point in columns:
            points[key].add((point[0], point[1], point[2]))
    return points


def _by_code(points: Points) -> Series:
    values: Series = {}
    for code, when, value in sorted(points, key=lambda one: (one[1], one[2])):
        values.setdefault(code, []).append((when, value))
    return values


def series(session: Session, *, at: datetime) -> Series:
    """Each code's values by time: by the minute the lowest and the highest, and all that is kept whole."""
    whole = _kept_whole([session], at=at)[session.id]
    return _by_code(facts.lowest_and_highest(session, at=at) | whole)


def changes(session: Session, *, at: datetime, seen: str = "") -> SeriesChanges:
    """The series for a screen that has seen it until `seen`: what changed since, or all of it."""
    return changes_of([session], at=at, seen={session.id: seen})[session.id]


def changes_of(
    sessions: Sequence[Session], *, at: datetime, seen: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, SeriesChanges]:
    """The series of several sessions, each for screens that have seen it until then.

    Minutes change in the order of the session's lock, so what a later answer brings is never behind what an
    earlier one has seen. A correction and a mark change what is drawn of any minute: then all is sent.
    """
    cursors: dict[uuid.UUID, str] = {}
    told: dict[uuid.UUID, SeriesChanges] = {}
    for session in sessions:
        known, _, cursor = seen.get(session.id, "").partition("@")
        if cursor and known == edition(session):
            cursors[session.id] = cursor
        else:
            told[session.id] = _all_of(session, at=at)
    going_on = [session for session in sessions if session.id in cursors]
    return told | _since(going_on, cursors, at=at, seen=seen)


def _all_of(session: Session, *, at: datetime) -> SeriesChanges:
    newest = facts.minutes_changed_until(session)
    return SeriesChanges(series(session, at=at), None, f"{edition(session)}@{newest}" if newest else "")


def _since(
    sessions: Sequence[Session],
    cursors: Mapping[uuid.UUID, str],
    *,
    at: datetime,
    seen: Mapping[uuid.UUID, str],
) -> dict[uuid.UUID, SeriesChanges]:
    moved = facts.minutes_changed_since(cursors)
    changed = {key: several for key, (several, _) in moved.items() if several}
    told = {one.id: SeriesChanges({}, {}, seen[one.id]) for one in sessions if one.id not in changed}
    new = [one for one in sessions if one.id in changed]
    if not new:
        return told
    every = {minute for several in changed.values() for _, minute in several}
    points = facts.lowest_and_highest_among(new, changed, at=at)
    whole = _kept_whole(new, at=at, span=(min(every), max(every) + MINUTE))
    for session in new:
        mine, newest = moved[session.id]
        drawn = points[session.id] | whole[session.id]
        within = {point for point in drawn if (point[0], minute_of(point[1])) in mine}
        minutes: dict[str, list[datetime]] = {}
        for code, minute in sorted(mine):
            minutes.setdefault(code, []).append(minute)
        told[session.id] = SeriesChanges(_by_code(within), minutes, f"{edition(session)}@{newest}")
    return told


def edition(session: Session) -> str:
    """What a correction or a mark changes: a mark may come to speak of more values than it did."""
    spoken_of = sum(len(mark.about) for mark in facts.marks(session))
    return f"{len(facts.errors(session))}.{len(facts.settled_values(session))}.{spoken_of}"


def rows_on_paper(values: Series) -> list[dict[str, Any]]:
    """One line for every five minutes: each cuff and rating, and the lowest and highest of the rest."""
    lines: dict[datetime, dict[str, Any]] = {}
    for code, points in values.items():
        for when, value in points:
            line = lines.setdefault(_slot(when), {})
            line.setdefault(code, []).append((when, value))
    return [_line(slot, values) for slot, values in sorted(lines.items())]


def _slot(when: datetime) -> datetime:
    whole = when.replace(second=0, microsecond=0)
    return whole.replace(minute=whole.minute - whole.minute % PAPER_MINUTES)


def _line(slot: datetime, values: dict[str, list[tuple[datetime, Decimal]]]) -> dict[str, Any]:
    lower = dict(values.get(DBP, ()))
    cuffs = [
        f"{plain(value)}/{plain(lower[when])}" if when in lower else plain(value)
        for when, value in values.get(SBP, ())
    ]
    line = {"at": slot, "pressure": ", ".join(cuffs)}
    line |= {name: spread(value for _, value in values.get(code, ())) for name, code in RANGES}
    return {**line, "moaas": ", ".join(plain(value) for _, value in values.get(MOAAS, ()))}


def spread(values: Iterable[Decimal]) -> str:
    """The lowest and the highest as one cell; one number where they are the same."""
    known = list(values)
    if not known:
        return ""
    low, high = plain(min(known)), plain(max(known))
    return low if low == high else f"{low} to {high}"
