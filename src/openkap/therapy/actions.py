"""The writers of therapy."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.courses import actions as courses_actions
from openkap.courses.models import Course
from openkap.defaults import queries as defaults
from openkap.kernel.refusal import refuse_if
from openkap.therapy import queries, rules
from openkap.therapy.events import (
    AddendumWritten,
    GoalDropped,
    GoalMet,
    GoalSet,
    PracticeAgreed,
    PreparationFinished,
    PreparationWritten,
    VisitWritten,
)
from openkap.therapy.models import Addendum, Goal, Mode, Practice, Preparation, Visit, VisitKind
from openkap.therapy.numbers import TherapyNumbers


def _course(course_id: uuid.UUID) -> Course:
    """The course, locked, so that two people writing at once follow one another."""
    return Course.objects.select_for_update().get(id=course_id)


@transaction.atomic
def write_preparation(
    course_id: uuid.UUID, *, hopes: str, concerns: str, earlier_states: str, by: Actor, at: datetime
) -> Preparation:
    """Write down what the person hopes for, fears, and has known of altered states."""
    course = _course(course_id)
    refuse_if(rules.objections_to_words(hopes=hopes, concerns=concerns))
    preparation = Preparation.objects.create(
        patient_id=course.patient_id,
        course=course,
        hopes=hopes.strip(),
        concerns=concerns.strip(),
        earlier_states=earlier_states.strip(),
        **by.stamp(at),
    )
    record(
        PreparationWritten(),
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("preparation", preparation.id),
    )
    return preparation


@transaction.atomic
def write_visit(
    course_id: uuid.UUID,
    *,
    kind: str,
    note: str,
    minutes: int,
    held_at: datetime,
    by: Actor,
    at: datetime,
    mode: str = Mode.IN_PERSON,
    session_id: uuid.UUID | None = None,
    session_number: int | None = None,
) -> Visit:
    """Write down a visit that was held; an integration visit opens its session's gate."""
    course = _course(course_id)
    refuse_if(
        rules.objections_to_visit(
            note=note, minutes=minutes, held_at=held_at, numbers=defaults.of(TherapyNumbers), now=at
        )
    )
    visit = Visit.objects.create(
        patient_id=course.patient_id,
        course=course,
        kind=VisitKind(kind),
        mode=Mode(mode),
        session_id=session_id,
        held_at=held_at,
        minutes=minutes,
        note=note.strip(),
        **by.stamp(at),
    )
    if visit.kind == VisitKind.INTEGRATION and session_number is not None:
        courses_actions.meet_gate(
            course_id,
            gate="integration_done",
            session_number=session_number,
            evidence=("visit", visit.id),
            by=by,
            at=at,
        )
    record(
        VisitWritten(kind=visit.kind, minutes=minutes),
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("visit", visit.id),
    )
    return visit


@transaction.atomic
def add_addendum(visit_id: uuid.UUID, *, text: str, by: Actor, at: datetime) -> Addendum:
    """Add to a visit's note; the note stays as it was."""
    visit = Visit.objects.get(id=visit_id)
    refuse_if(rules.objections_to_addendum(text))
    addendum = Addendum.objects.create(visit=visit, text=text.strip(), **by.stamp(at))
    record(AddendumWritten(), by=by, at=at, patient_id=visit.patient_id, subject=("visit", visit.id))
    return addendum


@transaction.atomic
def set_goal(course_id: uuid.UUID, *, text: str, by: Actor, at: datetime) -> Goal:
    """Write down something the person wants to change, in their own words."""
    course = _course(course_id)
    refuse_if(rules.objections_to_goal(text))
    goal = Goal.objects.create(
        patient_id=course.patient_id, course=course, text=text.strip()[:300], **by.stamp(at)
    )
    record(GoalSet(), by=by, at=at, patient_id=course.patient_id, subject=("goal", goal.id))
    return goal


@transaction.atomic
def close_goal(goal_id: uuid.UUID, *, met: bool, by: Actor, at: datetime) -> Goal:
    """A goal is met, or the person lets it go."""
    goal = Goal.objects.select_for_update().get(id=goal_id)
    refuse_if(rules.objections_to_closing_goal(closed=bool(goal.met_at or goal.dropped_at)))
    if met:
        goal.met_at = at
    else:
        goal.dropped_at = at
    goal.save(update_fields=["met_at", "dropped_at"])
    event = GoalMet() if met else GoalDropped()
    record(event, by=by, at=at, patient_id=goal.patient_id, subject=("goal", goal.id))
    return goal


@transaction.atomic
def agree_practice(course_id: uuid.UUID, *, text: str, how_often: str, by: Actor, at: datetime) -> Practice:
    """Agree on something small to do between visits."""
    course = _course(course_id)
    refuse_if(rules.objections_to_practice(text=text, how_often=how_often))
    practice = Practice.objects.create(
        patient_id=course.patient_id,
        course=course,
        text=text.strip()[:300],
        how_often=how_often.strip()[:80],
        **by.stamp(at),
    )
    record(
        PracticeAgreed(),
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("practice", practice.id),
    )
    return practice


def _last_words(course_id: uuid.UUID) -> dict[str, str]:
    last = queries.preparation(course_id)
    names = ("hopes", "concerns", "earlier_states")
    return {name: getattr(last, name) if last else "" for name in names}


@transaction.atomic
def finish_preparation(
    course_id: uuid.UUID, *, by: Actor, at: datetime, words: Mapping[str, str] | None = None
) -> None:
    """Say that the person is prepared; it opens the course's gate to dosing.

    `words` are the person's own that stand on the page and were not saved apart; they are written down too.
    """
    course = _course(course_id)
    if words is not None and any(words.values()) and words != _last_words(course_id):
        write_preparation(course_id, **words, by=by, at=at)
    refuse_if(rules.objections_to_finishing_preparation(queries.prepared(course)))
    courses_actions.meet_gate(
        course_id, gate="preparation_done", evidence=("course", course_id), by=by, at=at
    )
    record(
        PreparationFinished(),
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("course", course_id),
    )
