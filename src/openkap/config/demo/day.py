"""A session of the demo, from arrival to discharge."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from openkap.accounts.actor import Actor
from openkap.config.demo.path import INFUSION_MINUTES, Story, order
from openkap.courses.models import Course
from openkap.dosing import actions as dosing_actions
from openkap.dosing import facts
from openkap.followup import actions as followup_actions
from openkap.followup import queries as check_ins
from openkap.followup import rules
from openkap.kernel.answer import Answer
from openkap.kernel.ids import uuid7
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.therapy import actions as therapy_actions
from openkap.watch import actions as watch_actions
from openkap.watch import simulated
from openkap.watch.actions.moments import Sent
from openkap.watch.models import Session
from openkap.watch.plausibility import MOAAS

WELL_YES = frozenset({"fasting_followed", "equipment_ready"})


def open_room(story: Story, course: Course, *, number: int, room: int, at: datetime, name: str) -> Session:
    """The person comes in, and the time-out is gone through up to the start."""
    by = story.by("sam")
    session = watch_actions.open_session(course.id, number=number, room_id=story.rooms[room].id, by=by, at=at)
    dosing_actions.promise_no_drive(
        session.id, signed_name=name, witness_name=by.name, by=by, at=at + timedelta(minutes=2)
    )
    dosing_actions.review_medicines(
        session.id, note="No change since the last visit.", by=by, at=at + timedelta(minutes=3)
    )
    ask_of_the_day(story, session, at=at + timedelta(minutes=4))
    check(story, session, at=at + timedelta(minutes=5))
    return session


def check(story: Story, session: Session, *, at: datetime) -> None:
    """June reads order, vial and pump."""
    order = facts.order_row(session)
    assert order is not None
    read = {"strength_mg_per_ml": order.strength_mg_per_ml, "rate_mg_per_h": facts.rate_of(order)}
    dosing_actions.second_check(session.id, **read, by=story.by("june"), at=at)


def ask_of_the_day(story: Story, session: Session, *, at: datetime) -> None:
    """What holds for its day alone, asked in the room."""
    names = [one.name for one in facts.questions_of_the_day(session, at=at)]
    answers = {name: (Answer.YES if name in WELL_YES else Answer.NO, "") for name in names}
    dosing_actions.answer_today(session.id, answers=answers, by=story.by("sam"), at=at)


def watch(story: Story, session: Session, *, seed: int, at: datetime, until: datetime) -> None:
    """What the monitor and the nurse wrote down, minute by minute, from `at` until `until`."""
    minutes = int((until - at).total_seconds() // 60)
    course = simulated.course(seed=seed, minutes=max(minutes, 0) + 1, dose_at_minute=10)
    for minute in course:
        when = at + timedelta(minutes=minute.minute)
        if when > until:
            return
        monitor = story.monitors[0] if story.monitors else None
        watch_actions.take_vitals(
            session.id,
            values=minute.values,
            measured_at=when,
            client_id=uuid7(),
            by=_monitor(story),
            at=when,
            sent=Sent(source="monitor", monitor=monitor),
        )
        if minute.minute % 10 == 5:
            _rate_alertness(story, session, alertness=5, at=when)


def _monitor(story: Story) -> Actor:
    return Actor.device(story.clinic.id, "Bedside monitor")


def start(story: Story, session: Session, *, patient: Patient, at: datetime) -> None:
    """Sam starts the dose after asking name and year of birth."""
    assert patient.birth_date is not None
    typed = f"{patient.given_name[:1]}{patient.family_name[:1]}"
    dosing_actions.start(
        session.id, initials=typed, birth_year=patient.birth_date.year, by=story.by("sam"), at=at
    )


def whole_session(
    story: Story,
    course: Course,
    *,
    patient: Patient,
    number: int,
    day: date,
    room: int,
    weight: str,
    answers: bool = True,
) -> datetime:
    """One session from arrival to discharge; returns when the person was discharged."""
    at = story.on(day, 9, minute=30)
    order(story, course, patient=patient, number=number, weight=weight, at=at - timedelta(hours=1))
    session = open_room(story, course, number=number, room=room, at=at, name=patient.name)
    began, left = at + timedelta(minutes=10), at + timedelta(minutes=125)
    watch(story, session, seed=number, at=at, until=at + timedelta(minutes=9))
    start(story, session, patient=patient, at=began)
    watch_on(story, session, seed=number, at=at, since=10, until=50)
    dosing_actions.end(session.id, by=story.by("sam"), at=began + timedelta(minutes=INFUSION_MINUTES))
    watch_on(story, session, seed=number, at=at, since=51, until=124)
    yes: dict[str, Any] = {"gait_steady": Answer.YES, "oriented": Answer.YES, "escort_seen": Answer.YES}
    dosing_actions.discharge(
        session.id, escort_name=_who_takes_home(patient), by=story.by("sam"), at=left, **yes
    )
    _ask_after(story, session, left=left, answers=answers)
    if answers:
        _integrate(story, course, session=session, number=number, left=left)
    return left


def _who_takes_home(patient: Patient) -> str:
    escort = people.escort_of(patient.id)
    return escort.name if escort else ""


def _integrate(story: Story, course: Course, *, session: Session, number: int, left: datetime) -> None:
    """The visit with Noor the day after."""
    therapy_actions.write_visit(
        course.id,
        kind="integration",
        minutes=50,
        session_number=number,
        session_id=session.id,
        held_at=left + timedelta(hours=22),
        by=story.by("noor"),
        at=left + timedelta(hours=23),
        note="Spoke of a house with open windows. Sad and lighter. Will call her sister this week.",
    )


def watch_on(story: Story, session: Session, *, seed: int, at: datetime, since: int, until: int) -> None:
    """The monitor goes on from one minute to another; every fifth minute is enough for the demo."""
    draw = random.Random(seed)  # noqa: S311 - a drawing, no secret
    for minute in simulated.course(seed=seed, minutes=until + 1, dose_at_minute=10):
        if minute.minute < since or minute.minute % 5:
            continue
        when = at + timedelta(minutes=minute.minute)
        if minute.minute % 10 == 0:
            _rate_alertness(
                story, session, alertness=draw.choice((4, 5)) if minute.minute < 60 else 5, at=when
            )
        watch_actions.take_vitals(
            session.id,
            values=minute.values,
            measured_at=when,
            client_id=uuid7(),
            by=_monitor(story),
            at=when,
            sent=Sent(source="monitor"),
        )


def _rate_alertness(story: Story, session: Session, *, alertness: int, at: datetime) -> None:
    """Sam looks at the person and rates how awake they are."""
    watch_actions.take_vitals(
        session.id,
        values={MOAAS: Decimal(alertness)},
        measured_at=at,
        client_id=uuid7(),
        by=story.by("sam"),
        at=at,
    )


def _ask_after(story: Story, session: Session, *, left: datetime, answers: bool) -> None:
    """The check-ins after the session, those of the past answered."""
    by = Actor.system(story.clinic.id, "Follow-up")
    followup_actions.plan(
        patient_id=session.patient_id,
        course_id=session.course_id,
        session_id=session.id,
        left_at=left,
        by=by,
        at=left,
    )
    for check_in in check_ins.of_session(session.id):
        if answers and check_in.due_at < story.now - timedelta(hours=3):
            followup_actions.answer(
                check_in.id,
                answers=_well(check_in.kind),
                words="Tired, and calm.",
                by=story.by("june"),
                by_phone=True,
                at=check_in.due_at + timedelta(minutes=20),
            )


def _well(kind: str) -> dict[str, str]:
    """The answers of someone who is well."""
    return {q.name: _best(q) for q in rules.questions_of(rules.CheckInKind(kind))}


def _best(question: rules.CheckInQuestion) -> str:
    """The answer to one question of someone who is well."""
    values = [value for value, _ in question.choices]
    return next(
        (value for value in ("well", "good") if value in values),
        "yes" if question.name == "home" else values[0],
    )
