"""Reading therapy."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from openkap.consent import queries as consent
from openkap.courses.models import Course
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import keyed_query
from openkap.therapy import rules
from openkap.therapy.models import Goal, Practice, Preparation, Visit, VisitKind


@asked_once
def preparation(course_id: uuid.UUID) -> Preparation | None:
    """What was written down last before the first session."""
    return Preparation.objects.filter(course_id=course_id).order_by("-at", "-id").first()


@asked_once
def visits(course_id: uuid.UUID) -> list[Visit]:
    """The visits of a course, oldest first, with what was added to their notes."""
    return list(
        Visit.objects.filter(course_id=course_id).prefetch_related("addenda").order_by("held_at", "id")
    )


@keyed_query
def visits_of_patient(patient_id: uuid.UUID) -> QuerySet[Visit]:
    """Every therapy visit of a person, oldest first."""
    return Visit.objects.filter(patient_id=patient_id).order_by("held_at", "id")


def prepared(course: Course) -> rules.Prepared:
    """What preparation has brought so far."""
    before = [visit for visit in visits(course.id) if visit.kind == VisitKind.PREPARATION]
    kept = [goal for goal in goals(course.id) if goal.dropped_at is None]
    return rules.Prepared(
        visits=len(before),
        goals=len(kept),
        concerns_asked=preparation(course.id) is not None,
        choices_made=consent.choices_made(course.patient_id),
    )


@asked_once
def goals(course_id: uuid.UUID) -> list[Goal]:
    """The goals of a course: open ones first."""
    return sorted(
        Goal.objects.filter(course_id=course_id),
        key=lambda goal: (bool(goal.met_at or goal.dropped_at), goal.id),
    )


def practices(course_id: uuid.UUID) -> list[Practice]:
    """What was agreed to do between visits."""
    return list(Practice.objects.filter(course_id=course_id, ended_at__isnull=True))


def patient_of_visit(visit_id: uuid.UUID) -> uuid.UUID | None:
    """Whose visit it was."""
    return Visit.objects.filter(id=visit_id).values_list("patient_id", flat=True).first()


def patient_of_goal(goal_id: uuid.UUID) -> uuid.UUID | None:
    """Whose goal it is."""
    return Goal.objects.filter(id=goal_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"visit": patient_of_visit, "goal": patient_of_goal}
