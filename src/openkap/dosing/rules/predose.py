"""What must be known and measured before a dose: the day's questions, the weight, the vitals. Pure.

What is None was not taken or not asked, and that is an objection, never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.dosing.phrases import DosingPhrase
from openkap.dosing.reasons import DosingReason
from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class DecisionToGoOn:
    """A prescriber's decision to go on, bound to the cuff reading that was seen then."""

    reason: str
    by_role: str
    at: datetime
    sbp: Decimal | None = None
    dbp: Decimal | None = None

    @property
    def holds(self) -> bool:
        """Whether it is one: by a prescriber, with a reason."""
        return self.by_role == "prescriber" and bool(self.reason.strip())

    def covers(self, sbp: Decimal, dbp: Decimal) -> bool:
        """Whether it was made about a pressure at least as high as this one."""
        return self.sbp is not None and self.dbp is not None and sbp <= self.sbp and dbp <= self.dbp


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """A question whose answer holds for its day alone, and what the pack says to this answer."""

    name: str
    ask: str
    answer: Answer = Answer.NOT_ASKED
    answered_at: datetime | None = None
    against: str = ""
    blocks: bool = False
    decision: DecisionToGoOn | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight the order counted with, and the weight as last measured."""

    ordered_kg: Decimal
    actual: bool
    days_valid: int
    change_percent: Decimal
    last_kg: Decimal | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """Vitals from before the dose, charted as true, and a prescriber's decision where one was needed."""

    sbp: Decimal | None = None
    dbp: Decimal | None = None
    pressure_at: datetime | None = None
    spo2: Decimal | None = None
    spo2_at: datetime | None = None
    rate_at: datetime | None = None
    moaas: int | None = None
    moaas_at: datetime | None = None
    decision: DecisionToGoOn | None = None
    pressures: tuple[tuple[Decimal, Decimal, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class PressureLines:
    """The pressures before a dose over which a prescriber decides, and from which the pack holds.

    `fresh_minutes`: how old the values from before the dose may be.
    """

    fresh_minutes: int
    decide_over_sbp: Decimal | None = None
    decide_over_dbp: Decimal | None = None
    hold_from_sbp: Decimal | None = None
    hold_from_dbp: Decimal | None = None
    hold_after_minutes: int = 0
    status: Status = Status.DESIGN_DEFAULT
    rule: str = ""


def objections_to_predose_decision(
    about: str,
    *,
    known: frozenset[str],
    reason: str,
    role: str,
    dose_begun: bool,
    reading: tuple[Decimal, Decimal, datetime] | None,
    seen_at: datetime | None,
) -> list[Objection]:
    """A decision is a prescriber's, before the dose, with a reason, about one thing (H10, H11)."""
    objections = []
    if role != "prescriber":
        objections.append(DosingReason.DECISION_BY_PRESCRIBER())
    if about not in known:
        objections.append(DosingReason.DECISION_ABOUT("about"))
    if not reason.strip():
        objections.append(DosingReason.DECISION_WITHOUT_REASON("reason"))
    if dose_begun:
        objections.append(DosingReason.DECISION_LATE())
    if reading is not None and seen_at is not None and reading[2] != seen_at:
        objections.append(DosingReason.PRESSURE_NEWER("reason", sbp=f"{reading[0]:f}", dbp=f"{reading[1]:f}"))
    return objections


def objections_to_day_answers(names: frozenset[str], *, known: frozenset[str]) -> list[Objection]:
    """Only the pack's own questions of the day are answered here, and at least one."""
    if not names:
        return [DosingReason.DAY_EMPTY()]
    return [DosingReason.DAY_UNKNOWN(name=name) for name in sorted(names - known)]


def objections_to_today(questions: tuple[DayQuestion, ...]) -> list[Objection]:
    """What must be asked on the day itself, and an answer that stands against the dose (H11).

    Nobody asked is an objection, never a no. An answer is lifted by asking again, or by a decision about it
    that a prescriber made after it; where law or label allows no decision, by nothing.
    """
    objections = []
    for one in questions:
        if not one.answer.known or one.answered_at is None:
            objections.append(DosingReason.DAY_NOT_ASKED(one.name, ask=one.ask))
        elif one.against:
            decision = one.decision
            decided = decision is not None and decision.holds and decision.at >= one.answered_at
            if one.blocks or not decided:
                reason = DosingReason.DAY_BLOCKS if one.blocks else DosingReason.DAY_AGAINST
                answer = DosingPhrase.YES if one.answer is Answer.YES else DosingPhrase.NO
                objections.append(reason(one.name, ask=one.ask, answer=answer, against=one.against))
    return objections


def objections_to_weight(weighed: Weighed | None, *, at: datetime) -> list[Objection]:
    """A weight that is old, or that has moved away from the one the order counted with (H04)."""
    if weighed is None:
        return []
    if weighed.last_kg is None or weighed.last_at is None:
        return [DosingReason.WEIGHT_MISSING("weight")]
    if at - weighed.last_at > timedelta(days=weighed.days_valid):
        return [DosingReason.WEIGHT_OLD("weight", days=weighed.days_valid)]
    away = abs(weighed.last_kg - weighed.ordered_kg)
    if weighed.actual and away > weighed.ordered_kg * weighed.change_percent / 100:
        return [DosingReason.WEIGHT_CHANGED("weight", ordered_kg=weighed.ordered_kg, last_kg=weighed.last_kg)]
    return []


def objections_to_vitals(before: Before, lines: PressureLines, *, at: datetime) -> list[Objection]:
    """Vitals from shortly before the dose, and a decision where pressure is over the pre-dose line."""
    objections = []
    has_pressure = before.sbp is not None and before.dbp is not None
    taken = (
        ("blood", DosingPhrase.BLOOD_PRESSURE, before.pressure_at if has_pressure else None),
        ("heart", DosingPhrase.HEART_RATE, before.rate_at),
        ("oxygen", DosingPhrase.OXYGEN_SATURATION, before.spo2_at if before.spo2 is not None else None),
        ("alertness", DosingPhrase.ALERTNESS, before.moaas_at if before.moaas is not None else None),
    )
    fresh = timedelta(minutes=lines.fresh_minutes)
    for field, name, when in taken:
        if when is None or when > at or at - when > fresh:
            objections.append(DosingReason.PREDOSE_MISSING(field, name=name, minutes=lines.fresh_minutes))
    return objections + _pressure_decision(before, lines, at=at)


def _pressure_decision(before: Before, lines: PressureLines, *, at: datetime) -> list[Objection]:
    if before.sbp is None or before.dbp is None or not needs_decision(before.sbp, before.dbp, lines=lines):
        return []
    decision = before.decision
    if decision and decision.holds and decision.at <= at and decision.covers(before.sbp, before.dbp):
        return []
    said = {
        "sbp": f"{before.sbp:f}",
        "dbp": f"{before.dbp:f}",
        "over_sbp": lines.decide_over_sbp,
        "over_dbp": lines.decide_over_dbp,
    }
    if holds(before.pressures, lines):
        return [DosingReason.BP_HOLD("decision", minutes=lines.hold_after_minutes, **said)]
    if _is_high(before.sbp, before.dbp, lines=lines):
        return [DosingReason.BP_ELEVATED_REPEAT("decision", minutes=lines.hold_after_minutes, **said)]
    return [DosingReason.BP_ELEVATED_PREDOSE("decision", **said)]


DECIDE_ABOUT_PRESSURE = frozenset(
    {DosingReason.BP_HOLD, DosingReason.BP_ELEVATED_REPEAT, DosingReason.BP_ELEVATED_PREDOSE}
)


def as_listed(against: list[Objection]) -> list[Objection]:
    """The objections as the time-out lists them: what was not asked today is one line."""
    unasked = [one for one in against if one.reason is DosingReason.DAY_NOT_ASKED]
    if len(unasked) < 2:
        return against
    line = DosingReason.DAY_NOT_ASKED_MANY(count=len(unasked))
    return [line, *(one for one in against if one.reason is not DosingReason.DAY_NOT_ASKED)]


def to_decide_about(against: list[Objection]) -> list[str]:
    """What a prescriber may decide about: the pressure, and each question of the day answered yes."""
    pressure = any(one.reason in DECIDE_ABOUT_PRESSURE for one in against)
    day = [one.field for one in against if one.reason is DosingReason.DAY_AGAINST]
    return (["pressure"] if pressure else []) + day


def holds(pressures: tuple[tuple[Decimal, Decimal, datetime], ...], lines: PressureLines) -> bool:
    """Whether the pressure was as high at a repeat, the row's minutes apart, with no lower one between."""
    run: list[datetime] = []
    for sbp, dbp, when in sorted(pressures, key=lambda one: one[2], reverse=True):
        if not _is_high(sbp, dbp, lines=lines):
            break
        run.append(when)
    return len(run) > 1 and run[0] - run[-1] >= timedelta(minutes=lines.hold_after_minutes)


def _is_high(sbp: Decimal, dbp: Decimal, *, lines: PressureLines) -> bool:
    return _from(sbp, lines.hold_from_sbp) or _from(dbp, lines.hold_from_dbp)


def needs_decision(sbp: Decimal, dbp: Decimal, *, lines: PressureLines) -> bool:
    """Whether a pre-dose pressure asks for a prescriber's decision (H10)."""
    over_sbp = lines.decide_over_sbp is not None and sbp > lines.decide_over_sbp
    return over_sbp or (lines.decide_over_dbp is not None and dbp > lines.decide_over_dbp)


def _from(value: Decimal, line: Decimal | None) -> bool:
    return line is not None and value >= line
