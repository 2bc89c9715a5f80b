"""Reading over many rooms: today, one person's chart, search. Each list begins with what one may see."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q, QuerySet

from openkap.accounts.actor import Actor
from openkap.audit import queries as record
from openkap.courses import next_step_queries
from openkap.courses.models import Course, NextStep
from openkap.courses.rules import CourseStep
from openkap.desk.readings import Day, by_day
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session

DAYS_AHEAD = timedelta(days=7)  # what a day looks ahead to
COURSES_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course on the desk: whose it is, what comes next, and what is in the way."""

    course: Course
    patient: Patient
    step: CourseStep | None
    sessions: int
    held: int
    open_session: Session | None
    is_late: bool


def running(actor: Actor) -> QuerySet[NextStep]:
    """The running courses of the people this actor may open, the next dose first."""
    return next_step_queries.next_steps_of(people.visible_to(actor))


def soon(actor: Actor, *, today: date) -> QuerySet[NextStep]:
    """Those of them whose next dose is near or overdue, or who have no dose ahead: what a day is about.

    Who and when are asked of the database, before anything is cut, so that nobody falls out of a list.
    """
    near = Q(next_dose_on__lte=today + DAYS_AHEAD) | Q(next_dose_on__isnull=True)
    return running(actor).filter(near)


def open_sessions() -> dict[uuid.UUID, Session]:
    """The sessions that run now, by whose they are."""
    return {session.patient_id: session for session in watch_queries.open_sessions()}


def lines(rows: Iterable[NextStep], *, inside: dict[uuid.UUID, Session], today: date) -> list[CourseLine]:
    """These courses with what comes next and what is in its way; `inside` is who has a session open."""
    return [
        CourseLine(
            course=row.course,
            patient=row.course.patient,
            step=row.step,
            sessions=row.sessions,
            held=row.held,
            open_session=inside.get(row.course.patient_id),
            is_late=_is_late(row, inside=inside, today=today),
        )
        for row in rows
    ]


def _is_late(row: NextStep, *, inside: dict[uuid.UUID, Session], today: date) -> bool:
    step = row.step
    return step is not None and step.is_late(today) and row.course.patient_id not in inside


def without_course(actor: Actor) -> QuerySet[Patient]:
    """The people in one's care who have no course yet."""
    rows = people.visible_to(actor).filter(courses__isnull=True)
    return rows.order_by("family_name", "given_name", "id")


def sessions_of(actor: Actor, patients: QuerySet[Patient]) -> QuerySet[Session]:
    """The sessions of these people, newest first."""
    rows = watch_queries.visible_to(actor).filter(patient__in=patients.order_by().values("id"))
    return rows.select_related("patient", "planned_session", "room").order_by("-at")


def who_saw(patient: Patient, *, since: datetime, zone: tzinfo) -> list[Day]:
    """Who saw this person, a day and a reader at a time; what they opened themself is left out."""
    seen = record.seen(people.record_ids(patient.id), since=since, zone=zone)
    return by_day(it for it in seen if it.by_id is None or it.by_id != patient.user_id)
