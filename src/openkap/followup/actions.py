"""The writers of follow-up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.links import Link, make_token
from openkap.alerts import actions as alerts_actions
from openkap.alerts import queries as owners
from openkap.audit.actions import record
from openkap.defaults import queries as defaults
from openkap.followup import queries, rules
from openkap.followup.events import CheckInAnswered, CheckInLinkQueued, CheckInMissed, CheckInsPlanned
from openkap.followup.models import CheckIn, CheckInAnswer
from openkap.followup.numbers import CheckInNumbers
from openkap.followup.statements import FollowupStatement
from openkap.kernel.refusal import refuse_if
from openkap.kernel.statement import Stated
from openkap.notices import actions as notices_actions
from openkap.notices.channels import address_of
from openkap.tenancy.locks import lock_numbers
from openkap.watch import queries as watch_queries

PURPOSE = "check_in"
CALLERS = ("nurse", "therapist", "prescriber")


@transaction.atomic
def plan(
    *,
    patient_id: uuid.UUID,
    course_id: uuid.UUID,
    session_id: uuid.UUID,
    left_at: datetime,
    by: Actor,
    at: datetime,
) -> list[CheckIn]:
    """Plan the check-ins after a session. Planning twice plans once."""
    lock_numbers(f"followup.{session_id}")
    known = set(CheckIn.objects.filter(session_id=session_id).values_list("kind", flat=True))
    made = [
        CheckIn.objects.create(
            patient_id=patient_id,
            course_id=course_id,
            session_id=session_id,
            kind=step.kind,
            due_at=step.due_at,
            late_at=step.late_at,
            **by.stamp(at),
        )
        for step in rules.plan(left_at, numbers=defaults.of(CheckInNumbers))
        if step.kind not in known
    ]
    if made:
        record(
            CheckInsPlanned(check_ins=tuple(check_in.kind for check_in in made)),
            by=by,
            at=at,
            patient_id=patient_id,
            subject=("session", session_id),
        )
    if made and address_of(made[0].patient) is None:
        says = FollowupStatement.NO_ADDRESS()
        ask_to_call(patient_id, cause=("session", session_id), says=says, by=by, at=at)
    return made


def link_path(check_in: CheckIn) -> str:
    """The path of the patient's own page for one check-in."""
    link = Link(check_in.clinic_id, check_in.patient_id, PURPOSE, check_in.id)
    return f"/c/{make_token(link)}/"


@transaction.atomic
def send(check_in_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Put the person's link on its way, once, when the check-in is due; without an address somebody calls."""
    check_in = CheckIn.objects.select_for_update(of=("self",)).select_related("patient").get(id=check_in_id)
    open_now = check_in.state_at(at) in (rules.CheckInState.OPEN, rules.CheckInState.OVERDUE)
    to = address_of(check_in.patient)
    if check_in.notice_id or not open_now or to is None:
        return
    check_in.notice = notices_actions.queue(
        kind="check_in_link",
        to=to,
        link_path=link_path(check_in),
        owner_membership_id=owners.owner_for(check_in.patient_id, *CALLERS),
        patient_id=check_in.patient_id,
        by=by,
        at=at,
    )
    check_in.save(update_fields=["notice"])
    record(
        CheckInLinkQueued(),
        by=by,
        at=at,
        patient_id=check_in.patient_id,
        subject=("check_in", check_in.id),
    )


@transaction.atomic
def ask_to_call(
    patient_id: uuid.UUID, *, cause: tuple[str, uuid.UUID], says: Stated, by: Actor, at: datetime
) -> None:
    """Give the call somebody has to make an owner at once: no link reaches this person (hazard H13)."""
    alerts_actions.raise_alert(
        patient_id,
        kind="call",
        says=says,
        owner_membership_id=owners.owner_for(patient_id, *CALLERS),
        cause=cause,
        severity="soon",
        by=by,
        at=at,
    )


@transaction.atomic
def link_failed(notice_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """A check-in's link could not be sent: somebody calls."""
    check_in = CheckIn.objects.filter(notice_id=notice_id).first()
    if check_in is not None and not hasattr(check_in, "answer"):
        ask_to_call(
            check_in.patient_id,
            cause=("check_in", check_in.id),
            says=FollowupStatement.NOT_SENT(when=check_in.when),
            by=by,
            at=at,
        )


@transaction.atomic
def alarm_silence(check_in_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Raise an owned alert for a check-in nobody answered: silence is overdue, never well (hazard H13)."""
    check_in = CheckIn.objects.select_for_update(of=("self",)).select_related("patient").get(id=check_in_id)
    if check_in.alarmed_at or check_in.state_at(at) is not rules.CheckInState.OVERDUE:
        return
    check_in.alarmed_at = at
    check_in.save(update_fields=["alarmed_at"])
    alerts_actions.raise_alert(
        check_in.patient_id,
        kind="silence",
        says=FollowupStatement.NO_ANSWER(when=check_in.when),
        owner_membership_id=owners.owner_for(check_in.patient_id, *CALLERS),
        cause=("check_in", check_in.id),
        severity="urgent"
        if check_in.kind in (rules.CheckInKind.TWO_HOURS, rules.CheckInKind.ONE_DAY)
        else "soon",
        by=by,
        at=at,
    )
    record(CheckInMissed(), by=by, at=at, patient_id=check_in.patient_id, subject=("check_in", check_in.id))


@transaction.atomic
def answer(
    check_in_id: uuid.UUID,
    *,
    answers: Mapping[str, str],
    words: str = "",
    by_phone: bool = False,
    by: Actor,
    at: datetime,
) -> CheckInAnswer:
    """Take a check-in's answers; whatever must be answered by the clinic gets an owner at once."""
    check_in = CheckIn.objects.select_for_update().get(id=check_in_id)
    kind = rules.CheckInKind(check_in.kind)
    answered = CheckInAnswer.objects.filter(check_in=check_in).exists()
    refuse_if(rules.objections_to(kind, answers, answered=answered))
    kept = {question.name: answers[question.name] for question in rules.questions_of(kind)}
    kept_answer = CheckInAnswer.objects.create(
        check_in=check_in, answers=kept, words=words.strip()[:4000], by_phone=by_phone, **by.stamp(at)
    )
    concerns = rules.concerns(kept)
    if concerns:
        alerts_actions.raise_alert(
            check_in.patient_id,
            kind="suicidality" if concerns[0].code == "suicidality" else "check_in",
            says=rules.said_together(concerns),
            owner_membership_id=owners.owner_for(check_in.patient_id, "prescriber", "nurse", "therapist"),
            cause=("check_in", check_in.id),
            severity="urgent" if any(concern.urgent for concern in concerns) else "soon",
            by=by,
            at=at,
        )
    record(
        CheckInAnswered(concerns=tuple(concern.code for concern in concerns), by_phone=by_phone),
        by=by,
        at=at,
        patient_id=check_in.patient_id,
        subject=("check_in", check_in.id),
    )
    return kept_answer


def do(what: queries.ToDo, *, by: Actor, at: datetime) -> None:
    """Plan, send or alarm, as the clock asks. What has been done meanwhile is not done twice."""
    if what.verb == "plan":
        session = watch_queries.get(what.id)
        ids = {"patient_id": session.patient_id, "course_id": session.course_id, "session_id": session.id}
        plan(**ids, left_at=session.closed_at or at, by=by, at=at)
    elif what.verb == "send":
        send(what.id, by=by, at=at)
    else:
        alarm_silence(what.id, by=by, at=at)


def sweep(*, by: Actor, at: datetime) -> list[queries.ToDo]:
    """Do everything that is due at this moment, one after the other. Safe to run as often as one likes."""
    done = queries.to_do(now=at)
    for what in done:
        do(what, by=by, at=at)
    return done
