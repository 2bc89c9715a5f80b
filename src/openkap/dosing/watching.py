"""What the watch over a session finds at a moment: crossed limits, what the clock asks for. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min
from django.db.models.functions import TruncMinute

from openkap.dosing import checks, facts, infusion, marks, protocol
from openkap.dosing.causes import CHECK_LATE, CONSENT, DOSE_THROUGH, MONITOR_SILENT
from openkap.dosing.models import Pairing, Session, Vital
from openkap.dosing.plausibility import BREATHING, HEART_RATE, SPO2, Standing

EACH_SECOND = (HEART_RATE, SPO2, BREATHING)
PAST_PLANNED_END = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something the clock asks for, in words."""

    cause: str
    flag: str
    text: str
    action: str
    rule: str = ""
    level: marks.Level = marks.Level.LOOK


def true_values(session: Session, *, at: datetime, within: timedelta) -> list[marks.Value]:
    """The values charted as true in the time before `at`.

    Every cuff and every rating; of what a monitor counts each second, the last of each minute.
    """
    rows = Vital.objects.filter(
        session=session, standing=Standing.PLAUSIBLE, measured_at__gt=at - within, measured_at__lte=at
    )
    each = rows.filter(code__in=[code for code in marks.WORDS if code not in EACH_SECOND])
    minutes = rows.filter(code__in=EACH_SECOND).annotate(minute=TruncMinute("measured_at"))
    last = minutes.order_by("code", "minute", "-measured_at", "-id").distinct("code", "minute")
    found = [
        *each.values_list("code", "value", "measured_at"),
        *(row[:3] for row in last.values_list("code", "value", "measured_at", "minute")),
    ]
    return [marks.Value(code, facts.number(value), when) for code, value, when in found]


def findings(
    session: Session, *, at: datetime, within: timedelta = facts.SHOWN_FOR_MARKS
) -> tuple[marks.Finding, ...]:
    """Which limits of the pack are crossed now."""
    dose = facts.dose_of(session)
    return marks.findings(
        true_values(session, at=at, within=within),
        baseline=facts.baseline(session, dose),
        thresholds=facts.protocol_of(session).thresholds,
        at=at,
        started_at=dose.at if dose else None,
    )


def latest_by_cause(session: Session, *, at: datetime) -> dict[str, datetime]:
    """When each cause was last measured."""
    causes = {protocol.CODES[field]: cause for field, cause in protocol.CAUSES.items()}
    newest: dict[str, datetime] = {}
    for value in true_values(session, at=at, within=facts.SHOWN_FOR_MARKS):
        cause = causes[value.code]
        newest[cause] = max(newest.get(cause, value.at), value.at)
    return newest


def _taken(session: Session) -> list[checks.Taken]:
    """When each kind of check was measured: of every minute with a reading, its first and its last."""
    codes = [code for group in facts.CHECKED_BY.values() for code in group]
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE, code__in=codes)
    minutes = rows.annotate(minute=TruncMinute("measured_at")).values("code", "minute").order_by()
    ends = minutes.annotate(first=Min("measured_at"), last=Max("measured_at"))
    return facts.taken((row["code"], row[end]) for row in ends for end in ("first", "last"))


def _checks(session: Session, taken: list[checks.Taken], *, at: datetime) -> tuple[checks.Check, ...]:
    day = facts.day_of(session, facts.dose_of(session))
    return checks.checks_at(day, facts.protocol_of(session).schedule, taken=taken, at=at)


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
    return at - last > timedelta(seconds=protocol.SILENT_MONITOR_SECONDS)


def asked_by_clock(session: Session, *, at: datetime) -> list[Asked]:
    """A late check, a silent monitor, an infusion that should be through, a consent that was withdrawn."""
    found = _consent_withdrawn(session)
    late = not_measured(session, at=at)
    if late:
        words = ", ".join(checks.KINDS[what] for what in late[-1].missing)
        text = f"Not measured in time: {words} ({late[-1].title.lower()})"
        rule = facts.protocol_of(session).schedule.id
        found.append(Asked(CHECK_LATE, "CHECK_OVERDUE", text[:200], "Measure now.", rule))
    pairing = pairing_of(session)
    if pairing is not None and is_silent(pairing, at=at):
        text = f"Nothing is heard from {pairing.monitor.name}"
        action = "Look at the person and at the monitor. Measure by hand until it is heard again."
        found.append(Asked(MONITOR_SILENT, "MONITOR_SILENT", text, action))
    return found + _infusion_through(session, at=at)


def _consent_withdrawn(session: Session) -> list[Asked]:
    if not facts.is_consent_withdrawn(session):
        return []
    text = "The person has withdrawn their consent"
    action = "Stop the dose. Nothing more is given. Stay with the person until they may go home."
    return [Asked(CONSENT, "CONSENT_WITHDRAWN", text, action, level=marks.Level.STOP)]


def _infusion_through(session: Session, *, at: datetime) -> list[Asked]:
    dose = facts.dose_of(session)
    if dose is None or dose.ended_at is not None:
        return []
    state = facts.dose_state(dose, at=at)
    through = facts.dose_state(dose, at=at - PAST_PLANNED_END)
    if state.state is not infusion.State.RUNNING or through.given_mg < dose.ordered_mg:
        return []
    text = "By the clock the infusion is through"
    action = "Look at the pump. When it is through, end the dose here."
    return [Asked(DOSE_THROUGH, "DOSE_THROUGH", text, action)]
