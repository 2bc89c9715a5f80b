"""Opening a course, passing its gates, ending it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.consent import queries as consent
from openkap.courses import plan_queries, plan_rules, rules, signing_rules
from openkap.courses.events import CourseEnded, CourseGateMet, CourseOpened, SessionsPlanned
from openkap.courses.models import Course, GateMet, PlannedSession
from openkap.courses.plan_rules import SessionPlan
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient, Room
from openkap.protocols import queries as protocols
from openkap.protocols.models import PackVersion


def locked(course_id: uuid.UUID) -> Course:
    rows = Course.objects.select_for_update(of=("self",)).select_related("patient", "pack_version")
    course = rows.filter(id=course_id).first()
    if course is None:
        raise signing_rules.no_such_course()
    return course


def locked_with_patient(course_id: uuid.UUID) -> Course:
    """The course, locked, with its patient first: an order and the start of a dose follow one another (H05).

    The patient's key stays readable (`no_key`), so that a note being written on the course, which
    points at the patient, never waits in a circle with us.
    """
    whose = Course.objects.filter(id=course_id).values("patient_id")
    list(Patient.objects.select_for_update(no_key=True).filter(id__in=whose))
    return locked(course_id)


@transaction.atomic
def open_course(
    patient_id: uuid.UUID,
    *,
    pack_version_id: uuid.UUID,
    first_day: date,
    per_week: int,
    by: Actor,
    at: datetime,
    goal: str = "",
    today: date | None = None,
) -> Course:
    """Open a course under one version of a protocol, with the days of all its sessions."""
    patient = Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    version = PackVersion.objects.filter(id=pack_version_id).first()
    if version is None:
        raise signing_rules.no_such_pack()
    pack = protocols.pack_of(version)
    objections = rules.objections_to_pace(per_week, pack=pack)
    days = [] if objections else rules.planned_dates(first_day=first_day, per_week=per_week, pack=pack)
    if days:
        objections += rules.objections_to_plan(days, pack=pack, today=today or at.date())
    has_open = Course.objects.filter(patient=patient, ended_at__isnull=True).exists()
    signed = protocols.signed_rows(version)
    refuse_if([*objections, *signing_rules.objections_to_opening(pack, signed=signed, has_open=has_open)])
    course = Course.objects.create(
        patient=patient,
        pack_version=version,
        goal=goal.strip()[:300],
        first_day=first_day,
        per_week=per_week,
        **by.stamp(at),
    )
    for number, day in enumerate(days, start=1):
        PlannedSession.objects.create(course=course, number=number, planned_on=day, **by.stamp(at))
    record(
        CourseOpened(pack=pack.name, hash=pack.hash, days=tuple(days)),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("course", course.id),
    )
    return course


@transaction.atomic
def plan_sessions(
    course_id: uuid.UUID, wanted: Sequence[SessionPlan], *, by: Actor, at: datetime, today: date
) -> list[SessionPlan]:
    """Give sessions that were not held another day, time or room. Returns what was changed.

    The rooms are locked, so that two courses planned at once do not get one room at one time.
    """
    course = locked_with_patient(course_id)
    rooms = {plan.room for plan in wanted if plan.room is not None}
    list(Room.objects.select_for_update(no_key=True).filter(id__in=rooms).order_by("id"))
    facts = plan_queries.plan_facts(course)
    refuse_if(plan_rules.objections_to_moving(wanted, facts, today=today))
    moved = plan_rules.changed(wanted, facts)
    for plan in moved:
        planned_session = PlannedSession.objects.get(course=course, number=plan.number)
        planned_session.planned_on, planned_session.planned_time, planned_session.room_id = (
            plan.day,
            plan.time,
            plan.room,
        )
        planned_session.save(update_fields=["planned_on", "planned_time", "room"])
    planned = SessionsPlanned(
        before={str(plan.number): facts.plans[plan.number].in_record for plan in moved},
        after={str(plan.number): plan.in_record for plan in moved},
    )
    record(planned, by=by, at=at, patient_id=course.patient_id, subject=("course", course.id))
    return moved


@transaction.atomic
def meet_gate(
    course_id: uuid.UUID,
    *,
    gate: str,
    evidence: tuple[str, uuid.UUID],
    by: Actor,
    at: datetime,
    session_number: int | None = None,
) -> GateMet:
    """Write down that a gate was passed and what shows it. Told twice, it holds once."""
    course = locked(course_id)
    objections = rules.objections_to_gate(gate, session_number=session_number)
    session = None
    if session_number is not None:
        session = PlannedSession.objects.filter(course=course, number=session_number).first()
        held = gate != "integration_done" or (
            session is not None and session.gates_met.filter(gate="dosing_done").exists()
        )
        objections += signing_rules.objections_to_integrating(
            session_number, planned=session is not None, held=held
        )
    refuse_if(objections)
    gate_met, new = GateMet.objects.get_or_create(
        course=course,
        planned_session=session,
        gate=gate,
        defaults={"evidence_kind": evidence[0], "evidence_id": evidence[1], **by.stamp(at)},
    )
    if new:
        met = CourseGateMet(gate=gate, session_number=session_number)
        record(met, by=by, at=at, patient_id=course.patient_id, subject=evidence)
    return gate_met


@transaction.atomic
def end_course(course_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Course:
    """End a course, whether or not all its sessions were held."""
    course = locked(course_id)
    refuse_if(
        signing_rules.objections_to_ending(
            ended=course.ended_at is not None, why=why, dose_runs=consent.is_impaired(course.patient_id)
        )
    )
    course.ended_at, course.end_reason = at, why.strip()[:300]
    course.save(update_fields=["ended_at", "end_reason"])
    record(CourseEnded(), by=by, at=at, patient_id=course.patient_id, subject=("course", course.id), why=why)
    return course
