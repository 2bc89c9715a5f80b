"""The patient's own page: when and where they come, what waits for them, and how to get ready."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.accounts.models import Membership
from openkap.accounts.roles import Role
from openkap.consent import queries as consent
from openkap.courses import actions as courses_actions
from openkap.courses import next_step_queries, plan_queries
from openkap.courses.models import PlannedSession
from openkap.dosing import queries as dosing
from openkap.followup import actions as followup_actions
from openkap.followup import queries as followup
from openkap.measures import queries as measures
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.watch import queries as watch_queries

NOON, EVENING = 12, 18
WITH_THE_PERSON = (Role.NURSE, Role.THERAPIST)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session of the plan as the person reads it: when, where, and whether it was held."""

    row: PlannedSession
    held_at: datetime | None
    today: date

    @property
    def is_today(self) -> bool:
        """Whether it is planned for today."""
        return self.row.planned_on == self.today

    @property
    def has_passed(self) -> bool:
        """Whether its day is over and it was not held."""
        return self.held_at is None and self.row.planned_on < self.today

    @property
    def days_ahead(self) -> int:
        """How many days it is away."""
        return (self.row.planned_on - self.today).days


def context_of(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    """Everything the person's own page speaks of."""
    today, hour = timezone.localdate(request.at), timezone.localtime(request.at).hour
    courses_actions.count_next_steps(today=today, patient_id=person.id)
    kept = next_step_queries.next_step_of(person.id)
    sessions = _sessions(plan_queries.plan_of(kept.course), today=today) if kept else []
    inside = watch_queries.open_of_patient(person.id)
    team = people.care_team(person.id)
    return {
        "person": person,
        "greeting": "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening",
        "step": kept.step if kept else None,
        "next": _next(sessions, running=inside.planned_session_id if inside else None),
        "is_held_now": inside is not None,
        "sessions": sessions,
        "with_me": _with_the_person(team),
        "before": request.clinic.before_session.splitlines(),
        "questions": [(it, measures.link_path(it)) for it in measures.due(person.id)],
        "check_ins": [
            (it, followup_actions.link_path(it)) for it in followup.waiting_of(person.id, now=request.at)
        ],
        "consent": consent.valid(person.id),
        "choices": consent.choices_in_words(person.id),
        "escort": people.escort_of(person.id),
        "team": team,
        "promise_for": dosing.waits_for_promise(person.id),
    }


def _sessions(plan: Sequence[PlannedSession], *, today: date) -> list[OwnSession]:
    return [OwnSession(row, row.held_at, today) for row in plan]  # type: ignore[attr-defined]


def _next(sessions: Sequence[OwnSession], *, running: uuid.UUID | None) -> OwnSession | None:
    """The session the person is in, or else the first that was not held."""
    ahead = (it for it in sessions if (it.row.id == running if running else it.held_at is None))
    return next(ahead, None)


def _with_the_person(team: Sequence[Membership]) -> list[str]:
    """Who of the care team is in the room with a person: those who watch and those who accompany."""
    return [member.user.name for member in team if member.role in WITH_THE_PERSON]
