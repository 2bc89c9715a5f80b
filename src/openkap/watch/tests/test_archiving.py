"""A month after a session its monitors' values are archived: whoever reads sees no difference, none is lost.

H24, H39: the database itself lets no value go that does not stand whole in an archive, and no archive whose
values do not stand in rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from openkap.dosing.live import live
from openkap.dosing.tests.scene import Scene, scene
from openkap.kernel.ids import uuid7
from openkap.tenancy.context import inside
from openkap.watch import actions, facts, jobs, queries, series
from openkap.watch.actions import archiving
from openkap.watch.actions.moments import Sent, TakenMoment
from openkap.watch.actions.vitals import take_moments
from openkap.watch.models import (
    AnyVital,
    ArchivedVitals,
    EnteredInError,
    Session,
    Vital,
    VitalMinute,
    VitalSettled,
)
from openkap.watch.models.archived import COLUMNS
from openkap.watch.plausibility import DBP, HEART_RATE, MOAAS, OXIMETER_PULSE, SBP, SPO2
from openkap.watch.statements import ValueNote
from tests.cast import Cast

MONTH = timedelta(days=31)
REMOVED = "DELETE FROM watch_vital WHERE id NOT IN (SELECT vital_id FROM watch_vitalsettled)"


def _rows(model: Any, session: Session) -> set[tuple[str, ...]]:
    """Every column of every value of a session, as text."""
    kept = model.objects.filter(session_id=session.id).values_list(*COLUMNS)
    return {tuple(map(str, row)) for row in kept}


def _some_hours(cast: Cast, *, seed: int = 1) -> Scene:
    """A closed session with values of every kind: doubted, noted, settled, called an error, typed."""
    here, draw, moments = scene(cast), random.Random(seed), []
    for turn in range(60):
        heart, saturation = draw.choice([0, 61, 74, 320]), draw.choice([0, 88, 97])
        values = {HEART_RATE: heart, SPO2: saturation, OXIMETER_PULSE: draw.choice([0, 62, 90])}
        if turn % 7 == 0:
            values |= {SBP: 130 + turn, DBP: 80}
        noted = [ValueNote.SET_BACK(seconds=turn)] if turn % 5 == 0 else []
        sent = Sent(
            source="monitor",
            message_id=uuid7() if turn % 3 else None,
            texts={SPO2: f"{saturation}.0"} if turn % 11 == 0 else {},
            channels={HEART_RATE: draw.choice(["", "1.1.1.5"])},
            notes={HEART_RATE: noted},
        )
        numbers = {code: Decimal(value) for code, value in values.items()}
        moments.append(TakenMoment(numbers, here.later(turn / 4), uuid7(), sent))
    assert not any(take_moments(here.session.id, moments, by=cast.sam, at=here.later(20)))
    here.take({MOAAS: 5, SBP: 124, DBP: 78}, minutes=16)
    _settle_one(here)
    Session.objects.filter(id=here.session.id).update(closed_at=here.later(30))
    here.session.refresh_from_db()
    return here


def _settle_one(here: Scene) -> None:
    doubted = Vital.objects.filter(session=here.session, source="monitor").exclude(standing="plausible")
    row = doubted.order_by("measured_at", "id")[0]
    VitalSettled.objects.create(vital=row, is_true=True, **here.cast.sam.stamp(here.later(17)))


def _archived(here: Scene) -> int:
    count = actions.archive(here.session.id, by=here.cast.sam, at=here.at + MONTH)
    here.session.refresh_from_db()
    return count


def _what_is_read(session: Session, at: datetime) -> list[Any]:
    """All that pages, papers and rules read of a session's values."""
    session = queries.get(session.id)
    middle = session.at + timedelta(minutes=9)
    return [
        series.series(session, at=at),
        series.series(session, at=middle),
        facts.cuffs(session, at=at),
        facts.baseline(session),
        facts.last_values(session, at=at),
        facts.last_values(session, at=middle, source="monitor"),
        sorted(map(str, facts.true_values(session, at=middle))),
        sorted(map(str, facts.latest_values(session, at=middle))),
        [row.id for row in facts.unconfirmed(session, at=middle)],
        [(row.id, row.reason, row.notes) for row in facts.values_of([session]).exclude(standing="plausible")],
        [tile.value for tile in live(session, at=at).tiles],
    ]


def test_what_is_archived_is_read_as_before(cast: Cast) -> None:
    here = _some_hours(cast)
    at = here.at + MONTH
    rows, before = _rows(Vital, here.session), _what_is_read(here.session, at)
    minutes = set(VitalMinute.objects.values_list())
    count = _archived(here)
    assert count > 150
    assert Vital.objects.filter(session=here.session).count() == len(rows) - count
    assert not Vital.objects.filter(source="monitor", settled__isnull=True).exists()
    assert _rows(AnyVital, here.session) == rows, "every column of every value"
    assert _what_is_read(here.session, at) == before
    assert set(VitalMinute.objects.values_list()) == minutes


def test_an_act_finds_the_values_in_their_rows_as_they_were(cast: Cast) -> None:
    here = _some_hours(cast)
    rows, minutes = _rows(Vital, here.session), set(VitalMinute.objects.values_list())
    _archived(here)
    with transaction.atomic():
        session = actions.locked_session(here.session.id)
    assert session.archived_at is None
    assert _rows(Vital, here.session) == rows
    assert not ArchivedVitals.objects.exists()
    assert set(VitalMinute.objects.values_list()) == minutes, "nothing is counted twice"
    assert _archived(here) > 150, "the next night archives them again"
    assert _rows(AnyVital, here.session) == rows


def test_a_value_that_comes_late_is_charted_and_the_same_one_is_one_row(cast: Cast) -> None:
    here = _some_hours(cast)
    sent = Vital.objects.filter(session=here.session, code=HEART_RATE, source="monitor")[0]
    _archived(here)
    moment = TakenMoment({HEART_RATE: Decimal(77)}, here.later(12), uuid7(), Sent(source="monitor"))
    for _ in range(2):
        assert take_moments(here.session.id, [moment], by=cast.sam, at=here.at + MONTH) == [None]
        _archived(here)
    assert AnyVital.objects.filter(session_id=here.session.id, value=77, code=HEART_RATE).count() == 1
    assert AnyVital.objects.filter(client_id=sent.client_id).count() == 1


def test_an_error_in_an_archived_session_is_corrected(cast: Cast) -> None:
    here = _some_hours(cast)
    _archived(here)
    wrong = Vital.objects.filter(code=MOAAS, session=here.session).latest("measured_at")
    with pytest.raises(DatabaseError, match="come back before one is corrected"), transaction.atomic():
        _in_error(here, wrong)
    with transaction.atomic():
        actions.locked_session(here.session.id)
        _in_error(here, wrong)
    _archived(here)
    assert facts.last_values(here.session, at=here.at + MONTH)[MOAAS].measured_at < wrong.measured_at


def _in_error(here: Scene, wrong: Vital) -> None:
    stamp = here.cast.sam.stamp(here.later(40))
    EnteredInError.objects.create(
        session=here.session, kind=EnteredInError.Kind.VALUE, entry_id=wrong.id, why="x", **stamp
    )


def _sql(statement: str, *values: Any) -> Callable[[Scene], None]:
    def run(here: Scene) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def _write_beside(here: Scene) -> None:
    row = AnyVital.objects.filter(session_id=here.session.id, source="monitor").values(*COLUMNS)[0]
    Vital.objects.create(**{**row, "id": uuid7(), "client_id": uuid7()})


@pytest.mark.parametrize(
    ("is_archived", "tampers", "says"),
    [
        (False, _sql(REMOVED), "stands, whole, in the archive"),
        (True, _sql(REMOVED), "stands, whole, in the archive"),
        (True, _sql("DELETE FROM watch_archivedvitals"), "in a row of its own"),
        (True, _sql("UPDATE watch_archivedvitals SET unit = 'kPa'"), "Cannot update"),
        (True, _sql("UPDATE watch_vital SET value = 1"), "Cannot update"),
        (True, _write_beside, "come back before one is written"),
    ],
)
def test_the_database_lets_none_go(
    cast: Cast, *, is_archived: bool, tampers: Callable[[Scene], None], says: str
) -> None:
    here = _some_hours(cast)
    if is_archived:
        _archived(here)
    rows = _rows(AnyVital, here.session)
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        tampers(here)
    assert _rows(AnyVital, here.session) == rows


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("array_agg(v.value ", "array_agg(v.value + 1 "),
        ("array_agg(v.measured_at ", "array_agg(v.measured_at + interval '1 millisecond' "),
        ("NOT bool_and(v.value_text", "NOT bool_or(v.value_text"),
        ("array_agg(v.message_id ", "array_agg(NULL::uuid "),
        ("jsonb_build_array(v.reason, v.notes)", "jsonb_build_array(NULL, v.notes)"),
        ("jsonb_build_array(v.reason, v.notes)", "jsonb_build_array(v.reason, NULL)"),
        ("v.source = 'monitor'", f"v.source = 'monitor' AND v.code <> '{SPO2}'"),
        ("v.session_id = %s", "v.session_id = %s AND v.standing = 'plausible'"),
    ],
)
def test_values_stay_in_their_rows_when_an_archive_does_not_hold_all_of_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    """Whatever the archiving gets wrong, the database compares every column before a value goes."""
    here = _some_hours(cast)
    rows = _rows(Vital, here.session)
    assert right in archiving._ARCHIVE
    monkeypatch.setattr(archiving, "_ARCHIVE", archiving._ARCHIVE.replace(right, wrong))
    with pytest.raises(DatabaseError, match="stands, whole, in the archive"), transaction.atomic():
        _archived(here)
    here.session.refresh_from_db()
    assert here.session.archived_at is None
    assert _rows(Vital, here.session) == rows == _rows(AnyVital, here.session)


def test_a_session_is_archived_a_month_after_it_closed_and_no_sooner(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _some_hours(cast)
    closed_at = here.session.closed_at
    assert closed_at is not None
    early, due = closed_at + timedelta(days=29), closed_at + timedelta(days=30)
    assert queries.sessions_to_archive(early) == queries.clinics_to_archive(early) == []
    assert actions.archive(here.session.id, by=cast.sam, at=early) == 0
    assert queries.clinics_to_archive(due) == [cast.clinic.id]
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(jobs.archive_one, "defer", lambda **told: queued.append(told))
    monkeypatch.setattr(jobs.timezone, "now", lambda: due)
    jobs.archive.each(clinic_id=str(cast.clinic.id))
    assert [one["session_id"] for one in queued] == [str(here.session.id)]
    jobs.archive_one(**queued[0])
    assert queries.sessions_to_archive(due) == queries.clinics_to_archive(due) == []
    assert actions.archive(here.session.id, by=cast.sam, at=due) == 0


def test_another_clinic_reads_none_of_it(cast: Cast) -> None:
    """The view reads as whoever asks, so the policies of both tables hold in it."""
    here = _some_hours(cast)
    _archived(here)
    with inside(uuid7()):
        assert (AnyVital.objects.count(), ArchivedVitals.objects.count()) == (0, 0)
    assert AnyVital.objects.count() > 150


def test_every_column_of_a_value_is_archived() -> None:
    columns = {field.column for field in Vital._meta.local_fields}
    assert set(COLUMNS) == columns == {field.column for field in AnyVital._meta.local_fields}
