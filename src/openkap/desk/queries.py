"""Reading over many rooms: today, one person's chart, search. Each list begins with what one may see."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q, QuerySet

from openkap.accounts.actor import Actor
from openkap.audit import queries as record
from openkap.chart import queries as chart
from openkap.chart.models import Kind
from openkap.consent import queries as consent
from openkap.courses import queries as courses
from openkap.courses.models import Course, Order
from openkap.courses.rules import Step
from openkap.desk import trend
from openkap.desk.readings import Day, by_day
from openkap.dosing import queries as dosing
from openkap.followup import queries as followup
from openkap.followup import rules as check_ins
from openkap.measures import queries as measures
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.screening import queries as screening
from openkap.screening.models import Decision
from openkap.therapy import queries as therapy
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session

DAYS_AHEAD = timedelta(days=7)  # what a day looks ahead to
COURSES_ON_A_PAGE = 30
ALERTS_ON_CHART = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One course on the desk: whose it is, what comes next, and what is in the way."""

    course: Course
    patient: Patient
    step: Step | None
    sessions: int
    held: int
    open_session: Session | None


def running(actor: Actor) -> QuerySet[Course]:
    """The running courses of the people this actor may open, the next dose first."""
    return courses.open_courses_of(people.visible_to(actor))


def soon(actor: Actor, *, today: date) -> QuerySet[Course]:
    """Those of them whose next dose is near or overdue, or who have no dose ahead: what a day is about.

    Who and when are asked of the database, before anything is cut, so that nobody falls out of a list.
    """
    near = Q(next_on__lte=today + DAYS_AHEAD) | Q(next_on__isnull=True)
    return running(actor).filter(near)


def lines(rows: Iterable[Course], *, today: date) -> list[Line]:
    """These courses, each with its next step and what is in its way."""
    inside = {session.patient_id: session for session in watch_queries.open_sessions()}
    found = []
    for course in rows:
        steps = courses.steps(course, today=today)
        doses = [step for step in steps if step.key == "dosing"]
        found.append(
            Line(
                course=course,
                patient=course.patient,
                step=next((step for step in steps if not step.done), None),
                sessions=len(doses),
                held=sum(step.done for step in doses),
                open_session=inside.get(course.patient_id),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class RoomNow:
    """One room, and who is in it as far as this actor may know."""

    name: str
    session: Session | None
    is_mine: bool


def rooms(actor: Actor) -> list[RoomNow]:
    """Each room with its session; of people outside one's care only that the room is taken."""
    mine = set(people.visible_to(actor).values_list("id", flat=True))
    return [
        RoomNow(room.name, session, session is not None and session.patient_id in mine)
        for room, session in watch_queries.rooms_now()
    ]


def without_course(actor: Actor) -> QuerySet[Patient]:
    """The people in one's care who have no course yet."""
    rows = people.visible_to(actor).filter(courses__isnull=True)
    return rows.order_by("family_name", "given_name", "id")


def orders_waiting(actor: Actor) -> list[Order]:
    """Orders another prescriber has to sign, among the people this actor may open."""
    rows = courses.orders_that_need_a_second(people.visible_to(actor))
    return [row for row in rows if row.by_id != actor.user_id]


def waiting_for_second(actor: Actor) -> list[Decision]:
    """Decisions another prescriber has to sign, among the people this actor may open."""
    mine = people.visible_to(actor).values("id")
    rows = Decision.objects.filter(needs_second=True, seconds__isnull=True, patient_id__in=mine)
    return [row for row in rows.select_related("patient").order_by("at") if row.by_id != actor.user_id]


@dataclass(frozen=True, slots=True)
class ChartPage:
    """Everything the chart of one person shows."""

    course: Course | None
    steps: tuple[Step, ...]
    next_step: Step | None
    problems: list[object]
    medicines: list[object]
    allergies: list[object]
    lists: dict[str, str]
    results: list[object]
    sessions: list[Session]
    open_session: Session | None
    picture: trend.Picture | None
    scores: list[tuple[datetime, str, str, str]]
    visits: list[object]
    check_ins: list[tuple[object, list[object]]]
    decision: Decision | None
    decision_waits: bool
    orders_waiting: list[Order]
    consent: object
    choices: list[tuple[str, str]]
    escort: object
    team: list[object]


def chart_page(patient: Patient, *, today: date) -> ChartPage:
    """One person, over every room."""
    course = courses.of_patient(patient.id)
    steps = courses.steps(course, today=today) if course else ()
    sessions = list(dosing.of_patient(patient.id))
    visits = therapy.visits_of_patient(patient.id)
    series, scores = _scores(patient.id)
    decision = screening.last(patient.id)
    doses = [at for session in sessions for at in dosing.dose_times(session)]
    kinds = {"problem": Kind.PROBLEM, "medicine": Kind.MEDICINE, "allergy": Kind.ALLERGY}
    entries = {key: list(chart.entries(patient.id, kind=kind)) for key, kind in kinds.items()}
    return ChartPage(
        course=course,
        steps=steps,
        next_step=next((step for step in steps if not step.done), None),
        problems=list(entries["problem"]),
        medicines=list(entries["medicine"]),
        allergies=list(entries["allergy"]),
        lists={key: chart.list_answer(patient.id, kind=kind).value for key, kind in kinds.items()},
        results=list(chart.last_results(patient.id).values()),
        sessions=sessions,
        open_session=watch_queries.open_of_patient(patient.id),
        picture=trend.draw(series, doses=doses, visits=[visit.held_at for visit in visits]),
        scores=scores,
        visits=list(visits),
        check_ins=[(it, list(check_ins.concerns(it.answer.answers))) for it in followup.answered(patient.id)],
        decision=decision,
        decision_waits=decision is not None and screening.waits_for_second(decision),
        orders_waiting=courses.orders_that_need_a_second(Patient.objects.filter(id=patient.id)),
        consent=consent.valid(patient.id),
        choices=consent.choices_in_words(patient.id),
        escort=people.escort_of(patient.id),
        team=list(people.care_team(patient.id)),
    )


def _scores(
    patient_id: uuid.UUID,
) -> tuple[list[trend.Series], list[tuple[datetime, str, str, str]]]:
    series, table = [], []
    for instrument in measures.on_chart():
        name = instrument.name
        told = measures.trend(patient_id, instrument.key)
        rows = [(at, total, band) for at, total, band in told if total is not None]
        series.append(
            trend.Series(name, 0, instrument.highest_total, tuple((at, total) for at, total, _ in rows))
        )
        table += [(at, name, f"{total.normalize():f}", band) for at, total, band in rows]
    return series, sorted(table, reverse=True)


def sessions_of(actor: Actor, found: QuerySet[Patient]) -> QuerySet[Session]:
    """The sessions of these people, newest first."""
    rows = watch_queries.visible_to(actor).filter(patient__in=found.order_by().values("id"))
    return rows.select_related("patient", "planned_session", "room").order_by("-at")


def who_saw(patient: Patient, *, since: datetime, zone: tzinfo) -> list[Day]:
    """Who saw this person, a day and a reader at a time; what they opened themself is left out."""
    seen = record.seen(people.record_ids(patient.id), since=since, zone=zone)
    return by_day(it for it in seen if it.by_id is None or it.by_id != patient.user_id)
