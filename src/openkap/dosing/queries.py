"""Reading the doses of a session: of one person, and of those who may not sign yet."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from openkap.consent import queries as consents
from openkap.courses.models import Course, PlannedSession
from openkap.dosing import facts
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch.models import Mark, Session
from openkap.watch.queries import open_of_patient


@keyed_query
def of_patient(patient_id: uuid.UUID) -> models.QuerySet[Session]:
    """Every session of a person, newest first, with its doses and the marks somebody has answered."""
    rows = Session.objects.filter(patient_id=patient_id).select_related(
        "planned_session", "room", "discharge"
    )
    answered = Mark.objects.filter(acknowledged_at__isnull=False).prefetch_related("decisions")
    marks = models.Prefetch("marks", queryset=answered, to_attr="answered_marks")
    return rows.prefetch_related("doses__steps", marks).order_by("-at", "-id")


def dose_times(session: Session) -> list[datetime]:
    """When the doses of a session began."""
    return [dose.at for dose in session.doses.all()]


def is_in_session(patient_id: uuid.UUID) -> bool:
    """Whether the person is in a session now."""
    return open_of_patient(patient_id) is not None


def waits_for_promise(patient_id: uuid.UUID) -> Session | None:
    """The session a person is in, while they have not promised not to drive and no dose has begun."""
    session = open_of_patient(patient_id)
    if session is None or session.dose_began_at is not None or facts.promise_of(session) is not None:
        return None
    return session


def course(course_id: uuid.UUID) -> Course:
    """The course a session is opened for."""
    rows = Course.objects.select_related("patient", "pack_version").defer("pack_version__body")
    return rows.get(id=course_id)


def planned_room(course_id: uuid.UUID, *, number: int) -> uuid.UUID | None:
    """The room a session of the course is planned for, where one is agreed."""
    rows = PlannedSession.objects.filter(course_id=course_id, number=number)
    return rows.values_list("room_id", flat=True).first()


def locked_after_closing() -> list[Session]:
    """Closed sessions whose dose still keeps the person from signing."""
    causes = consents.open_causes("dose")
    rows = Session.objects.filter(closed_at__isnull=False, doses__id__in=causes).distinct()
    return list(rows.order_by("closed_at", "id"))


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which a dose keeps somebody from signing."""
    return consents.clinics_impaired("dose")
