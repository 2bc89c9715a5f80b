"""Reading follow-up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openkap.accounts.actor import Actor
from openkap.followup import rules, unscoped
from openkap.followup.models import CheckIn
from openkap.followup.rules import CheckInState
from openkap.kernel.wording import translated
from openkap.people import queries as people
from openkap.tenancy.clinics import clinics_by
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch import queries as watch_queries

LOOKED_BACK = timedelta(days=14)


def of_patient(patient_id: uuid.UUID) -> list[CheckIn]:
    """Every check-in of a person, newest session first."""
    return list(
        CheckIn.objects.filter(patient_id=patient_id).select_related("answer", "notice").order_by("-due_at")
    )


@keyed_query
def answered(patient_id: uuid.UUID) -> QuerySet[CheckIn]:
    """The check-ins a person has answered, the last first."""
    rows = CheckIn.objects.filter(patient_id=patient_id, answered_at__isnull=False)
    return rows.select_related("answer").order_by("-answered_at")


def waiting_of(patient_id: uuid.UUID, *, now: datetime) -> list[CheckIn]:
    """What a person is asked now."""
    return [
        it for it in of_patient(patient_id) if it.state_at(now) in (CheckInState.OPEN, CheckInState.OVERDUE)
    ]


def of_session(session_id: uuid.UUID) -> list[CheckIn]:
    """The check-ins after one session."""
    return list(CheckIn.objects.filter(session_id=session_id).select_related("answer").order_by("due_at"))


def unanswered(actor: Actor, *, now: datetime) -> list[tuple[CheckIn, CheckInState]]:
    """What is open or overdue among the people the actor may see, the most overdue first."""
    rows = CheckIn.objects.filter(
        due_at__lte=now,
        answered_at__isnull=True,
        called_off_at__isnull=True,
        patient__in=people.visible_to(actor),
    ).select_related("patient")
    return [(row, row.state_at(now)) for row in rows.order_by("late_at")]


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing the clock asks for: plan the check-ins of a session, send one, or alarm its silence."""

    verb: str
    id: uuid.UUID


def to_do(*, now: datetime) -> list[ToDo]:
    """Everything that is due at this moment.

    A session that was closed after a dose without its check-ins being planned, however that came about, is
    among it. What is planned here is sent in the next round.
    """
    left = watch_queries.left_after_dose(since=now - LOOKED_BACK)
    known = set(
        CheckIn.objects.filter(session_id__in=[it.id for it in left]).values_list("session_id", flat=True)
    )
    due = CheckIn.objects.filter(due_at__lte=now, answered_at__isnull=True, called_off_at__isnull=True)
    unsent = due.filter(notice__isnull=True).exclude(patient__email="").values_list("id", flat=True)
    silent = due.filter(late_at__lte=now, alarmed_at__isnull=True).values_list("id", flat=True)
    return [
        *(ToDo("plan", it.id) for it in left if it.id not in known),
        *(ToDo("send", key) for key in unsent),
        *(ToDo("alarm", key) for key in silent),
    ]


def patient_of_check_in(check_in_id: uuid.UUID) -> uuid.UUID | None:
    """Whose check-in it is."""
    return CheckIn.objects.filter(id=check_in_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"check_in": patient_of_check_in}


def _answered(check_in_id: uuid.UUID) -> list[tuple[str, str]]:
    """What lies behind an alert of a check-in: every answer, and the person's own words."""
    check_in = CheckIn.objects.select_related("answer").filter(id=check_in_id).first()
    if check_in is None:
        return []
    told = [(_("Check-in"), check_in.words)]
    if not hasattr(check_in, "answer"):
        return [*told, (_("Answer"), _("none"))]
    for asked in rules.questions_of(rules.CheckInKind(check_in.kind)):
        words = dict(asked.choices).get(check_in.answer.answers.get(asked.name, ""))
        told.append((translated(asked.text), translated(words) if words else _("not answered")))
    return [*told, (_("In their own words"), check_in.answer.words)] if check_in.answer.words else told


EXPLAINED = {"check_in": _answered}


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which a check-in is to be planned, sent or alarmed now."""
    return clinics_by(unscoped.DUE.name, moment, moment - LOOKED_BACK)
