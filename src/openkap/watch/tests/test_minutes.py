"""The minutes of a session are what its values say, whatever is written, in whatever order."""

from __future__ import annotations

import importlib
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from openkap.dosing.tests.scene import Scene, scene
from openkap.kernel.ids import uuid7
from openkap.watch import facts, series, watching
from openkap.watch.actions.moments import Sent, TakenMoment
from openkap.watch.actions.vitals import take_moments
from openkap.watch.marks import MarkValue, findings
from openkap.watch.models import EnteredInError, Session, Vital, VitalMinute, VitalSettled
from openkap.watch.plausibility import DBP, HEART_RATE, OXIMETER_PULSE, SBP, SPO2
from openkap.watch.series import Series, SeriesChanges
from openkap.watch.thinning import thinned
from tests.cast import Cast

Row = tuple[Any, ...]
COLUMNS = (
    "code", "source", "minute", "first_at", "last_at", "last", "last_id",
    "lowest", "lowest_at", "highest", "highest_at", "count",
)  # fmt: skip


def _minute(rows: list[Vital]) -> Row:
    """One minute, counted from its values."""
    last = max(rows, key=lambda row: (row.measured_at, row.id))
    low = min(rows, key=lambda row: (row.value, row.measured_at))
    high = min(rows, key=lambda row: (-row.value, row.measured_at))
    first_at = min(row.measured_at for row in rows)
    ends = (first_at, last.measured_at, last.value, last.id)
    return (*ends, low.value, low.measured_at, high.value, high.measured_at, len(rows))


def counted(session: Session) -> set[Row]:
    """The minutes of a session, counted in Python from its true values."""
    by_minute: dict[tuple[str, str, datetime], list[Vital]] = defaultdict(list)
    for row in facts.charted(session):
        by_minute[row.code, row.source, row.measured_at.replace(second=0, microsecond=0)].append(row)
    return {(*key, *_minute(rows)) for key, rows in by_minute.items()}


def kept(session: Session) -> set[Row]:
    """The minutes of a session, as the database keeps them."""
    return set(VitalMinute.objects.filter(session=session).values_list(*COLUMNS))


def _some_values(draw: random.Random) -> dict[str, Decimal]:
    heart = draw.choice([0, 18, 61, 62, 74, 90, 320])
    values = {
        HEART_RATE: heart,
        SPO2: draw.choice([0, 71, 88, 97, 98]),
        OXIMETER_PULSE: draw.choice([0, 62, 90]),
    }
    if draw.random() < 0.3:
        values |= {SBP: draw.choice([120, 131, 90]), DBP: draw.choice([70, 88])}
    return {code: Decimal(value) for code, value in values.items()}


def _written(here: Scene, draw: random.Random) -> None:
    """Several moments at once, from a monitor or by hand, not in the order of their times."""
    source = draw.choice(["monitor", "monitor", "hand"])
    moments = [
        TakenMoment(_some_values(draw), here.later(draw.randint(0, 240) / 60), uuid7(), Sent(source=source))
        for _ in range(draw.randint(1, 6))
    ]
    take_moments(here.session.id, moments, by=here.cast.sam, at=here.later(5))


def _corrected(here: Scene, draw: random.Random) -> None:
    """A value is entered in error, or a person says which it was."""
    stamp = here.cast.sam.stamp(here.later(6))
    wrong = EnteredInError.objects.values("entry_id")
    row = draw.choice(list(Vital.objects.filter(session=here.session).exclude(id__in=wrong)))
    if row.standing == "unconfirmed" and not VitalSettled.objects.filter(vital=row).exists():
        VitalSettled.objects.create(vital=row, is_true=draw.random() < 0.7, **stamp)
    else:
        kind = EnteredInError.Kind.VALUE
        EnteredInError.objects.create(session=here.session, kind=kind, entry_id=row.id, why="x", **stamp)


def _held_against_the_limits(session: Session, *, at: datetime) -> list[MarkValue]:
    """The same as `true_values`, from every value of the session."""
    since = at - facts.numbers_of(session).look_back
    rows = facts.charted(session).filter(measured_at__gt=since, measured_at__lte=at)
    return _sorted(thinned(_as_values(rows)))


def _as_values(rows: Iterable[Vital]) -> list[MarkValue]:
    return [MarkValue(row.code, facts.number(row.value), row.measured_at, str(row.id)) for row in rows]


def _sorted(values: Iterable[MarkValue]) -> list[MarkValue]:
    return sorted(values, key=lambda one: (one.code, one.at, one.id))


def _drawn(session: Session, *, at: datetime) -> set[facts.Point]:
    """The lowest and highest of each minute, from every value of the session that was not charted by hand."""
    rows = list(facts.charted(session).filter(measured_at__lte=at).exclude(source="hand"))
    by_minute: dict[tuple[str, datetime], list[Vital]] = defaultdict(list)
    for row in rows:
        by_minute[row.code, row.measured_at.replace(second=0, microsecond=0)].append(row)
    points: set[facts.Point] = set()
    for some in by_minute.values():
        low = min(some, key=lambda row: (row.value, row.measured_at))
        high = min(some, key=lambda row: (-row.value, row.measured_at))
        points |= {(row.code, row.measured_at, row.value) for row in (low, high)}
    return points


@pytest.mark.parametrize("seed", range(3))
def test_by_the_minute_or_value_by_value_the_same_is_held_against_the_limits_and_drawn(
    cast: Cast, seed: int
) -> None:
    """At whatever moment it is looked at, also in the middle of a minute and for several moments at once."""
    here, draw = scene(cast), random.Random(seed)
    for _ in range(5):
        _written(here, draw)
        _corrected(here, draw)
    session = Session.objects.get(id=here.session.id)
    moments = [here.later(draw.randint(0, 300) / 60) for _ in range(8)]
    for at in moments:
        by_value = _held_against_the_limits(session, at=at)
        assert _sorted(facts.true_values(session, at=at)) == by_value
        assert facts.lowest_and_highest(session, at=at) == _drawn(session, at=at)
        with facts.reading(session, at=max(moments), moments=moments):
            assert _sorted(facts.true_values(session, at=at)) == by_value


@pytest.mark.parametrize("seed", range(4))
def test_where_the_last_values_cross_no_limit_none_is_crossed(cast: Cast, seed: int) -> None:
    """H08, H09: a session is read whole only where it can matter, and finds the same as if it always were."""
    here, draw = scene(cast), random.Random(seed)
    here.start()
    for _ in range(5):
        _written(here, draw)
        _corrected(here, draw)
    session = Session.objects.get(id=here.session.id)
    rows = facts.protocol_of(session).thresholds
    crossed = 0
    for at in (here.later(draw.randint(0, 900) / 60) for _ in range(12)):
        grave = _as_values(facts.unconfirmed(session, at=at))
        values = [*_held_against_the_limits(session, at=at), *thinned(grave)]
        found = findings(
            values,
            baseline=facts.baseline(session),
            thresholds=rows,
            at=at,
            started_at=session.dose_began_at,
            symptoms=watching.symptoms_now(session),
        )
        assert watching.findings(session, at=at) == found
        crossed += bool(found)
    assert crossed


@pytest.mark.parametrize("seed", range(4))
def test_a_minute_says_what_its_values_say(cast: Cast, seed: int) -> None:
    here, draw = scene(cast), random.Random(seed)
    for _ in range(12):
        _corrected(here, draw) if draw.random() < 0.4 else _written(here, draw)
        assert kept(here.session) == counted(here.session)
    assert len(kept(here.session)) > 10


def test_what_was_charted_before_there_were_minutes_is_counted(cast: Cast) -> None:
    here, draw = scene(cast), random.Random(9)
    for _ in range(6):
        _written(here, draw)
        _corrected(here, draw)
    VitalMinute.objects.all().delete()
    migration = importlib.import_module("openkap.watch.migrations.0002_minutes")
    with connection.cursor() as cursor:
        cursor.execute(migration.COUNTED)
    assert kept(here.session) == counted(here.session) != set()


def test_an_entry_in_error_of_another_kind_changes_no_minute(cast: Cast) -> None:
    here = scene(cast)
    before = kept(here.session)
    [row, *_] = Vital.objects.filter(session=here.session)
    kind, stamp = EnteredInError.Kind.REMARK, here.cast.sam.stamp(here.later(6))
    EnteredInError.objects.create(session=here.session, kind=kind, entry_id=row.id, why="x", **stamp)
    assert kept(here.session) == before


def _merged(known: Series, told: SeriesChanges) -> Series:
    """What a screen makes of an answer: the changed minutes in the place of those it knew."""
    if told.minutes is None:
        return told.series
    whole = {code: list(points) for code, points in known.items()}
    for code, minutes in told.minutes.items():
        kept = [it for it in whole.get(code, []) if it[0].replace(second=0, microsecond=0) not in minutes]
        whole[code] = sorted([*kept, *told.series.get(code, [])])
    return {code: points for code, points in whole.items() if points}


@pytest.mark.parametrize("seed", range(4))
def test_a_screen_that_hears_what_changed_draws_what_one_that_hears_all_draws_h08(
    cast: Cast, seed: int
) -> None:
    """H08, H23: late values, corrections and marks too; and what did not change is not sent again."""
    here, draw = scene(cast), random.Random(seed)
    drawn: Series = {}
    seen, in_part = "", 0
    for turn in range(14):
        draw.choice([_written, _written, _corrected, lambda *told: None])(here, draw)
        session = Session.objects.get(id=here.session.id)
        told = series.changes(session, at=here.later(6 + turn), seen=seen)
        drawn, seen = _merged(drawn, told), told.seen
        whole = series.series(session, at=here.later(6 + turn))
        assert drawn == {code: sorted(points) for code, points in whole.items()}
        in_part += told.minutes is not None
        again = series.changes(session, at=here.later(6 + turn), seen=seen)
        assert (again.series, again.minutes) == ({}, {})
    assert in_part


@pytest.mark.parametrize("seen", ["", "x", "0.0.0@", "@", "0.0.0@never", "0.0.0@2026-01-01T00:00:00"])
def test_whatever_a_screen_says_it_has_seen_it_hears_what_it_lacks(cast: Cast, seen: str) -> None:
    here = scene(cast)
    told = series.changes(here.session, at=here.later(1), seen=seen)
    assert _merged({}, told) == series.series(here.session, at=here.later(1))
