"""Reading follow-up."""

from __future__ import annotations

import uuid
from datetime import datetime

from openkap.accounts.actor import Actor
from openkap.followup.models import CheckIn
from openkap.followup.rules import State
from openkap.people import queries as people


def of_patient(patient_id: uuid.UUID) -> list[CheckIn]:
    """Every check-in of a person, newest session first."""
    return list(CheckIn.objects.filter(patient_id=patient_id).select_related("answer").order_by("-due_at"))


def waiting_of(patient_id: uuid.UUID, *, now: datetime) -> list[CheckIn]:
    """What a person is asked now."""
    return [it for it in of_patient(patient_id) if it.state_at(now) in (State.OPEN, State.OVERDUE)]


def of_session(session_id: uuid.UUID) -> list[CheckIn]:
    """The check-ins after one session."""
    return list(CheckIn.objects.filter(session_id=session_id).select_related("answer").order_by("due_at"))


def unanswered(actor: Actor, *, now: datetime) -> list[tuple[CheckIn, State]]:
    """What is open or overdue among the people the actor may see, the most overdue first."""
    rows = CheckIn.objects.filter(
        due_at__lte=now, answer__isnull=True, called_off_at__isnull=True, patient__in=people.visible_to(actor)
    ).select_related("patient")
    return [(row, row.state_at(now)) for row in rows.order_by("late_at")]


def patient_of_check_in(check_in_id: uuid.UUID) -> uuid.UUID | None:
    """Whose check-in it is."""
    return CheckIn.objects.filter(id=check_in_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"check_in": patient_of_check_in}
