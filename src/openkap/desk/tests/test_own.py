"""The patient's own page says when, where, with whom, how to get ready, and what waits, in plain words."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from openkap.accounts import actions as accounts_actions
from openkap.courses import actions as courses_actions
from openkap.courses import queries as courses
from openkap.courses.plan_rules import SessionPlan
from openkap.dosing.tests.scene import course_of, scene
from tests.cast import NOW, Cast

TODAY = NOW.date()


def _own(cast: Cast, client_as) -> str:
    page = client_as(cast.amara_herself).get("/me/").content.decode()
    return " ".join(strip_tags(page.replace("<", " <")).split())


def _plan(cast: Cast, plan: SessionPlan) -> None:
    course = courses.of_patient(cast.amara.id) or course_of(cast)
    courses_actions.plan_sessions(course.id, [plan], by=cast.kit, at=NOW, today=TODAY)


def test_before_a_time_is_agreed_the_page_sends_nobody_anywhere(cast: Cast, client_as) -> None:
    course_of(cast)
    page = _own(cast, client_as)
    assert "Come today Ask the clinic for the time." in page


def test_on_the_day_it_says_when_where_and_with_whom(cast: Cast, client_as) -> None:
    _plan(cast, SessionPlan(1, TODAY, time(14, 30), cast.room.id))
    page = _own(cast, client_as)
    assert "Session 1 of 2 Come today 14:30" in page
    assert f"{cast.room.site.name}, {cast.room.name}" in page
    assert f"With you: June Park, {cast.sam.name}, Noor Haddad" in page
    assert cast.okafor.name not in page.split("With you:")[1].split("Before you come")[0]


def test_another_day_is_said_with_its_weekday_and_a_passed_one_as_passed(cast: Cast, client_as) -> None:
    course = course_of(cast)
    [first, _] = courses.planned(course)
    first.planned_on = TODAY - timedelta(days=1)
    first.save(update_fields=["planned_on"])
    assert "was planned for Monday, November 23 and has not been held." in _own(cast, client_as)
    _plan(cast, SessionPlan(1, TODAY + timedelta(days=1), time(9, 0)))
    assert "Wednesday, November 25 09:00" in _own(cast, client_as)


def test_how_to_get_ready_is_in_the_clinics_own_words(cast: Cast, client_as) -> None:
    course_of(cast)
    assert "Ask the clinic what you may eat, drink and take before you come." in _own(cast, client_as)
    clinic = cast.clinic
    accounts_actions.change_particulars(
        name=clinic.name,
        phone=clinic.phone,
        zone=clinic.zone,
        profile=clinic.profile,
        before_session="Nothing to eat after breakfast.\n\n  Water until you come.  ",
        by=cast.ada,
        at=NOW,
    )
    page = _own(cast, client_as)
    assert "Nothing to eat after breakfast. Water until you come. You cannot drive" in page
    assert "Ask the clinic what you may eat" not in page


def test_in_session_nobody_is_told_to_come(cast: Cast, client_as) -> None:
    it = scene(cast)
    it.start()
    page = _own(cast, client_as)
    assert "Session 1 is today. Please do not drive until the day after." in page
    assert "Come today" not in page
    assert "Before you come" not in page


@pytest.mark.parametrize(
    ("hours", "greeting"), [(0, "Good morning"), (8, "Good afternoon"), (14, "Good evening")]
)
def test_the_greeting_goes_by_the_clinics_clock(
    cast: Cast, client_as, monkeypatch: pytest.MonkeyPatch, hours: int, greeting: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=hours))
    browser = client_as(cast.amara_herself)
    page = browser.get("/me/").content.decode()
    assert f"{greeting}, Amara" in page
    assert "Tuesday, November 24, 2026" in page
