"""Marks: raised by values and by the clock, answered by a person, passed on when nobody does (H07, H08)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import AuditEntry, record_all
from openkap.kernel.statement import Stated
from openkap.watch import facts, watching
from openkap.watch.actions.locking import locked_session, locked_sessions, tell_all
from openkap.watch.causes import BY_CLOCK, settled_by
from openkap.watch.events import MarksRaised
from openkap.watch.levels import Level
from openkap.watch.marks import (
    MarkFinding,
    MarkStanding,
    farther,
    gravest,
    is_worse,
    must_escalate,
    settled,
    to_raise,
)
from openkap.watch.models import Mark, Session
from openkap.watch.statements import ActionStatement, ClosingStatement, WatchAlert


def _standing(mark: Mark) -> MarkStanding:
    extent = {key: Decimal(value) for key, value in mark.extent.items()}
    answered, again = mark.acknowledged_at, mark.recheck_at
    repeat = mark.action.statement is ActionStatement.MEASURE_AGAIN
    return MarkStanding(
        mark.cause, Level(mark.level), mark.at, answered, again, mark.closed_at, extent, repeat
    )


def _kept(extent: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(value) for key, value in extent.items()}


def _open_marks(session: Session) -> list[Mark]:
    """The marks that stand. Whoever writes one holds the session's lock, so theirs is enough."""
    return [mark for mark in facts.marks(session) if mark.closed_at is None]


def _close(mark: Mark, *, at: datetime, because: Stated | None = None) -> None:
    mark.closed_at, mark.closed_because = at, because
    mark.save(update_fields=["closed_at", "closed_because"])


def _raise(session: Session, one: MarkFinding, *, by: Actor, at: datetime) -> Mark:
    rule = one.threshold
    return Mark.objects.create(
        session=session,
        flag=rule.flag,
        cause=rule.cause,
        level=rule.level,
        says=one.says,
        action=rule.action,
        rule=rule.rule,
        status=rule.status,
        confirmed=rule.confirmed,
        source=rule.source[:300],
        extent=_kept(one.extent),
        about=list(one.about),
        settles=settled_by(rule.cause),
        recheck_minutes=rule.recheck_minutes,
        **by.stamp(at),
    )


def reevaluate(session: Session, *, by: Actor, at: datetime, moments: Sequence[datetime] = ()) -> list[Mark]:
    """Hold the values against the pack's limits: raise what is newly crossed, close what has settled.

    `moments`: earlier ones to look at as well, where what was crossed then may have settled since. The caller
    holds the session's lock and writes the record.
    """
    with facts.reading(session, at=at, moments=moments):
        return _reevaluated(session, by=by, at=at, moments=moments)


def _reevaluated(session: Session, *, by: Actor, at: datetime, moments: Sequence[datetime]) -> list[Mark]:
    findings = [*watching.findings(session, at=at), *watching.asked_of_a_person(session, at=at)]
    marks = _open_marks(session)
    newest = watching.latest_by_cause(session, at=at)
    for mark in marks:
        if mark.settles != "value":
            continue
        if settled(_standing(mark), findings=findings, latest=newest.get(mark.cause)):
            _close(mark, at=at)
    then = [one for moment in moments for one in watching.findings(session, at=moment)]
    raised = _raise_new(session, gravest([*findings, *then]), marks=marks, by=by, at=at)
    return raised + _by_clock(session, marks, by=by, at=at)


def close_baseless(session: Session, *, because: Stated, at: datetime) -> None:
    """Close the marks that rest on nothing any more: every entry that raised them proved wrong (H39)."""
    crossed = {one.threshold.cause for one in watching.findings(session, at=at)}
    wrong = facts.proved_wrong(session)
    for mark in _open_marks(session):
        if mark.about and set(mark.about) <= wrong and mark.cause not in crossed:
            _close(mark, at=at, because=because)


def _raise_new(
    session: Session, findings: Iterable[MarkFinding], *, marks: list[Mark], by: Actor, at: datetime
) -> list[Mark]:
    findings = list(findings)
    new = to_raise(findings, [_standing(mark) for mark in marks], worse_by=facts.numbers_of(session).worse_by)
    for mark in marks:
        if mark.closed_at is None:
            _worsen(mark, (one for one in findings if one not in new))
    return [_replace(one, marks, session=session, by=by, at=at) for one in new]


def _replace(one: MarkFinding, marks: list[Mark], *, session: Session, by: Actor, at: datetime) -> Mark:
    """Raise a mark in the place of those of its cause; of one that stood as high it keeps how far it went."""
    extent = dict(one.extent)
    for weaker in (m for m in marks if m.closed_at is None and m.cause == one.threshold.cause):
        if weaker.level == one.threshold.level:
            extent = farther(extent, _standing(weaker).extent)
        _close(weaker, at=at, because=ClosingStatement.REPLACED())
    return _raise(session, replace(one, extent=extent), by=by, at=at)


def _worsen(mark: Mark, findings: Iterable[MarkFinding]) -> None:
    """An unanswered mark says the worst that was seen: one mark, no repeat, nothing hidden (H09)."""
    for one in findings:
        standing = _standing(mark)
        same = one.threshold.cause == mark.cause and one.threshold.level.value == mark.level
        if same and mark.acknowledged_at is None and is_worse(one, standing, worse_by={}):
            mark.says, mark.extent = one.says, _kept(farther(standing.extent, one.extent))
            mark.about = list(dict.fromkeys([*mark.about, *one.about]))
            mark.save(update_fields=["says", "extent", "about"])


def _by_clock(session: Session, marks: list[Mark], *, by: Actor, at: datetime) -> list[Mark]:
    """What the clock asks for: a late check, a silent monitor, an infusion that should be through.

    One that no longer holds closes by itself: the measuring, the hearing and the ending are its answers.
    """
    asked = {one.cause: one for one in watching.asked_by_clock(session, at=at)}
    known = {m.cause: m for m in marks if m.closed_at is None and m.cause in BY_CLOCK}
    for cause, mark in known.items():
        if cause not in asked:
            _close(mark, at=at)
    raised, recheck = [], facts.numbers_of(session).recheck_look_minutes
    for cause, one in asked.items():
        if cause in known:
            continue
        fields = {"says": one.says, "action": one.action, "rule": one.rule, "recheck_minutes": recheck}
        raised.append(
            Mark.objects.create(
                session=session,
                flag=one.flag,
                cause=cause,
                level=one.level,
                settles=settled_by(cause),
                status=one.status,
                confirmed=one.confirmed,
                **fields,
                **by.stamp(at),
            )
        )
    return raised


@transaction.atomic
def sweep(session_id: uuid.UUID, *, by: Actor, at: datetime) -> int:
    """The clock's round over one open session; returns how many marks were raised or passed on."""
    locked_session(session_id)
    return sweep_all([session_id], by=by, at=at)


@transaction.atomic
def sweep_all(session_ids: Collection[uuid.UUID], *, by: Actor, at: datetime) -> int:
    """The clock's round over several open sessions, read together."""
    sessions = [one for one in locked_sessions(session_ids).values() if one.closed_at is None]
    facts.read_protocols(sessions)
    with facts.reading_all(sessions, at=at, moments={}):
        raised = {one.id: reevaluate(one, by=by, at=at) for one in sessions}
    with facts.reading_all(sessions, at=at, moments={}):  # anew: what was raised is among them
        passed_on = {one.id: _escalate(one, by=by, at=at) for one in sessions}
    moved = [one for one in sessions if raised[one.id] or passed_on[one.id]]
    if moved:
        tell_all(moved)
        record_all([_entry(one, raised[one.id], passed_on=passed_on[one.id], by=by, at=at) for one in moved])
    return sum(len(raised[one.id]) + len(passed_on[one.id]) for one in moved)


def _entry(
    session: Session, raised: Sequence[Mark], *, passed_on: Sequence[Mark], by: Actor, at: datetime
) -> AuditEntry:
    """What the record says of the clock's round over a session."""
    event = MarksRaised(
        raised=tuple(mark.flag for mark in raised), passed_on=tuple(mark.flag for mark in passed_on)
    )
    return AuditEntry(event, by, at, session.patient_id, ("session", session.id))


def _escalate(session: Session, *, by: Actor, at: datetime) -> list[Mark]:
    """Tell a second person about every mark nobody answered in time, and every recheck that was forgotten.

    Once for each: an answer begins a new wait, and a recheck that is forgotten after it is told anew.
    """
    patience = facts.numbers_of(session).escalate_seconds
    due = [
        mark
        for mark in _open_marks(session)
        if mark.escalated_at is None and must_escalate(_standing(mark), after_seconds=patience, at=at)
    ]
    owner = owner_for(session.patient_id, "prescriber", "nurse") if due else None
    for mark in due:
        raise_alert(
            session.patient_id,
            kind="dosing_mark",
            says=_undone(mark)(room=session.room.name, mark=mark.says),
            owner_membership_id=owner,
            cause=_cause(mark),
            by=by,
            at=at,
        )
        mark.escalated_at = at
        mark.save(update_fields=["escalated_at"])
    return due


def _undone(mark: Mark) -> WatchAlert:
    return WatchAlert.MARK_NOT_ANSWERED if mark.acknowledged_at is None else WatchAlert.RECHECK_NOT_MADE


def _cause(mark: Mark) -> tuple[str, uuid.UUID]:
    """What the alert is about: the mark, or this one of its promised rechecks."""
    if mark.recheck_at is None:
        return ("mark", mark.id)
    return ("recheck", uuid.uuid5(mark.id, mark.recheck_at.isoformat()))


def report_late_value(session: Session, *, by: Actor, at: datetime) -> None:
    """A value that arrives after the person has left and crosses a limit goes to the prescriber."""
    until = session.closed_at or at
    urgent = [f for f in watching.findings(session, at=until) if f.threshold.level != Level.LOOK]
    if not urgent:
        return
    raise_alert(
        session.patient_id,
        kind="dosing_late_value",
        says=WatchAlert.LATE_VALUE(value=urgent[0].says),
        owner_membership_id=owner_for(session.patient_id, "prescriber", "nurse"),
        cause=("session", session.id),
        by=by,
        at=at,
    )
