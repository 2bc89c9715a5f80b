"""Leaving, and closing a session that went otherwise (H14, H15)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.consent import actions as consents
from openkap.dosing import facts
from openkap.dosing.actions.locking import locked_open_session, tell
from openkap.dosing.leaving import objections_to_leaving
from openkap.dosing.models import Departure, Dose, Session
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Objection, refuse_if


@transaction.atomic
def leave(
    session_id: uuid.UUID,
    *,
    gait_steady: Answer,
    oriented: Answer,
    escort_seen: Answer,
    escort_name: str,
    by: Actor,
    at: datetime,
) -> Departure:
    """The person goes home with their escort, when nothing stands against it. It closes the session."""
    session = locked_open_session(session_id, with_patient=True)
    answers = {"gait_steady": gait_steady, "oriented": oriented, "escort_seen": escort_seen}
    person = facts.departing(session, at=at, **answers)
    protocol = facts.protocol_of(session)
    found = objections_to_leaving(person, protocol.leaving, at=at)
    if not escort_name.strip():
        found.append(Objection("escort_name", "Write down who takes the person home.", "escort_name"))
    if not by.is_person:
        found.append(Objection("person", "Only a signed-in person lets somebody go."))
    refuse_if(found)
    seen = {
        "rule": protocol.leaving.id,
        "pack": protocol.name,
        "moaas": person.moaas,
        "sbp": str(person.pressure.sbp) if person.pressure else None,
        "dbp": str(person.pressure.dbp) if person.pressure else None,
        "spo2": str(person.spo2) if person.spo2 is not None else None,
    }
    departure = Departure.objects.create(
        session=session,
        escort_name=escort_name.strip()[:120],
        seen=seen,
        **{name: answer.value for name, answer in answers.items()},
        **by.stamp(at),
    )
    _close(session, by=by, at=at)
    _record_left(session, by=by, at=at)
    return departure


def _record_left(session: Session, *, by: Actor, at: datetime, why: str = "") -> None:
    """The news the rooms above wait for: the day is over, and who follows up may begin."""
    record(
        "dosing.left",
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
        details={"course": str(session.course_id), "left_at": at.isoformat()},
        why=why,
    )


def _close(session: Session, *, by: Actor, at: datetime, reason: str = "") -> None:
    session.closed_at, session.close_reason, session.closed_by_name = at, reason, by.name
    session.stands_for_planned = Dose.objects.filter(session=session).exists()
    session.save(update_fields=["closed_at", "close_reason", "closed_by_name", "stands_for_planned"])
    session.pairings.filter(ended_at__isnull=True).update(ended_at=at)
    session.marks.filter(closed_at__isnull=True).update(closed_at=at)
    dose = facts.dose_of(session)
    if dose is not None:
        consents.end_impairment(session.patient_id, cause=("dose", dose.id), by=by, at=at)
    tell(session)


@transaction.atomic
def close_session(session_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Session:
    """Close a session that did not end by leaving: no dose given, or a prescriber says where they went."""
    session = locked_open_session(session_id, with_patient=True)
    dose = facts.dose_of(session)
    found = []
    if not why.strip():
        found.append(Objection("why", "Say why the session is closed.", "why"))
    if dose is not None and dose.ended_at is None:
        found.append(Objection("DOSE_RUNNING", "The dose has not ended."))
    if dose is not None and by.role != Role.PRESCRIBER:
        text = "A dose was given. Leaving closes the session; only a prescriber closes it otherwise."
        found.append(Objection("CLOSE_BY_PRESCRIBER", text))
    refuse_if(found)
    reason = why.strip()[:300]
    _close(session, reason=reason, by=by, at=at)
    if dose is not None:
        _record_left(session, by=by, at=at, why=reason)
        return session
    subject = ("session", session.id)
    record("dosing.closed", by=by, at=at, patient_id=session.patient_id, subject=subject, why=reason)
    return session
