"""The values of a session by time, for chart, table and paper. Nothing worst is thinned away (H08, H23).

Of what a monitor counts each second, every minute keeps its lowest and its highest; every value charted by
hand stays, and every value that raised a mark, confirmed or not.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def _kept_whole(session: Session, *, at: datetime, span: tuple[datetime, datetime] | None = None) -> Points:
    """What is never thinned: charted by hand, or what raised a mark; not what proved wrong."""
    wrong = facts.proved_wrong(session)
    marked = {key for mark in facts.marks(session) for key in mark.about} - wrong
    by_hand = facts.charted(session).filter(source="hand")
    rows = [by_hand, facts.values_of([session]).filter(id__in=marked)] if marked else [by_hand]
    if span is not None:
        rows = [some.filter(measured_at__gte=span[0], measured_at__lt=span[1]) for some in rows]
    columns = ("code", "measured_at", "value")
    return {point for some in rows for point in some.filter(measured_at__lte=at).values_list(*columns)}


def _by_code(points: Points) -> Series:
    values: Series = {}
    for code, when, value in sorted(points, key=lambda one: (one[1], one[2])):
        values.setdefault(code, []).append((when, value))
    return values


def series(session: Session, *, at: datetime) -> Series:
    """Each code's values by time: by the minute the lowest and the highest, and all that is kept whole."""
    return _by_code(facts.lowest_and_highest(session, at=at) | _kept_whole(session, at=at))


def changes(session: Session, *, at: datetime, seen: str = "") -> SeriesChanges:
    """The series for a screen that has seen it until `seen`: what changed since, or all of it.

    Minutes change in the order of the session's lock, so what a later answer brings is never behind what an
    earlier one has seen. A correction and a mark change what is drawn of any minute: then all is sent.
    """
    edition, _, cursor = seen.partition("@")
    now = _edition(session)
    if edition != now or not cursor:
        newest = facts.minutes_changed_until(session)
        return SeriesChanges(series(session, at=at), None, f"{now}@{newest}" if newest else "")
    changed, newest = facts.minutes_changed_since(session, cursor)
    if not changed:
        return SeriesChanges({}, {}, seen)
    points = facts.lowest_and_highest(session, at=at, among=changed)
    span = (min(minute for _, minute in changed), max(minute for _, minute in changed) + MINUTE)
    points |= _kept_whole(session, at=at, span=span)
    minutes: dict[str, list[datetime]] = {}
    for code, minute in sorted(changed):
        minutes.setdefault(code, []).append(minute)
    within = {point for point in points if (point[0], minute_of(point[1])) in changed}
    return SeriesChanges(_by_code(within), minutes, f"{now}@{newest}")


def _edition(session: Session) -> str:
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
