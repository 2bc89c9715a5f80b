"""Marks: raised by values and by the clock, answered by a person, passed on when nobody does (H07, H08)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.dosing import facts, protocol, watching
from openkap.dosing.actions.locking import locked_session, tell
from openkap.dosing.marks import Finding, Level, Standing, must_escalate, settled, to_raise
from openkap.dosing.models import Mark, Session
from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection, Refused, refuse_if

REPLACED = "Replaced by a more urgent mark."


def _standing(mark: Mark) -> Standing:
    return Standing(
        mark.cause, Level(mark.level), mark.at, mark.acknowledged_at, mark.recheck_at, mark.closed_at
    )


def _open_marks(session: Session) -> list[Mark]:
    rows = Mark.objects.select_for_update().filter(session=session, closed_at__isnull=True)
    return list(rows.order_by("at", "id"))


def _close(mark: Mark, *, at: datetime, taken: str = "") -> None:
    mark.closed_at = at
    mark.action_taken = mark.action_taken or taken
    mark.save(update_fields=["closed_at", "action_taken"])


def _raise(session: Session, one: Finding, *, by: Actor, at: datetime) -> Mark:
    rule = one.threshold
    return Mark.objects.create(
        session=session,
        flag=rule.flag,
        cause=rule.cause,
        level=rule.level,
        text=one.text[:200],
        action=rule.action[:300],
        rule=rule.rule,
        status=rule.status,
        source=rule.source[:300],
        recheck_minutes=rule.recheck_minutes,
        **by.stamp(at),
    )


def look_again(session: Session, *, by: Actor, at: datetime) -> list[Mark]:
    """Hold the values against the pack's limits: raise what is newly crossed, close what has settled.

    The caller holds the session's lock and writes the record.
    """
    found = watching.findings(session, at=at)
    marks = _open_marks(session)
    newest = watching.latest_by_cause(session, at=at)
    for mark in marks:
        if mark.cause in watching.BY_CLOCK:
            continue
        if settled(_standing(mark), found=found, latest=newest.get(mark.cause)):
            _close(mark, at=at)
    raised = _raise_new(session, found, marks, by=by, at=at)
    return raised + _by_clock(session, marks, by=by, at=at)


def _raise_new(
    session: Session, found: Iterable[Finding], marks: list[Mark], *, by: Actor, at: datetime
) -> list[Mark]:
    raised = []
    for one in to_raise(found, [_standing(mark) for mark in marks]):
        for weaker in (m for m in marks if m.closed_at is None and m.cause == one.threshold.cause):
            _close(weaker, at=at, taken=REPLACED)
        raised.append(_raise(session, one, by=by, at=at))
    return raised


def _by_clock(session: Session, marks: list[Mark], *, by: Actor, at: datetime) -> list[Mark]:
    """What the clock asks for: a late check, a silent monitor, an infusion that should be through.

    One that no longer holds closes by itself: the measuring, the hearing and the ending are its answers.
    """
    asked = {one.cause: one for one in watching.asked_by_clock(session, at=at)}
    known = {m.cause: m for m in marks if m.closed_at is None and m.cause in watching.BY_CLOCK}
    for cause, mark in known.items():
        if cause not in asked:
            _close(mark, at=at)
    raised = []
    for cause, one in asked.items():
        if cause in known:
            continue
        fields = {"text": one.text, "action": one.action, "rule": one.rule, "recheck_minutes": 5}
        raised.append(
            Mark.objects.create(
                session=session,
                flag=one.flag,
                cause=cause,
                level=Level.LOOK,
                status=Status.DESIGN_DEFAULT,
                **fields,
                **by.stamp(at),
            )
        )
    return raised


@transaction.atomic
def acknowledge_mark(mark_id: uuid.UUID, *, action: str, by: Actor, at: datetime) -> Mark:
    """Somebody has seen it, says what they did, and will measure again within the mark's minutes."""
    whose = Mark.objects.filter(id=mark_id).values_list("session_id", flat=True).first()
    if whose is None:
        raise Refused(Objection("mark", "There is no such mark here."))
    session = locked_session(whose)
    mark = Mark.objects.select_for_update().get(id=mark_id)
    found = []
    if mark.closed_at is not None:
        found.append(Objection("closed", "This mark is closed already."))
    if not action.strip():
        found.append(Objection("action", "Say in a few words what was done.", "action"))
    if not by.is_person:
        found.append(Objection("person", "Only a signed-in person answers a mark."))
    refuse_if(found)
    mark.acknowledged_at = at
    mark.acknowledged_by_name = by.name
    mark.action_taken = action.strip()[:300]
    mark.recheck_at = at + timedelta(minutes=mark.recheck_minutes)
    mark.save(update_fields=["acknowledged_at", "acknowledged_by_name", "action_taken", "recheck_at"])
    tell(session)
    record(
        "dosing.mark_answered",
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("mark", mark.id),
        details={"flag": mark.flag, "level": mark.level, "action": mark.action_taken},
    )
    return mark


@transaction.atomic
def look_round(session_id: uuid.UUID, *, by: Actor, at: datetime) -> int:
    """The clock's round over one open session; returns how many marks were raised or passed on."""
    session = locked_session(session_id)
    if session.closed_at is not None:
        return 0
    raised = look_again(session, by=by, at=at)
    passed_on = _escalate(session, by=by, at=at)
    if not raised and not passed_on:
        return 0
    tell(session)
    record(
        "dosing.looked_round",
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
        details={"raised": [m.flag for m in raised], "passed_on": [m.flag for m in passed_on]},
    )
    return len(raised) + len(passed_on)


def _escalate(session: Session, *, by: Actor, at: datetime) -> list[Mark]:
    """Tell a second person about every mark nobody answered in time, once."""
    moved = []
    owner = owner_for(session.patient_id, "prescriber", "nurse")
    for mark in _open_marks(session):
        due = must_escalate(_standing(mark), after_seconds=protocol.ESCALATE_AFTER_SECONDS, at=at)
        if mark.escalated_at is not None or not due:
            continue
        raise_alert(
            session.patient_id,
            kind="dosing_mark",
            text=f"{session.room.name}: a mark is not answered. {mark.text}.",
            owner_membership_id=owner,
            cause=("mark", mark.id),
            by=by,
            at=at,
        )
        mark.escalated_at = at
        mark.save(update_fields=["escalated_at"])
        moved.append(mark)
    return moved


def tell_of_late_value(session: Session, *, by: Actor, at: datetime) -> None:
    """A value that arrives after the person has left and crosses a limit goes to the prescriber."""
    since = facts.SHOWN_FOR_MARKS
    until = session.closed_at or at
    urgent = [
        f for f in watching.findings(session, at=until, within=since) if f.threshold.level != Level.LOOK
    ]
    if not urgent:
        return
    raise_alert(
        session.patient_id,
        kind="dosing_late_value",
        text=f"A value from the session arrived after leaving: {urgent[0].text}.",
        owner_membership_id=owner_for(session.patient_id, "prescriber", "nurse"),
        cause=("session", session.id),
        by=by,
        at=at,
    )
