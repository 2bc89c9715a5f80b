"""What the watch over a session finds at a moment: crossed limits, what the clock asks for. Only reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncMinute

from openkap.kernel.evidence import Status
from openkap.kernel.statement import Stated
from openkap.watch import checks, facts, marks, protocol
from openkap.watch.causes import (
    CHECK_LATE,
    CONSENT,
    DOSE_THROUGH,
    MONITOR_SILENT,
    SIGNAL_SILENT,
    SYMPTOM,
)
from openkap.watch.levels import Level
from openkap.watch.models import Pairing, Session, Vital
from openkap.watch.plausibility import BREATHING, HEART_RATE, SPO2
from openkap.watch.readings import word_of
from openkap.watch.statements import ActionStatement, MarkStatement

EACH_SECOND = (HEART_RATE, SPO2, BREATHING)
OTHER_PULSES = tuple(code for code in facts.RATES if code != HEART_RATE)


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


def values_of(rows: QuerySet[Vital]) -> list[marks.MarkValue]:
    """Every cuff and every rating; of what a monitor counts each second, the last of each minute.

    Whichever sensor counts it, a pulse is a pulse: where the ECG gives none in a minute, the oximeter's does.
    """
    each = rows.filter(code__in=[code for code in marks.WORDS if code not in EACH_SECOND])
    minutes = rows.filter(code__in=(*EACH_SECOND, *facts.RATES)).annotate(minute=TruncMinute("measured_at"))
    last = minutes.order_by("code", "minute", "-measured_at", "-id").distinct("code", "minute")
    columns = ("code", "value", "measured_at", "id")
    counted = list(last.values_list(*columns, "minute"))
    by_lead = {minute for code, *_, minute in counted if code == HEART_RATE}
    pulses = [(HEART_RATE, *one[1:4]) for one in counted if one[0] in OTHER_PULSES and one[4] not in by_lead]
    found = [*each.values_list(*columns), *(one[:4] for one in counted if one[0] in EACH_SECOND), *pulses]
    return [marks.MarkValue(code, facts.number(value), when, str(key)) for code, value, when, key in found]


def true_values(session: Session, *, at: datetime) -> list[marks.MarkValue]:
    """The values charted as true in the time before `at`."""
    since = at - facts.numbers_of(session).look_back
    return values_of(facts.charted(session).filter(measured_at__gt=since, measured_at__lte=at))


def findings(session: Session, *, at: datetime) -> tuple[marks.MarkFinding, ...]:
    """Which limits of the pack are crossed now. What is not confirmed acts like what is true (H11)."""
    grave = values_of(facts.unconfirmed(session, at=at))
    return marks.findings(
        [*true_values(session, at=at), *grave],
        baseline=facts.baseline(session),
        thresholds=facts.protocol_of(session).thresholds,
        at=at,
        started_at=session.dose_began_at,
        symptoms=symptoms_now(session),
    )


def symptoms_now(session: Session) -> frozenset[str]:
    """The complaints the pack speaks of that are there now: noted, and not yet said to have passed."""
    passed = {
        key
        for about in session.marks.filter(cause__startswith=SYMPTOM, closed_at__isnull=False).values_list(
            "about", flat=True
        )
        for key in about
    }
    there = [row for row in facts.adverse_events(session) if str(row.id) not in passed]
    return frozenset(name for row in there for name in facts.symptoms_in(session, row))


def asked_of_a_person(session: Session, *, at: datetime) -> list[marks.MarkFinding]:
    """What only a person can settle: a grave value that is not confirmed, a complaint a row names."""
    return [*_look_now(session, at=at), *_complaints(session)]


def _look_now(session: Session, *, at: datetime) -> list[marks.MarkFinding]:
    rows = list(facts.unconfirmed(session, at=at).order_by("-measured_at", "-id"))
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
    known = {key for about in session.marks.values_list("about", flat=True) for key in about}
    acting, found = facts.protocol_of(session).acting_symptoms, []
    for row in facts.adverse_events(session):
        for name in facts.symptoms_in(session, row):
            rule = acting.get(name)
            if rule is None or str(row.id) in known:
                continue
            value = marks.MarkValue("", Decimal(row.grade), row.noticed_at, str(row.id))
            rule = replace(rule, cause=f"{SYMPTOM} {name}"[:40])
            says = MarkStatement.COMPLAINT(term=row.term, grade=row.grade)
            found.append(marks.MarkFinding(rule, value, says, about=(str(row.id),)))
    return found


def latest_by_cause(session: Session, *, at: datetime) -> dict[str, datetime]:
    """When each cause was last measured."""
    causes = {protocol.CODES[field]: cause for field, cause in protocol.CAUSES.items()}
    newest: dict[str, datetime] = {}
    for value in true_values(session, at=at):
        cause = causes[value.code]
        newest[cause] = max(newest.get(cause, value.at), value.at)
    return newest


def _taken(session: Session) -> list[checks.TakenCheck]:
    """When each kind of check was measured: of every minute with a reading, its first and its last."""
    codes = [code for group in facts.CHECKED_BY.values() for code in group]
    rows = facts.charted(session).filter(code__in=codes)
    minutes = rows.annotate(minute=TruncMinute("measured_at")).values("code", "minute").order_by()
    ends = minutes.annotate(first=Min("measured_at"), last=Max("measured_at"))
    return facts.taken((row["code"], row[end]) for row in ends for end in ("first", "last"))


def _checks(session: Session, taken: list[checks.TakenCheck], *, at: datetime) -> tuple[checks.Check, ...]:
    return checks.checks_at(facts.day_of(session), facts.protocol_of(session).schedule, taken=taken, at=at)


def checks_now(session: Session, *, at: datetime) -> tuple[checks.Check, ...]:
    """The timed checks as they stand."""
    return _checks(session, _taken(session), at=at)


def not_measured(session: Session, *, at: datetime) -> tuple[checks.Check, ...]:
    """The checks that are late or went by, and whose values nobody has measured since (H07)."""
    taken = [one for one in _taken(session) if one.at <= at]
    last: dict[str, datetime] = {}
    for one in taken:
        last[one.what] = max(last.get(one.what, one.at), one.at)
    return checks.unmeasured(_checks(session, taken, at=at), last_taken=last)


def pairing_of(session: Session) -> Pairing | None:
    """The monitor that is paired with the session now."""
    return session.pairings.filter(ended_at__isnull=True).select_related("monitor").first()


def is_silent(pairing: Pairing, *, at: datetime) -> bool:
    """Whether a paired monitor has not been heard for too long."""
    last = pairing.last_heard_at or pairing.at
    return at - last > facts.numbers_of(pairing.session).silence


def asked_by_clock(session: Session, *, at: datetime) -> list[AskedByClock]:
    """A late check, a silent monitor, an infusion that should be through, a consent that was withdrawn."""
    asked_for = _consent_withdrawn(session)
    late = not_measured(session, at=at)
    if late:
        missing = [checks.KINDS[what] for what in late[-1].missing]
        says = MarkStatement.NOT_MEASURED(what=missing, check=late[-1].title)
        row = facts.protocol_of(session).schedule
        asked = AskedByClock(CHECK_LATE, "CHECK_OVERDUE", says, ActionStatement.MEASURE_NOW(), row.id)
        asked_for.append(replace(asked, status=row.status, confirmed=row.confirmed))
    pairing = pairing_of(session)
    if pairing is not None and is_silent(pairing, at=at):
        says = MarkStatement.MONITOR_NOT_HEARD(monitor=pairing.monitor.name)
        asked_for.append(
            AskedByClock(MONITOR_SILENT, "MONITOR_SILENT", says, ActionStatement.LOOK_AT_MONITOR())
        )
    elif pairing is not None:
        asked_for += _signals_silent(session, pairing, at=at)
    return asked_for + _infusion_through(session, at=at)


def _signals_silent(session: Session, pairing: Pairing, *, at: datetime) -> list[AskedByClock]:
    """One signal that is not heard any more, while the monitor is: silence of a part is silence (H31)."""
    rows = facts.charted(session).filter(
        monitor=pairing.monitor, code__in=EACH_SECOND, measured_at__gte=pairing.at, measured_at__lte=at
    )
    last = rows.values("code").annotate(last=Max("measured_at")).order_by("code")
    patience = facts.numbers_of(session).silence
    silent = [word_of(row["code"]) for row in last if at - row["last"] > patience]
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
