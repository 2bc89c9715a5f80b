"""The weekly look at who opened which record: signs, and an alert with an owner (hazard H40)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from openkap.alerts.models import Alert
from openkap.audit.actions import record_reading
from openkap.audit.models import Reading
from openkap.desk import looking
from openkap.desk.curiosity import PersonRead, Reader, RecordOpening, Sign, signs_of, to_look_at
from openkap.dosing.tests.scene import scene
from tests.cast import NOW, Cast, sign_cover

NURSE, PATIENT, OTHER = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
READER = Reader("Sam Rivera", "Nurse", "sam@harbour.example")
PERSON = PersonRead("KAP-1", "Amara Osei", "Osei", "amara@example.org", None)
STAFF = {NURSE: READER, OTHER: Reader("Kit Moran", "Coordinator", "kit@harbour.example")}
OPENING = RecordOpening(NOW, NURSE, PATIENT, is_open=True, in_session=False)

CASES = {
    "nothing": (OPENING, READER, PERSON, set()),
    "no hours written down": (replace(OPENING, is_open=None), READER, PERSON, set()),
    "family name": (OPENING, replace(READER, name="Ann Oséi"), PERSON, {Sign.SAME_NAME}),
    "address": (OPENING, READER, replace(PERSON, email="SAM@harbour.example"), {Sign.SAME_ADDRESS}),
    "no address at all": (OPENING, replace(READER, email=""), replace(PERSON, email=""), set()),
    "colleague by sign-in": (OPENING, READER, replace(PERSON, user_id=OTHER), {Sign.COLLEAGUE}),
    "colleague by name": (
        OPENING,
        READER,
        replace(PERSON, name="Kit Moran", family_name="Moran"),
        {Sign.COLLEAGUE},
    ),
    "at night": (replace(OPENING, is_open=False), READER, PERSON, {Sign.OUTSIDE_HOURS}),
    "at night, on call": (replace(OPENING, is_open=False), replace(READER, on_call=True), PERSON, set()),
    "at night, in a session": (replace(OPENING, is_open=False, in_session=True), READER, PERSON, set()),
}


@pytest.mark.parametrize("case", CASES)
def test_each_sign_is_seen_and_nothing_else(case: str) -> None:
    opening, reader, person, signs = CASES[case]
    assert signs_of(opening, reader, person=person, staff={**STAFF, NURSE: reader}) == signs


def test_a_day_is_one_finding_and_ones_own_record_is_none() -> None:
    night = replace(OPENING, is_open=False)
    openings = [night, replace(night, at=NOW + timedelta(minutes=5)), replace(night, by_id=uuid.UUID(int=99))]
    (found,) = to_look_at(openings, staff=STAFF, people={PATIENT: PERSON}, zone=UTC)
    assert (found.first, found.last) == (NOW, NOW + timedelta(minutes=5))
    own = replace(PERSON, user_id=NURSE)
    assert to_look_at(openings, staff=STAFF, people={PATIENT: own}, zone=UTC) == []


def _night(cast: Cast) -> datetime:
    """Three in the morning of the Tuesday of last week."""
    monday = looking.Week.of(NOW.astimezone(cast.clinic.tz).date()).before.monday
    return datetime.combine(monday + timedelta(days=1), time(3), tzinfo=cast.clinic.tz)


def test_the_week_is_one_alert_which_an_administrator_owns(cast: Cast, client_as) -> None:
    sign_cover(cast.ada, on_call=(cast.june,), hours=(time(8), time(18)))
    night = _night(cast)
    for by in (cast.sam, cast.june):
        record_reading("desk:chart", by=by, at=night, patients=(), about=cast.amara.id)
    record_reading("desk:today", by=cast.noor, at=night, patients={cast.amara.id})
    record_reading("desk:chart", by=cast.noor, at=NOW, patients=(), about=cast.amara.id)
    for _ in range(2):
        assert looking.look(cast.clinic, at=NOW) == 1
    alert = Alert.objects.get(kind=looking.KIND)
    assert (alert.owner_id, alert.patient_id, alert.severity) == (cast.ada.membership_id, None, "soon")
    page = client_as(cast.ada).get(f"/readings/?week={night:%Y-%m-%d}").content.decode()
    assert "Sam Rivera" in page
    assert "outside the opening hours" in page
    assert cast.amara.mrn in page
    assert "Osei" not in page
    assert "June Park" not in page
    assert not Reading.objects.filter(page="desk:week").exists()  # a number was shown, and nobody's name
    assert client_as(cast.okafor).get("/readings/").status_code == 404


def test_a_session_that_is_open_explains_an_opening_at_night(cast: Cast) -> None:
    sign_cover(cast.ada, hours=(time(8), time(18)))
    it = scene(cast)
    week = looking.Week.of(NOW.astimezone(cast.clinic.tz).date())
    sunday = week.after.begins(cast.clinic) - timedelta(minutes=10)
    record_reading("dosing:room", by=cast.sam, at=sunday, patients=(), about=cast.amara.id)
    assert looking.findings(cast.clinic, week) == []
    type(it.session).objects.filter(id=it.session.id).update(closed_at=sunday - timedelta(hours=1))
    assert [found.signs for found in looking.findings(cast.clinic, week)] == [(Sign.OUTSIDE_HOURS,)]


@pytest.mark.parametrize("asked", ["", "x", "2026-02-31", "0001-01-01", "9999-12-31"])
def test_whatever_week_is_asked_for_the_page_answers(cast: Cast, client_as, asked: str) -> None:
    answer = client_as(cast.ada).get(f"/readings/?week={asked}")
    assert answer.status_code in (200, 404)


def test_a_week_begins_on_a_monday_in_the_clinics_zone(cast: Cast) -> None:
    week = looking.Week.of(date(2026, 11, 29))
    assert week.monday == date(2026, 11, 23)
    assert week.begins(cast.clinic).isoformat() == "2026-11-23T00:00:00-05:00"
