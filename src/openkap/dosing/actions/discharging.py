"""Leaving, and closing a session that went otherwise (H14, H15)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.consent import actions as consent_actions
from openkap.dosing import facts
from openkap.dosing.discharge import (
    impaired_until,
    objections_to_closing,
    objections_to_discharge,
    objections_to_going_against_advice,
    objections_to_signing_out,
)
from openkap.dosing.events import SessionClosed, SessionDischarged
from openkap.dosing.models import Discharge, Dose
from openkap.dosing.statements import DosingAlert
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts as watch_facts
from openkap.watch.actions.locking import locked_open_session, locked_session
from openkap.watch.actions.opening import close
from openkap.watch.models import Session


@transaction.atomic
def discharge(
    session_id: uuid.UUID,
    *,
    gait_steady: Answer,
    oriented: Answer,
    escort_seen: Answer,
    escort_name: str,
    by: Actor,
    at: datetime,
) -> Discharge:
    """The person goes home with their escort, when nothing stands against it. It closes the session."""
    session = locked_open_session(session_id, with_patient=True)
    answers = {"gait_steady": gait_steady, "oriented": oriented, "escort_seen": escort_seen}
    person = facts.discharge_facts(session, at=at, **answers)
    protocol, rule = watch_facts.protocol_of(session), facts.discharge_rule_of(session)
    objections = objections_to_discharge(person, rule, at=at)
    objections += objections_to_signing_out(escort_name=escort_name, is_person=by.is_person)
    refuse_if(objections)
    seen = {
        "rule": rule.id,
        "pack": protocol.name,
        "moaas": person.moaas,
        "sbp": str(person.pressure.sbp) if person.pressure else None,
        "dbp": str(person.pressure.dbp) if person.pressure else None,
        "spo2": str(person.spo2) if person.spo2 is not None else None,
    }
    discharge = Discharge.objects.create(
        session=session,
        escort_name=escort_name.strip()[:120],
        seen=seen,
        **{name: answer.value for name, answer in answers.items()},
        **by.stamp(at),
    )
    _close(session, by=by, at=at)
    _record_discharge(session, by=by, at=at)
    return discharge


def _record_discharge(session: Session, *, by: Actor, at: datetime, why: str = "") -> None:
    """What follow-up waits for: the session is over, and who follows up may begin."""
    record(
        SessionDischarged(course_id=session.course_id, left_at=at),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
        why=why,
    )


@transaction.atomic
def go_against_advice(
    session_id: uuid.UUID, *, why: str, told: str, by: Actor, at: datetime, escort_name: str = ""
) -> Discharge:
    """The person goes although something stands against it. It closes the session and tells the prescriber.

    Nothing is signed until the pack's observation time is over, wherever they are (H14, H19).
    """
    session = locked_open_session(session_id, with_patient=True)
    person, rule = facts.discharge_facts(session, at=at), facts.discharge_rule_of(session)
    unmet = objections_to_discharge(person, rule, at=at)
    refuse_if(
        objections_to_going_against_advice(
            dose_given=person.started_at is not None,
            dose_ended=person.ended_at is not None,
            why=why,
            told=told,
            role=by.role,
        )
    )
    discharge = Discharge.objects.create(
        session=session,
        way=Discharge.Way.AGAINST_ADVICE,
        why=why.strip()[:300],
        told=told.strip()[:500],
        unmet=[one.text for one in unmet],
        escort_name=escort_name.strip()[:120],
        seen={"rule": rule.id, "pack": watch_facts.protocol_of(session).name},
        **dict.fromkeys(("gait_steady", "oriented", "escort_seen"), Answer.NOT_ASKED.value),
        **by.stamp(at),
    )
    raise_alert(
        session.patient_id,
        kind="left_against_advice",
        says=DosingAlert.AGAINST_ADVICE(room=session.room.name),
        owner_membership_id=owner_for(session.patient_id, Role.PRESCRIBER),
        cause=("session", session.id),
        by=by,
        at=at,
    )
    _close(session, by=by, at=at, keep_lock=True)
    _record_discharge(session, by=by, at=at, why=why)
    return discharge


def _close(session: Session, *, by: Actor, at: datetime, reason: str = "", keep_lock: bool = False) -> None:
    close(session, reason=reason, by=by, at=at)
    if not keep_lock:
        _release(session, by=by, at=at)


def _release(session: Session, *, by: Actor, at: datetime) -> None:
    for dose in Dose.objects.filter(session=session):
        consent_actions.end_impairment(session.patient_id, cause=("dose", dose.id), by=by, at=at)


@transaction.atomic
def release_lock(session_id: uuid.UUID, *, by: Actor, at: datetime) -> bool:
    """After a session that closed otherwise: the person may sign again once the time is over (H19)."""
    session = locked_session(session_id, with_patient=True)
    if session.closed_at is None or session.dose_ended_at is None:
        return False
    if at < impaired_until(session.dose_ended_at, facts.discharge_rule_of(session)):
        return False
    _release(session, by=by, at=at)
    return True


@transaction.atomic
def close_session(session_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Session:
    """Close a session that did not end by leaving: no dose given, or a prescriber says where they went."""
    session = locked_open_session(session_id, with_patient=True)
    given, ended = session.dose_began_at is not None, session.dose_ended_at is not None
    refuse_if(objections_to_closing(dose_given=given, dose_ended=ended, why=why, role=by.role))
    reason = why.strip()[:300]
    _close(session, reason=reason, by=by, at=at, keep_lock=given)
    if given:
        _record_discharge(session, by=by, at=at, why=reason)
        return session
    subject = ("session", session.id)
    record(SessionClosed(), by=by, at=at, patient_id=session.patient_id, subject=subject, why=reason)
    return session
