"""What the watch over a session finds at a moment: crossed limits, what the clock asks for. Only reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from openkap.kernel.evidence import Status
from openkap.kernel.statement import Stated
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch import checks, facts, marks, protocol
from openkap.watch.causes import (
    CHECK_LATE,
    CONSENT,
    DOSE_THROUGH,
    MONITOR_SILENT,
    SIGNAL_SILENT,
    SYMPTOM,
)
from openkap.watch.facts.reading import Looked, loaded
from openkap.watch.levels import Level
from openkap.watch.models import Pairing, Session, Vital
from openkap.watch.readings import word_of
from openkap.watch.statements import ActionStatement, MarkStatement
from openkap.watch.thinning import EACH_SECOND, may_be_crossed, thinned


@dataclass(frozen=True, slots=True)
class AskedByClock:
    """Something the clock asks for, and what it says."""

    cause: str
    flag: str
    says: Stated
    action: Stated
    rule: str = ""
    level: Level = Level.LOOK
    status: Status = Status.DESIGN_DEFAULT
    confirmed: bool = False


def findings(session: Session, *, at: datetime) -> tuple[marks.MarkFinding, ...]:
    """Which limits of the pack are crossed now. What is not confirmed acts like what is true (H11)."""
    grave = [
        marks.MarkValue(row.code, facts.number(row.value), row.measured_at, str(row.id))
        for row in facts.unconfirmed(session, at=at)
    ]
    acting, limits = thinned(grave), facts.protocol_of(session).thresholds
    baseline = facts.baseline(session)
    if not may_be_crossed(
        [*facts.latest_values(session, at=at), *acting], baseline=baseline, thresholds=limits
    ):
        return ()
    return marks.findings(
        [*facts.true_values(session, at=at), *acting],
        baseline=baseline,
        thresholds=limits,
        at=at,
        started_at=session.dose_began_at,
        symptoms=symptoms_now(session),
    )


def symptoms_now(session: Session) -> frozenset[str]:
    """The complaints the pack speaks of that are there now: noted, and not yet said to have passed."""
    closed = (it for it in facts.marks(session) if it.cause.startswith(SYMPTOM) and it.closed_at is not None)
    passed = {key for mark in closed for key in mark.about}
    there = [row for row in facts.adverse_events(session) if str(row.id) not in passed]
    return frozenset(name for row in there for name in facts.symptoms_in(session, row))


def asked_of_a_person(session: Session, *, at: datetime) -> list[marks.MarkFinding]:
    """What only a person can settle: a grave value that is not confirmed, a complaint a row names."""
    return [*_look_now(session, at=at), *_complaints(session)]


def _look_now(session: Session, *, at: datetime) -> list[marks.MarkFinding]:
    rows = facts.unconfirmed(session, at=at)
    newest: dict[str, Vital] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    if not newest:
        return []
    values = [
        MarkStatement.VALUE(what=word_of(code), value=row.value, unit="")
        for code, row in sorted(newest.items())
    ]
    first = rows[0]
    value = marks.MarkValue(first.code, facts.number(first.value), first.measured_at, str(first.id))
    extent = {f"{code} seen": Decimal(0) for code in newest}
    about = tuple(str(row.id) for row in rows)
    says = MarkStatement.NOT_CONFIRMED(values=values)
    return [marks.MarkFinding(facts.protocol_of(session).look_now, value, says, extent, about)]


def _complaints(session: Session) -> list[marks.MarkFinding]:
    """A complaint that acts whatever the pressure, once for each time it is noted."""
    known = {key for mark in facts.marks(session) for key in mark.about}
    acting, complaints = facts.protocol_of(session).acting_symptoms, []
    for row in facts.adverse_events(session):
        for name in facts.symptoms_in(session, row):
            rule = acting.get(name)
            if rule is None or str(row.id) in known:
                continue
            value = marks.MarkValue("", Decimal(row.grade), row.noticed_at, str(row.id))
            rule = replace(rule, cause=f"{SYMPTOM} {name}"[:40])
            says = MarkStatement.COMPLAINT(term=row.term, grade=row.grade)
            complaints.append(marks.MarkFinding(rule, value, says, about=(str(row.id),)))
    return complaints


def latest_by_cause(session: Session, *, at: datetime) -> dict[str, datetime]:
    """When each cause was last measured."""
    causes = {protocol.CODES[field]: cause for field, cause in protocol.CAUSES.items()}
    newest: dict[str, datetime] = {}
    for value in facts.latest_values(session, at=at):
        cause = causes[value.code]
        newest[cause] = max(newest.get(cause, value.at), value.at)
    return newest


def _taken(session: Session, *, at: datetime) -> list[checks.TakenCheck]:
    """When each kind of check was measured last."""
    return facts.taken((it.code, it.measured_at) for it in facts.last_values(session, at=at).values())


def _checks(session: Session, taken: list[checks.TakenCheck], *, at: datetime) -> tuple[checks.Check, ...]:
    return checks.checks_at(facts.day_of(session), facts.protocol_of(session).schedule, taken=taken, at=at)


def open_checks(session: Session, *, at: datetime) -> list[checks.Check]:
    """The timed checks that are still to be taken: what was measured last says which those are."""
    return [one for one in _checks(session, _taken(session, at=at), at=at) if one.state in checks.OPEN]


def not_measured(session: Session, *, at: datetime) -> tuple[checks.Check, ...]:
    """The checks that are late or went by, and whose values nobody has measured since (H07)."""
    taken = _taken(session, at=at)
    last: dict[str, datetime] = {}
    for one in taken:
        last[one.what] = max(last.get(one.what, one.at), one.at)
    return checks.unmeasured(_checks(session, taken, at=at), last_taken=last)


def pairing_of(session: Session) -> Pairing | None:
    """The monitor that is paired with the session now."""
    return loaded(session, "pairing", ask=_pairings)


@keyed_query
def pairings_in(*sessions: uuid.UUID) -> QuerySet[Pairing]:
    """The monitors that are paired with these sessions now."""
    rows = Pairing.objects.filter(session_id__in=sessions, ended_at__isnull=True)
    return rows.select_related("monitor")


def _pairings(looked: Looked) -> dict[uuid.UUID, Pairing]:
    return {row.session_id: row for row in pairings_in(*looked.keys)}


def is_silent(session: Session, pairing: Pairing, *, at: datetime) -> bool:
    """Whether a paired monitor has not been heard for too long."""
    last = pairing.last_heard_at or pairing.at
    return at - last > facts.numbers_of(session).silence


def asked_by_clock(session: Session, *, at: datetime) -> list[AskedByClock]:
    """A late check, a silent monitor, an infusion that should be through, a consent that was withdrawn."""
    asked_for = _consent_withdrawn(session)
    late = not_measured(session, at=at)
    if late:
        missing = [checks.KINDS[what] for what in late[-1].missing]
        says = MarkStatement.NOT_MEASURED(what=missing, check=late[-1].title)
        schedule = facts.protocol_of(session).schedule
        asked = AskedByClock(CHECK_LATE, "CHECK_OVERDUE", says, ActionStatement.MEASURE_NOW(), schedule.id)
        asked_for.append(replace(asked, status=schedule.status, confirmed=schedule.confirmed))
    pairing = pairing_of(session)
    if pairing is not None and is_silent(session, pairing, at=at):
        says = MarkStatement.MONITOR_NOT_HEARD(monitor=pairing.monitor.name)
        asked_for.append(
            AskedByClock(MONITOR_SILENT, "MONITOR_SILENT", says, ActionStatement.LOOK_AT_MONITOR())
        )
    elif pairing is not None:
        asked_for += _signals_silent(session, pairing, at=at)
    return asked_for + _infusion_through(session, at=at)


def _signals_silent(session: Session, pairing: Pairing, *, at: datetime) -> list[AskedByClock]:
    """One signal that is not heard any more, while the monitor is: silence of a part is silence (H31)."""
    heard = facts.last_values(session, at=at, source="monitor")
    last = {code: heard[code].measured_at for code in sorted(EACH_SECOND) if code in heard}
    patience = facts.numbers_of(session).silence
    silent = [word_of(code) for code, when in last.items() if when >= pairing.at and at - when > patience]
    if not silent:
        return []
    says = MarkStatement.SIGNALS_NOT_HEARD(signals=silent)
    return [AskedByClock(SIGNAL_SILENT, "SIGNAL_SILENT", says, ActionStatement.LOOK_AT_SENSOR())]


def _consent_withdrawn(session: Session) -> list[AskedByClock]:
    if not facts.is_consent_withdrawn(session):
        return []
    says, action = MarkStatement.CONSENT_WITHDRAWN(), ActionStatement.STOP_CONSENT_WITHDRAWN()
    return [AskedByClock(CONSENT, "CONSENT_WITHDRAWN", says, action, level=Level.STOP)]


def _infusion_through(session: Session, *, at: datetime) -> list[AskedByClock]:
    patience = timedelta(minutes=facts.numbers_of(session).past_planned_end_minutes)
    if session.dose_due_at is None or at < session.dose_due_at + patience:
        return []
    says = MarkStatement.DOSE_THROUGH()
    return [AskedByClock(DOSE_THROUGH, "DOSE_THROUGH", says, ActionStatement.LOOK_AT_PUMP())]
