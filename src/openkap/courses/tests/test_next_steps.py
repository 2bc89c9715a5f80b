"""What a list shows of a course is what its facts say, at once and on every day (H34)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.chart import actions as chart_actions
from openkap.consent import actions as consent_actions
from openkap.consent import queries as consent
from openkap.courses import actions, jobs, next_step_queries, next_steps, queries
from openkap.courses.models import Course, NextStep, PlannedSession
from openkap.dosing.tests.scene import consented, course_of, ordered, screened
from openkap.kernel.answer import Answer
from openkap.people import actions as people_actions
from openkap.people.changes import NAME
from openkap.people.models import Patient, PersonChange
from tests.cast import NOW, Cast

TODAY = NOW.date()
# What a state is read with, and not made of: a signature and a protocol never change, a room is named beside
# the plan, the rest says how a consent came about, not whether it stands.
NEVER_MOVES = {
    "accounts_signature", "protocols_packversion", "consent_handover", "consent_capacity",
    "courses_nextstep", "people_personchange", "people_room",
}  # fmt: skip


def _kept(course: Course) -> next_steps.CourseOutlook:
    row = NextStep.objects.get(course=course)
    return next_steps.CourseOutlook(row.step, row.next_dose_on, row.sessions, row.held, row.holds_until)


def _anew(course: Course, *, today: date = TODAY) -> next_steps.CourseOutlook:
    course.refresh_from_db()
    return next_steps.count(queries.state(course), today=today)


def _whole(cast: Cast) -> Course:
    course = course_of(cast)
    screened(cast, course)
    consented(cast)
    ordered(cast, course, needs_second=True)
    return course


def test_every_table_a_state_is_read_from_marks_the_person(cast: Cast) -> None:
    """A fact read tomorrow from a table without the trigger would leave lists as they were."""
    course = _whole(cast)
    with CaptureQueriesContext(connection) as asked:
        queries.states([course])
    sql = " ".join(it["sql"] for it in asked)
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)) - NEVER_MOVES
    read |= {Course._meta.db_table, Patient._meta.db_table}  # which the caller read
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger_{NAME}%"]
        )
        marking = {name for (name,) in cursor.fetchall()}
    assert read - marking == set()
    assert {"chart_entryvoided", "courses_ordersecond", "consent_withdrawal"} < read


def _acts(cast: Cast, course: Course):
    """One act of each kind that moves a step, in an order in which each may happen."""
    by, at = cast.okafor, NOW
    patient_id = cast.amara.id

    def entered() -> None:
        chart_actions.add_entry(patient_id, kind="problem", text="Schizophrenia", by=by, at=at)

    def met(gate: str, number: int | None) -> None:
        evidence = ("course", course.id)
        actions.meet_gate(course.id, gate=gate, evidence=evidence, session_number=number, by=by, at=at)

    def withdrew() -> None:
        signed = consent.valid(patient_id)
        assert signed is not None
        consent_actions.withdraw(signed.id, by=by, at=at)

    def moved() -> None:
        PlannedSession.objects.filter(course=course, number=2).update(planned_on=TODAY + timedelta(days=5))

    second = actions.second_order
    return (
        ("screened", lambda: screened(cast, course)),
        ("consented", lambda: consented(cast)),
        ("prepared", lambda: met("preparation_done", None)),
        ("ordered", lambda: ordered(cast, course, needs_second=True)),
        ("seconded", lambda: second(_last(course).id, typed_name=cast.bello.name, by=cast.bello, at=at)),
        ("answered", lambda: chart_actions.answer_facts(
            patient_id, answers={"pregnant": (Answer.YES, "")}, by=by, at=at)),
        ("entered", entered),
        ("voided", lambda: chart_actions.void_entry(
            _entry(patient_id), why="Another person's.", by=by, at=at)),
        ("withdrawn", lambda: actions.withdraw_order(_last(course).id, why="Weight.", by=by, at=at)),
        ("ordered anew", lambda: ordered(cast, course)),
        ("dosed", lambda: met("dosing_done", 1)),
        ("integrated", lambda: met("integration_done", 1)),
        ("replanned", moved),
        ("consent withdrawn", withdrew),
    )  # fmt: skip


def _last(course: Course):
    return queries.orders(course)[0]


def _entry(patient_id):
    from openkap.chart import queries as chart

    return chart.entries(patient_id, kind="problem")[0].id


def test_after_every_act_the_list_shows_what_the_facts_say(cast: Cast) -> None:
    course = course_of(cast, with_preparation=False)
    actions.count_next_steps(today=TODAY)
    seen = [_kept(course)]
    for name, act in _acts(cast, course):
        act()
        assert actions.count_next_steps(today=TODAY) == 1, f"{name}: no mark was left"
        assert _kept(course) == _anew(course), name
        assert not PersonChange.objects.exists(), name
        seen.append(_kept(course))
    assert actions.count_next_steps(today=TODAY) == 0, "nothing moved, and it was worked out again"
    moved = sum(before != after for before, after in pairwise(seen))
    assert moved >= len(seen) - 3, "an act of this walk moves a step, or the walk shows nothing"


def test_working_it_out_asks_no_more_for_many_courses(cast: Cast) -> None:
    first = _whole(cast)
    queries.pack(first)  # read once a process
    asked = []
    for number in range(4):
        with CaptureQueriesContext(connection) as questions:
            assert actions.count_next_steps(today=TODAY) == number + 1
        asked.append([it["sql"] for it in questions])
        particulars = {"given_name": "P", "family_name": f"N{number}", "birth_date": date(1980, 1, 1)}
        person = people_actions.register(particulars=particulars, by=cast.kit, at=NOW)
        course = Course.objects.create(
            patient=person, pack_version=first.pack_version, first_day=TODAY, per_week=2,
            **cast.okafor.stamp(NOW),
        )  # fmt: skip
        PlannedSession.objects.create(course=course, number=1, planned_on=TODAY, **cast.okafor.stamp(NOW))
        NextStep.objects.update(release="")
    assert len(asked[-1]) == len(asked[0]), asked[-1]
    assert len(asked[0]) < 20


def test_a_person_whose_particulars_change_is_worked_out_anew(cast: Cast) -> None:
    course = _whole(cast)
    actions.count_next_steps(today=TODAY)
    Patient.objects.filter(id=cast.amara.id).update(sex="male")
    assert [it.id for it in next_step_queries.moved(today=TODAY)] == [course.id]


def test_a_mark_is_one_a_person_however_much_is_written(cast: Cast) -> None:
    """An import of five hundred entries in one transaction is one mark."""
    people_actions.register(
        particulars={"given_name": "Ben", "family_name": "Ito", "birth_date": date(1980, 1, 1)},
        by=cast.kit,
        at=NOW,
    )
    PersonChange.objects.all().delete()
    for person in Patient.objects.all():
        for _ in range(3):
            Patient.objects.filter(id=person.id).update(phone="1")
    people = list(PersonChange.objects.values_list("person_id", flat=True))
    assert len(people) == len(set(people)) == Patient.objects.count()


def test_what_is_written_while_it_is_worked_out_is_not_lost(cast: Cast, monkeypatch) -> None:
    course = _whole(cast)
    PersonChange.objects.update(transaction=0)  # as if each had been written by a transaction of its own
    real = queries.states

    def slow(courses):
        answer = real(courses)
        actions.second_order(_last(course).id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
        return answer

    monkeypatch.setattr(queries, "states", slow)
    actions.count_next_steps(today=TODAY)
    monkeypatch.undo()
    assert actions.count_next_steps(today=TODAY) == 1
    assert _kept(course) == _anew(course)


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(cast: Cast, monkeypatch) -> None:
    """Two pages work it out at once: the first read the facts before an act, and writes last."""
    course = _whole(cast)
    real = queries.states

    def overtaken(courses):
        older = real(courses)
        monkeypatch.undo()
        actions.second_order(_last(course).id, typed_name=cast.bello.name, by=cast.bello, at=NOW)
        actions.count_next_steps(today=TODAY)
        return older

    monkeypatch.setattr(queries, "states", overtaken)
    actions.count_next_steps(today=TODAY)
    assert _kept(course) == _anew(course)
    actions.count_next_steps(today=TODAY)
    assert _kept(course) == _anew(course)


def test_it_is_worked_out_anew_when_its_day_is_over_and_by_a_new_release(cast: Cast, monkeypatch) -> None:
    course = _whole(cast)
    actions.count_next_steps(today=TODAY)
    until = _kept(course).holds_until
    assert until == TODAY + timedelta(days=2), "the second session's day is the third from today"
    for day in (TODAY, until):
        assert actions.count_next_steps(today=day) == 0
    for day in (until + timedelta(days=1), TODAY):  # the second: a clock that goes back
        assert actions.count_next_steps(today=day) == 1
        assert _kept(course) == _anew(course, today=day)
    monkeypatch.setattr(next_step_queries, "release", lambda: "another")
    assert actions.count_next_steps(today=TODAY) == 1


def test_at_night_it_is_worked_out_for_the_day_that_begins_in_the_clinic(cast: Cast, monkeypatch) -> None:
    course = _whole(cast)
    ended = Patient.objects.exclude(id=cast.amara.id).first()
    assert PersonChange.objects.filter(person_id=cast.amara.id).exists()
    for hour, counted in ((3, 0), (0, 1)):
        local = datetime(2026, 11, 25, hour, 53, tzinfo=cast.clinic.tz)
        monkeypatch.setattr(jobs.timezone, "now", lambda at=local: at)
        jobs.next_steps.each(clinic_id=str(cast.clinic.id))
        assert NextStep.objects.count() == counted
    assert NextStep.objects.get(course=course).counted_on == date(2026, 11, 25)
    assert not PersonChange.objects.exists(), f"marks of people without a course are let go ({ended})"
    actions.end_course(course.id, why="Moved away.", by=cast.okafor, at=NOW)
    jobs.next_steps.each(clinic_id=str(cast.clinic.id))
    assert not NextStep.objects.exists()
