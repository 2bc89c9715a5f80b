"""Opening a session, and closing it: the row that everything of the day hangs on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.courses.models import Course, PlannedSession
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import Objection, refuse_if
from openkap.people.models import Patient, Room
from openkap.watch import rules
from openkap.watch.actions.locking import tell
from openkap.watch.events import SessionOpened
from openkap.watch.models import Session


def _opening(
    course: Course, planned: PlannedSession | None, *, room: Room | None, number: int
) -> rules.SessionOpening:
    others = Session.objects.filter(closed_at__isnull=True)
    opened = Session.objects.filter(planned_session=planned, stands_for_planned=True)
    return rules.SessionOpening(
        number=number,
        course_ended=course.ended_at is not None,
        planned=planned is not None,
        cancelled=planned is not None and planned.cancelled_at is not None,
        opened=planned is not None and opened.exists(),
        room=room.name if room else "",
        room_in_use=room is not None and room.closed_at is None,
        room_taken=room is not None and others.filter(room=room).exists(),
        other_open=others.filter(patient_id=course.patient_id).exists(),
    )


def objections_to_opening(course: Course, *, number: int) -> list[Objection]:
    """What stands against opening this session now, whichever room is chosen."""
    planned = PlannedSession.objects.filter(course=course, number=number).first()
    opening = replace(_opening(course, planned, room=None, number=number), room_in_use=True)
    return rules.objections_to_opening(opening)


@transaction.atomic
def open_session(
    course_id: uuid.UUID, *, number: int, room_id: uuid.UUID, by: Actor, at: datetime
) -> Session:
    """The person is here and sits in the room. What is missing for the dose is the time-out's to say."""
    course = Course.objects.select_related("pack_version").get(id=course_id)
    Patient.objects.select_for_update(no_key=True).get(id=course.patient_id)
    planned = PlannedSession.objects.filter(course=course, number=number).first()
    room = Room.objects.select_for_update().filter(id=room_id).first()
    refuse_if(rules.objections_to_opening(_opening(course, planned, room=room, number=number)))
    assert planned is not None
    assert room is not None
    session = Session.objects.create(
        patient_id=course.patient_id,
        course=course,
        planned_session=planned,
        room=room,
        product=course.pack_version.product,
        **by.stamp(at),
    )
    tell(session)
    _note(SessionOpened(number=number), session, by=by, at=at)
    return session


def _note(
    event: DomainEvent,
    session: Session,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
) -> None:
    subject = ("session", session.id)
    record(event, by=by, at=at, patient_id=session.patient_id, subject=subject, why=why)


def close(session: Session, *, reason: str = "", by: Actor, at: datetime) -> None:
    """The session is over: its monitor is free, and no mark stands. The caller holds the lock and records it.

    One without a dose gives its planned session back.
    """
    session.closed_at, session.close_reason, session.closed_by_name = at, reason, by.name
    session.stands_for_planned = session.dose_began_at is not None
    session.save(update_fields=["closed_at", "close_reason", "closed_by_name", "stands_for_planned"])
    session.pairings.filter(ended_at__isnull=True).update(ended_at=at)
    session.marks.filter(closed_at__isnull=True).update(closed_at=at)
    tell(session)


def keep_dose_times(
    session: Session, *, began_at: datetime, ended_at: datetime | None, due_at: datetime | None
) -> None:
    """When the first drug began, when the last one ended, and when it is due to be through."""
    session.dose_began_at = session.dose_began_at or began_at
    session.dose_ended_at, session.dose_due_at = ended_at, due_at
    session.save(update_fields=["dose_began_at", "dose_ended_at", "dose_due_at"])
