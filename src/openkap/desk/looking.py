"""The weekly look at who opened which record: gathered from the readings, and an alert with an owner."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import Role
from openkap.alerts import actions as alerts_actions
from openkap.alerts import covering
from openkap.alerts.cover import Hours
from openkap.audit import queries as record
from openkap.desk.curiosity import PersonRead, Reader, ReadingToLookAt, RecordOpening, to_look_at
from openkap.desk.statements import DeskStatement
from openkap.people.models import Patient
from openkap.tenancy.models import Clinic
from openkap.watch.models import Session

KIND = "readings_to_look_at"
_SPACE = uuid.UUID("0f6b5f5a-3d5e-4b0f-9a51-6f2a0f6f7a10")


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the clinic, from a Monday on."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self) -> Week:
        """The week after."""
        return Week(self.monday + timedelta(days=7))

    def begins(self, clinic: Clinic) -> datetime:
        """Its first moment in the clinic's zone."""
        return datetime.combine(self.monday, time(), tzinfo=clinic.tz)


def findings(clinic: Clinic, week: Week) -> list[ReadingToLookAt]:
    """The openings of a week that ask for a look. Needs the clinic's context."""
    rows = Membership.objects.exclude(role=Role.PATIENT).select_related("user")
    on_call = set(covering.on_call())
    staff = {
        it.user_id: Reader(it.user.name, it.get_role_display(), it.user.email, it.id in on_call)
        for it in rows
    }
    opened = list(record.opened_between(week.begins(clinic), week.after.begins(clinic)))
    patients = Patient.objects.filter(id__in={it.about_id for it in opened})
    people = {it.id: _person(it) for it in patients}
    hours = covering.hours_of(clinic, covering.in_force())
    openings = _openings(opened, hours, sessions=_sessions(week, clinic))
    return to_look_at(openings, staff=staff, people=people, zone=clinic.tz)


def _person(it: Patient) -> PersonRead:
    """The names are compared and not shown, so nobody is seen here (`Patient.name` would say so)."""
    return PersonRead(
        it.mrn, f"{it.given_name} {it.family_name}".strip(), it.family_name, it.email, it.user_id
    )


Sessions = dict[uuid.UUID, list[tuple[datetime, datetime | None]]]


def _sessions(week: Week, clinic: Clinic) -> Sessions:
    """When each person had a session open, as far as it touches the week."""
    sessions: Sessions = {}
    rows = Session.objects.filter(at__lt=week.after.begins(clinic)).exclude(closed_at__lt=week.begins(clinic))
    for patient_id, began, ended in rows.values_list("patient_id", "at", "closed_at"):
        sessions.setdefault(patient_id, []).append((began, ended))
    return sessions


def _openings(
    opened: list[record.Opened], hours: Hours | None, *, sessions: Sessions
) -> Iterator[RecordOpening]:
    for it in opened:
        yield RecordOpening(
            at=it.at,
            by_id=it.by_id,
            patient_id=it.about_id,
            is_open=None if hours is None else hours.closes_at(it.at) is not None,
            in_session=any(
                began <= it.at and (ended is None or it.at <= ended)
                for began, ended in sessions.get(it.about_id, [])
            ),
        )


def look(clinic: Clinic, *, at: datetime) -> int:
    """Look at the week that has ended; what asks for a look is one alert, and an administrator owns it."""
    week = Week.of(at.astimezone(clinic.tz).date()).before
    openings = findings(clinic, week)
    if openings:
        owner = (
            Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True)
            .order_by("since")
            .first()
        )
        says = (
            DeskStatement.ONE_OPENING(monday=week.monday)
            if len(openings) == 1
            else DeskStatement.OPENINGS(count=len(openings), monday=week.monday)
        )
        alerts_actions.raise_alert(
            None,
            kind=KIND,
            says=says,
            owner_membership_id=owner.id if owner else None,
            cause=("readings_week", uuid.uuid5(_SPACE, week.monday.isoformat())),
            by=Actor.system(clinic.id, "OpenKAP"),
            at=at,
            severity="soon",
        )
    return len(openings)
