"""When and where the sessions are: they move, keep their order, and nobody comes to a room that is taken."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

import pytest

from openkap.audit.models import Event
from openkap.courses import actions, plan_queries
from openkap.courses.models import Course, GateMet, PlannedSession
from openkap.courses.plan_rules import PlanFacts, SessionPlan, objections_to_moving
from openkap.courses.reasons import CoursesReason
from openkap.dosing.tests.scene import course_of, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.people import actions as people_actions
from tests.cast import NOW, Cast

TODAY = NOW.date()
ROOM = uuid7()


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


def _facts(**more) -> PlanFacts:
    known = {
        "plans": {2: SessionPlan(2, _in(3)), 3: SessionPlan(3, _in(7))},
        "held": {1: _in(-1)},
        "rooms": {ROOM},
        "taken": set(),
        "hours_apart": 48,
        "ended": False,
        "dose_runs": False,
    }
    return PlanFacts(**(known | more))


def _against(*plans: SessionPlan, **more) -> list[tuple[CoursesReason, str]]:
    return [(it.reason, it.field) for it in objections_to_moving(plans, _facts(**more), today=TODAY)]


@pytest.mark.parametrize(
    ("plan", "reason", "field"),
    [
        (SessionPlan(2, _in(-2)), CoursesReason.PLAN_DAY_PAST, "day_2"),
        (SessionPlan(2, _in(7)), CoursesReason.PLAN_ORDER, "day_3"),
        (SessionPlan(2, _in(6)), CoursesReason.PLAN_TOO_CLOSE, "day_3"),
        (SessionPlan(2, _in(0)), CoursesReason.PLAN_TOO_CLOSE, "day_2"),
        (SessionPlan(1, _in(1)), CoursesReason.PLAN_HELD, "day_1"),
        (SessionPlan(9, _in(1)), CoursesReason.NO_SUCH_SESSION, ""),
        (SessionPlan(2, _in(3), room=uuid7()), CoursesReason.ROOM_NOT_OPEN, "room_2"),
        (SessionPlan(2, _in(3)), CoursesReason.PLAN_SAME, ""),
    ],
)
def test_what_stands_against_another_day_or_room_is_said_at_its_field(plan, reason, field):
    assert (reason, field) in _against(plan)


def test_a_day_or_a_room_that_fits_stands_against_nothing():
    assert _against(SessionPlan(2, _in(2), time(9, 30), ROOM)) == []
    assert _against(SessionPlan(2, _in(4)), SessionPlan(3, _in(30))) == []


def test_a_session_whose_day_has_passed_keeps_it_until_it_gets_another():
    late = {2: SessionPlan(2, _in(-1)), 3: SessionPlan(3, _in(7))}
    kept = SessionPlan(2, _in(-1))
    assert _against(kept, SessionPlan(3, _in(8)), plans=late, held={1: _in(-9)}) == []


def test_sessions_that_were_held_close_together_stay_as_they_were_held():
    held = {1: _in(-2), 2: _in(-1)}
    assert _against(SessionPlan(3, _in(8)), plans={3: SessionPlan(3, _in(7))}, held=held) == []


def test_a_room_is_planned_once_for_a_time():
    wanted = SessionPlan(2, _in(3), time(9, 30), ROOM)
    taken = {(_in(3), time(9, 30), ROOM)}
    assert _against(wanted, taken=taken) == [(CoursesReason.ROOM_TAKEN, "room_2")]
    assert _against(SessionPlan(2, _in(3), time(11, 30), ROOM), taken=taken) == []


def test_while_a_dose_runs_and_after_the_course_the_plan_stays():
    """Hazard H19: nobody who was given a dose is asked when the next one is."""
    wanted = SessionPlan(2, _in(4))
    assert _against(wanted, dose_runs=True) == [(CoursesReason.PLAN_STAYS, "")]
    assert _against(wanted, ended=True) == [(CoursesReason.COURSE_ENDED, "")]


def _plan(course: Course, cast: Cast, *wanted: SessionPlan):
    return actions.plan_sessions(course.id, wanted, by=cast.kit, at=NOW, today=TODAY)


def test_what_was_planned_and_what_is_planned_now_stand_in_the_record(cast: Cast) -> None:
    course = course_of(cast)
    last = max(plan_queries.plan_facts(course).plans.values(), key=lambda plan: plan.number)
    moved = SessionPlan(last.number, last.day + timedelta(days=1), time(9, 30), cast.room.id)
    assert _plan(course, cast, moved) == [moved]
    row = PlannedSession.objects.get(course=course, number=last.number)
    assert (row.planned_on, row.planned_time, row.room_id) == (moved.day, moved.time, cast.room.id)
    details = json.loads(Event.objects.get(verb="courses.planned").body)["details"]
    assert details["before"] == {str(last.number): last.day.isoformat()}
    assert details["after"] == {str(last.number): f"{moved.day.isoformat()} 09:30 {cast.room.id}"}


def test_two_courses_do_not_get_one_room_at_one_time(cast: Cast) -> None:
    course = course_of(cast)
    particulars = {"given_name": "Bo", "family_name": "Lind", "birth_date": date(1980, 1, 1)}
    other = people_actions.register(particulars=particulars, by=cast.kit, at=NOW)
    theirs = actions.open_course(
        other.id, pack_version_id=course.pack_version_id, first_day=TODAY, per_week=2, by=cast.okafor, at=NOW
    )
    wanted = SessionPlan(1, TODAY, time(9, 30), cast.room.id)
    _plan(course, cast, wanted)
    with pytest.raises(Refused, match="Another session is planned there"):
        _plan(theirs, cast, wanted)
    GateMet.objects.create(
        course=course,
        planned_session=PlannedSession.objects.get(course=course, number=1),
        gate="dosing_done",
        evidence_kind="session",
        evidence_id=uuid7(),
        **cast.sam.stamp(NOW),
    )
    _plan(theirs, cast, wanted)


def test_a_person_under_a_dose_is_not_planned_for(cast: Cast) -> None:
    """Hazard H19."""
    it = scene(cast)
    it.start()
    with pytest.raises(Refused, match="The plan stays"):
        _plan(it.session.course, cast, SessionPlan(2, _in(20)))


def test_the_plan_page_says_everything_at_its_field_and_keeps_what_was_typed(cast: Cast, client_as) -> None:
    course, browser = course_of(cast), client_as(cast.kit)
    address = f"/courses/{course.id}/plan/"
    page = browser.get(address).content.decode()
    assert f'<option value="{cast.room.id}">' in page
    plans = plan_queries.plan_facts(course).plans.values()

    def send(**changed: str):
        typed = {f"day_{plan.number}": plan.day.isoformat() for plan in plans}
        typed |= {f"{name}_{plan.number}": "" for plan in plans for name in ("time", "room")}
        return browser.post(address, typed | changed | {"form": "plan", "once": str(uuid7())}, follow=True)

    refused = send(day_2=TODAY.isoformat(), time_2="09:30")
    assert refused.status_code == 422
    assert "Session 2 comes after session 1" in refused.content.decode()
    assert 'value="09:30"' in refused.content.decode()
    unreadable = send(time_1="half nine")
    assert unreadable.status_code == 422
    assert "half nine" in unreadable.content.decode()
    saved = send(time_1="09:30", room_1=str(cast.room.id))
    assert saved.status_code == 200
    assert f"09:30, {cast.room.name}" in saved.content.decode()


@pytest.mark.parametrize(("who", "may"), [("kit", True), ("sam", True), ("okafor", True), ("noor", False)])
def test_who_agrees_on_days_is_offered_the_plan(cast: Cast, client_as, who: str, may: bool) -> None:
    course = course_of(cast)
    browser = client_as(getattr(cast, who))
    assert (f"/courses/{course.id}/plan/" in browser.get(f"/courses/{course.id}/").content.decode()) is may
    assert (browser.get(f"/courses/{course.id}/plan/").status_code == 200) is may


def test_the_room_that_is_planned_is_chosen_already_when_the_person_is_here(cast: Cast, client_as) -> None:
    course = course_of(cast)
    second = people_actions.open_room(cast.room.site_id, name="Room 9", by=cast.ada, at=NOW)
    _plan(course, cast, SessionPlan(1, TODAY, room=second.id))
    page = client_as(cast.sam).get(f"/courses/{course.id}/sessions/1/open/").content.decode()
    assert f'<option value="{second.id}" selected>' in page


def test_a_room_is_not_closed_while_a_session_runs_in_it_or_is_planned_there(cast: Cast) -> None:
    """A session would have led to a room that nobody may open."""
    it = scene(cast)
    with pytest.raises(Refused, match="A session runs in"):
        people_actions.close_room(it.session.room_id, by=cast.ada, at=NOW)
    spare = people_actions.open_room(cast.room.site_id, name="Room 9", by=cast.ada, at=NOW)
    wanted = SessionPlan(2, _in(20), room=spare.id)
    _plan(it.session.course, cast, wanted)
    with pytest.raises(Refused, match="Sessions are planned in Room 9: 1"):
        people_actions.close_room(spare.id, by=cast.ada, at=NOW)
    _plan(it.session.course, cast, SessionPlan(2, wanted.day))
    assert people_actions.close_room(spare.id, by=cast.ada, at=NOW).closed_at == NOW
