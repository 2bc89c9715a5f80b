"""Reading courses: the plan, what is done, what comes next, and the order that stands."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from openkap.chart import queries as chart
from openkap.chart import rules as charted
from openkap.consent import queries as consent
from openkap.courses import counting, rules, signing_rules
from openkap.courses.models import Course, GateMet, Order, PlannedSession
from openkap.kernel.quantity import Kilograms
from openkap.kernel.refusal import Objection
from openkap.people.models import Patient
from openkap.protocols import queries as protocols
from openkap.protocols.pack import Pack
from openkap.screening import queries as screening
from openkap.screening.models import Decision
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import keyed_query


def one(course_id: uuid.UUID) -> Course | None:
    """One course with its patient and its pack."""
    rows = Course.objects.filter(id=course_id).select_related("patient", "pack_version")
    return rows.defer("pack_version__body").first()


@keyed_query
def all_of_patient(patient_id: uuid.UUID) -> QuerySet[Course]:
    """Every course of a person, newest first."""
    rows = Course.objects.filter(patient_id=patient_id).select_related("pack_version")
    return rows.defer("pack_version__body").order_by("-at", "-id")


def of_patient(patient_id: uuid.UUID) -> Course | None:
    """The open course of a person, else the last one."""
    courses = all_of_patient(patient_id)
    return next((course for course in courses if course.ended_at is None), courses[0] if courses else None)


def how_many_run() -> int:
    """How many courses run."""
    return Course.objects.filter(ended_at__isnull=True).count()


def orders_that_need_a_second(patients: QuerySet[Patient]) -> list[Order]:
    """The orders of these people that another prescriber still has to sign, the next dose first."""
    rows = Order.objects.filter(needs_second=True, seconds__isnull=True, withdrawals__isnull=True)
    rows = rows.filter(
        planned_session__course__patient__in=patients.values("id"),
        planned_session__course__ended_at__isnull=True,
    )
    rows = rows.select_related("planned_session__course__patient")
    rows = rows.order_by("planned_session__planned_on", "at")
    newest = {order.planned_session_id: standing_order(order.planned_session_id) for order in rows}
    return [order for order in rows if newest[order.planned_session_id] == order]


@keyed_query
def planned_in(*courses: uuid.UUID) -> QuerySet[PlannedSession]:
    """The sessions of these courses' plans that were not cancelled, in order, with their rooms."""
    rows = PlannedSession.objects.filter(course_id__in=courses, cancelled_at__isnull=True)
    return rows.select_related("room").order_by("number")


def planned(course: Course) -> list[PlannedSession]:
    """The sessions of the plan that were not cancelled, in order, with their rooms."""
    return planned_in(course.id)


def _planned(courses: Collection[Course]) -> dict[uuid.UUID, list[PlannedSession]]:
    plans: dict[uuid.UUID, list[PlannedSession]] = {course.id: [] for course in courses}
    for session in planned_in(*plans):
        plans[session.course_id].append(session)
    return plans


def pack(course: Course) -> Pack:
    """The pack the course is bound to."""
    return protocols.pack_of(course.pack_version)


def orders(course: Course) -> list[Order]:
    """Every order of a course, newest first."""
    rows = Order.objects.filter(planned_session__course=course).select_related(
        "planned_session", "formulary_item", "signature"
    )
    return list(rows.prefetch_related("withdrawals", "seconds").order_by("-at", "-id"))


@keyed_query
def orders_of_patient(patient_id: uuid.UUID) -> QuerySet[Order]:
    """Every order that was written for a person, newest first: with `back_why`, why it was taken back, and
    `second_name`, who signed it second."""
    rows = Order.objects.filter(planned_session__course__patient_id=patient_id)
    rows = rows.select_related("planned_session__course")
    rows = rows.annotate(back_why=F("withdrawals__why"), second_name=F("seconds__by_name"))
    return rows.order_by("-at", "-id")


def order(order_id: uuid.UUID) -> Order | None:
    """One order."""
    rows = Order.objects.filter(id=order_id).select_related("planned_session__course", "formulary_item")
    return rows.prefetch_related("withdrawals", "seconds").first()


@keyed_query
def orders_not_taken_back(*planned_sessions: uuid.UUID) -> QuerySet[Order]:
    """The orders of these sessions that were not taken back, the newest first, with their doses."""
    rows = Order.objects.filter(planned_session_id__in=planned_sessions, withdrawals__isnull=True)
    rows = rows.prefetch_related("seconds", "ordered_doses").select_related("formulary_item")
    return rows.order_by("-at", "-id")


def standing_order(planned_session_id: uuid.UUID) -> Order | None:
    """The newest order of a session that was not taken back, whether or not all have signed it."""
    return next(iter(orders_not_taken_back(planned_session_id)), None)


def is_fully_signed(order: Order) -> bool:
    """Whether everyone who has to has signed."""
    return not order.needs_second or bool(order.seconds.all())


def current_order(planned_session_id: uuid.UUID) -> Order | None:
    """The order a dose may be given by: not taken back, and signed by all who have to."""
    standing = standing_order(planned_session_id)
    return standing if standing is not None and is_fully_signed(standing) else None


@keyed_query
def orders_standing_in(*courses: uuid.UUID) -> QuerySet[Order]:
    """The newest order of each session of these courses that was not taken back."""
    rows = Order.objects.filter(planned_session__course_id__in=courses, withdrawals__isnull=True)
    newest = rows.order_by("planned_session_id", "-at", "-id").distinct("planned_session_id")
    return newest.prefetch_related("seconds")


def _sessions(
    plan: list[PlannedSession], *, gates: list[GateMet], orders: dict[uuid.UUID, Order]
) -> tuple[rules.SessionState, ...]:
    states = []
    for session in plan:
        met = {gate.gate: gate for gate in gates if gate.planned_session_id == session.id}
        order = orders.get(session.id)
        dosed = met.get("dosing_done")
        states.append(
            rules.SessionState(
                number=session.number,
                planned_on=session.planned_on,
                planned_time=session.planned_time,
                gates=frozenset(met),
                has_order=order is not None,
                order_needs_second=order is not None and not is_fully_signed(order),
                dosed_at=dosed.at if dosed else None,
            )
        )
    return tuple(states)


def has_met(course: Course, gate: str) -> bool:
    """Whether a gate of the whole course was passed."""
    return GateMet.objects.filter(course=course, planned_session__isnull=True, gate=gate).exists()


@keyed_query
def gates_met_in(*courses: uuid.UUID) -> QuerySet[GateMet]:
    """The gates these courses have passed, in order."""
    return GateMet.objects.filter(course_id__in=courses).order_by("at", "id")


@asked_once
def state(course: Course) -> rules.CourseState:
    """Everything a gate asks for, as it is now."""
    return states([course])[course.id]


def states(courses: Collection[Course]) -> dict[uuid.UUID, rules.CourseState]:
    """Everything a gate asks for, of each of these courses: one question a table, however many they are."""
    gates: dict[uuid.UUID, list[GateMet]] = {course.id: [] for course in courses}
    for gate in gates_met_in(*gates):
        gates[gate.course_id].append(gate)
    people = {course.patient_id for course in courses}
    decisions, consents = screening.last_of(people), consent.valid_of(people)
    changes = screening.news_since(decisions.values())
    plans, orders = _planned(courses), {it.planned_session_id: it for it in orders_standing_in(*gates)}
    return {
        course.id: _state(
            course,
            decision=(decision := decisions.get(course.patient_id)),
            changes=changes[decision.id] if decision else (),
            consent_valid=course.patient_id in consents,
            gates=gates[course.id],
            sessions=_sessions(plans[course.id], gates=gates[course.id], orders=orders),
        )
        for course in courses
    }


def _state(
    course: Course,
    *,
    decision: Decision | None,
    changes: tuple[str, ...],
    consent_valid: bool,
    gates: list[GateMet],
    sessions: tuple[rules.SessionState, ...],
) -> rules.CourseState:
    return rules.CourseState(
        sessions=sessions,
        screening_outcome=decision.outcome if decision else "",
        screening_valid_until=decision.valid_until if decision else None,
        screening_needs_second=decision is not None and screening.waits_for_second(decision),
        screening_news=changes,
        consent_valid=consent_valid,
        gates=frozenset(gate.gate for gate in gates if gate.planned_session_id is None),
        ended=course.ended_at is not None,
    )


def steps(course: Course, *, today: date) -> tuple[rules.CourseStep, ...]:
    """Every stage of the course with what blocks it."""
    return rules.steps(state(course), today=today)


def next_step(course: Course, *, today: date) -> rules.CourseStep | None:
    """The stage that comes next, with every reason it must wait."""
    return rules.next_step(state(course), today=today)


def blocks_to_dosing(course: Course, *, number: int, today: date) -> list[Objection]:
    """Every reason why this session's dose may not be given, apart from its date."""
    known = state(course)
    for place, session in enumerate(known.sessions):
        if session.number == number:
            before = known.sessions[place - 1] if place else None
            return rules.dosing_blocks(known, session, before=before, today=today)
    return [signing_rules.no_such_session(number)]


def weighing(patient: Patient, *, confirmed: bool = False) -> counting.Weighing | None:
    """The weight as last measured, with what it is held against; None when nobody has weighed."""
    rows = chart.last_two(patient.id, charted.WEIGHT)
    if not rows or rows[0].value is None:
        return None
    height = chart.last_result(patient.id, charted.HEIGHT)
    earlier = rows[1].value if len(rows) > 1 else None
    return counting.Weighing(
        weight=Kilograms(rows[0].value),
        measured_at=rows[0].measured_at,
        previous=Kilograms(earlier) if earlier is not None else None,
        height_cm=height.value if height else None,
        sex=patient.sex,
        confirmed=confirmed,
    )


def patient_of_course(course_id: uuid.UUID) -> uuid.UUID | None:
    """Whose course it is."""
    return Course.objects.filter(id=course_id).values_list("patient_id", flat=True).first()


def patient_of_order(order_id: uuid.UUID) -> uuid.UUID | None:
    """Whose order it is."""
    rows = Order.objects.filter(id=order_id)
    return rows.values_list("planned_session__course__patient_id", flat=True).first()


PATIENT_OF = {"course": patient_of_course, "order": patient_of_order}
