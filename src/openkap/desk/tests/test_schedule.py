"""The schedule shows each session of a week where it is planned, and only of people in one's care (H40)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils.html import strip_tags

from openkap.courses import actions as courses_actions
from openkap.courses import queries as courses
from openkap.courses.plan_rules import SessionPlan
from openkap.desk.schedule import monday_of
from openkap.dosing.tests.scene import consented, course_of, scene, screened
from tests.cast import NOW, Cast

TODAY = NOW.date()


def _week(browser, query: str = "") -> str:
    return " ".join(strip_tags(browser.get(f"/schedule/{query}").content.decode()).split())


def test_a_session_stands_on_its_day_with_time_and_room(cast: Cast, client_as) -> None:
    course = course_of(cast)
    browser = client_as(cast.sam)
    assert "Amara Osei Session 1 · no time yet Plan" in _week(browser)
    plan = SessionPlan(1, TODAY, time(9, 30), cast.room.id)
    courses_actions.plan_sessions(course.id, [plan], by=cast.kit, at=NOW, today=TODAY)
    assert f"Tue, Nov 24 today 09:30 Amara Osei Session 1, {cast.room.name}" in _week(browser)


def test_while_somebody_is_in_the_room_their_session_leads_there(cast: Cast, client_as) -> None:
    it = scene(cast)
    it.start()
    page = client_as(cast.sam).get("/schedule/").content.decode()
    assert f'<a href="/sessions/{it.session.id}/"' in page
    assert "Session 1 ● in session" in " ".join(strip_tags(page).split())


def test_a_day_that_has_passed_asks_for_another(cast: Cast, client_as) -> None:
    course = course_of(cast)
    [first, _] = courses.planned(course)
    first.planned_on = monday_of(TODAY)
    first.save(update_fields=["planned_on"])
    assert "Session 1 ◆ day has passed Plan" in _week(client_as(cast.kit))


def test_other_weeks_can_be_turned_to_and_nonsense_is_this_one(cast: Cast, client_as) -> None:
    course_of(cast)
    browser = client_as(cast.kit)
    later = (TODAY + timedelta(days=70)).isoformat()
    assert "Amara Osei" not in _week(browser, f"?week={later}")
    assert "Week of Mon, Nov 23, 2026" in _week(browser, "?week=soon")
    assert browser.get("/schedule/?week=9999-12-31").status_code == 404


@pytest.mark.parametrize("who", ["eve", "ada", "robin"])
def test_nobody_outside_the_care_stands_in_it(cast: Cast, client_as, who: str) -> None:
    course_of(cast)
    answer = client_as(getattr(cast, who)).get("/schedule/")
    assert answer.status_code == 404 or "Amara" not in answer.content.decode()


def test_the_agreed_time_stands_on_today_and_in_the_chart(cast: Cast, client_as) -> None:
    """What comes next is kept for lists; a session that moves is counted anew, with its time."""
    course, browser = course_of(cast), client_as(cast.sam)
    screened(cast, course)
    consented(cast)
    for clock, shown in ((time(9, 30), "09:30"), (time(16, 45), "16:45")):
        plan = SessionPlan(1, TODAY, clock, cast.room.id)
        courses_actions.plan_sessions(course.id, [plan], by=cast.kit, at=NOW, today=TODAY)
        for path in ("/", f"/patients/{cast.amara.id}/"):
            assert shown in browser.get(path).content.decode(), path
