"""The values of a session by time, for chart, table and paper. Nothing worst is thinned away (H08, H23).

Of what a monitor counts each second, every minute keeps its lowest and its highest; every value charted by
hand stays, and every value that raised a mark, confirmed or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from openkap.kernel.quantity import plain
from openkap.watch import facts
from openkap.watch.codes import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.models import Session, Vital

Series = dict[str, list[tuple[datetime, Decimal]]]
PAPER_MINUTES = 5
RANGES = (("rate", HEART_RATE), ("spo2", SPO2), ("breathing", BREATHING))


def kept_whole(session: Session, *, at: datetime) -> set[facts.Point]:
    """What is never thinned: charted by hand, or what raised a mark; not what proved wrong."""
    wrong = facts.proved_wrong(session)
    marked = {key for mark in facts.marks(session) for key in mark.about} - wrong
    by_hand = facts.charted(session).filter(source="hand")
    rows = [by_hand, Vital.objects.filter(session=session, id__in=marked)]
    columns = ("code", "measured_at", "value")
    return {point for some in rows for point in some.filter(measured_at__lte=at).values_list(*columns)}


def series(session: Session, *, at: datetime) -> Series:
    """Each code's values by time: by the minute the lowest and the highest, and all that is kept whole."""
    picked = facts.lowest_and_highest(session, at=at) | kept_whole(session, at=at)
    found: Series = {}
    for code, when, value in sorted(picked, key=lambda one: (one[1], one[2])):
        found.setdefault(code, []).append((when, value))
    return found


def rows_on_paper(values: Series) -> list[dict[str, Any]]:
    """One line for every five minutes: each cuff and rating, and the lowest and highest of the rest."""
    lines: dict[datetime, dict[str, Any]] = {}
    for code, points in values.items():
        for when, value in points:
            line = lines.setdefault(_slot(when), {})
            line.setdefault(code, []).append((when, value))
    return [_line(slot, found) for slot, found in sorted(lines.items())]


def _slot(when: datetime) -> datetime:
    whole = when.replace(second=0, microsecond=0)
    return whole.replace(minute=whole.minute - whole.minute % PAPER_MINUTES)


def _line(slot: datetime, found: dict[str, list[tuple[datetime, Decimal]]]) -> dict[str, Any]:
    lower = dict(found.get(DBP, ()))
    cuffs = [
        f"{plain(value)}/{plain(lower[when])}" if when in lower else plain(value)
        for when, value in found.get(SBP, ())
    ]
    line = {"at": slot, "pressure": ", ".join(cuffs)}
    line |= {name: spread(value for _, value in found.get(code, ())) for name, code in RANGES}
    return {**line, "moaas": ", ".join(plain(value) for _, value in found.get(MOAAS, ()))}


def spread(values: Iterable[Decimal]) -> str:
    """The lowest and the highest as one cell; one number where they are the same."""
    known = list(values)
    if not known:
        return ""
    low, high = plain(min(known)), plain(max(known))
    return low if low == high else f"{low} to {high}"
