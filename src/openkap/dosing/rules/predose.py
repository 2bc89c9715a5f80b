"""What must be known and measured before a dose: the day's questions, the weight, the vitals. Pure.

What is None was not taken or not asked, and that is an objection, never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, unlisted

BEFORE_DOSE_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Decision:
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
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight the order counted with, and the weight as last measured."""

    ordered_kg: Decimal
    actual: bool
    last_kg: Decimal | None = None
    last_at: datetime | None = None
    days_valid: int = 7
    change_percent: Decimal = Decimal(10)


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
    decision: Decision | None = None
    pressures: tuple[tuple[Decimal, Decimal, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class PressureLines:
    """The pressures before a dose over which a prescriber decides, and from which the pack holds."""

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
    found = []
    if role != "prescriber":
        found.append(unlisted("DECISION_BY_PRESCRIBER", "Only a prescriber decides this."))
    if about not in known:
        found.append(unlisted("DECISION_ABOUT", "Say what the decision is about.", "about"))
    if not reason.strip():
        found.append(unlisted("reason", "Give the reason.", "reason"))
    if dose_begun:
        found.append(unlisted("late", "The dose has begun; there is nothing left to decide before it."))
    if reading is not None and seen_at is not None and reading[2] != seen_at:
        text = f"Another pressure has come since: {reading[0]:f}/{reading[1]:f}. Decide about that one."
        found.append(unlisted("newer", text, "reason"))
    return found


def objections_to_day_answers(names: frozenset[str], *, known: frozenset[str]) -> list[Objection]:
    """Only the pack's own questions of the day are answered here, and at least one."""
    if not names:
        return [unlisted("DAY_EMPTY", "Answer at least one question.")]
    return [unlisted("DAY_UNKNOWN", f"Nobody asks for “{name}” here.") for name in sorted(names - known)]


def objections_to_today(questions: tuple[DayQuestion, ...]) -> list[Objection]:
    """What must be asked on the day itself, and an answer that stands against the dose (H11).

    Nobody asked is an objection, never a no. An answer is lifted by asking again, or by a decision about it
    that a prescriber made after it; where law or label allows no decision, by nothing.
    """
    found = []
    for one in questions:
        if not one.answer.known or one.answered_at is None:
            found.append(unlisted("DAY_NOT_ASKED", f"Ask today: {one.ask}", one.name))
        elif one.against:
            decision = one.decision
            decided = decision is not None and decision.holds and decision.at >= one.answered_at
            if one.blocks or not decided:
                more = "" if one.blocks else " A prescriber may decide to go on, with a reason."
                code = "DAY_BLOCKS" if one.blocks else "DAY_AGAINST"
                said = "Yes" if one.answer is Answer.YES else "No"
                found.append(unlisted(code, f"{one.ask} {said}. {one.against}{more}", one.name))
    return found


def objections_to_weight(weighed: Weighed | None, *, at: datetime) -> list[Objection]:
    """A weight that is old, or that has moved away from the one the order counted with (H04)."""
    if weighed is None:
        return []
    if weighed.last_kg is None or weighed.last_at is None:
        return [unlisted("WEIGHT_MISSING", "No weight is charted. Weigh the person.", "weight")]
    if at - weighed.last_at > timedelta(days=weighed.days_valid):
        text = f"The last weight is more than {weighed.days_valid} days old. Weigh again."
        return [unlisted("WEIGHT_OLD", text, "weight")]
    away = abs(weighed.last_kg - weighed.ordered_kg)
    if weighed.actual and away > weighed.ordered_kg * weighed.change_percent / 100:
        text = (
            f"The order counted with {plain(weighed.ordered_kg)} kg; the last weight is "
            f"{plain(weighed.last_kg)} kg. Weigh again, or order anew."
        )
        return [unlisted("WEIGHT_CHANGED", text, "weight")]
    return []


def objections_to_vitals(before: Before, lines: PressureLines, *, at: datetime) -> list[Objection]:
    """Vitals within 15 minutes before the dose, and a decision where pressure is over the pre-dose line."""
    objections = []
    taken = (
        ("blood pressure", before.pressure_at if before.sbp is not None and before.dbp is not None else None),
        ("heart rate", before.rate_at),
        ("oxygen saturation", before.spo2_at if before.spo2 is not None else None),
        ("alertness (MOAA/S)", before.moaas_at if before.moaas is not None else None),
    )
    for name, when in taken:
        if when is None or when > at or at - when > BEFORE_DOSE_WITHIN:
            text = f"No {name} is charted from the last 15 minutes."
            objections.append(unlisted("PREDOSE_MISSING", text, name.split(" ")[0]))
    return objections + _pressure_decision(before, lines, at)


def _pressure_decision(before: Before, lines: PressureLines, at: datetime) -> list[Objection]:
    if before.sbp is None or before.dbp is None or not needs_decision(before.sbp, before.dbp, lines=lines):
        return []
    decision = before.decision
    if decision and decision.holds and decision.at <= at and decision.covers(before.sbp, before.dbp):
        return []
    hold = holds(before.pressures, lines)
    high = _is_high(before.sbp, before.dbp, lines)
    advice = "Repeat, or ask the prescriber."
    if hold:
        advice = (
            f"It was as high {lines.hold_after_minutes} min before; the pack advises to hold the session."
        )
    elif high:
        advice = (
            f"Measure again after {lines.hold_after_minutes} min; as high then, the pack advises to hold."
        )
    text = (
        f"Blood pressure {before.sbp:f}/{before.dbp:f} is over "
        f"{lines.decide_over_sbp}/{lines.decide_over_dbp}. "
        f"{advice} A prescriber may decide to go on, with a reason."
    )
    return [unlisted("BP_HOLD" if hold else "BP_ELEVATED_PREDOSE", text, "decision")]


def holds(pressures: tuple[tuple[Decimal, Decimal, datetime], ...], lines: PressureLines) -> bool:
    """Whether the pressure was as high at a repeat, the row's minutes apart, with no lower one between."""
    run: list[datetime] = []
    for sbp, dbp, when in sorted(pressures, key=lambda one: one[2], reverse=True):
        if not _is_high(sbp, dbp, lines):
            break
        run.append(when)
    return len(run) > 1 and run[0] - run[-1] >= timedelta(minutes=lines.hold_after_minutes)


def _is_high(sbp: Decimal, dbp: Decimal, lines: PressureLines) -> bool:
    return _from(sbp, lines.hold_from_sbp) or _from(dbp, lines.hold_from_dbp)


def needs_decision(sbp: Decimal, dbp: Decimal, *, lines: PressureLines) -> bool:
    """Whether a pre-dose pressure asks for a prescriber's decision (H10)."""
    over_sbp = lines.decide_over_sbp is not None and sbp > lines.decide_over_sbp
    return over_sbp or (lines.decide_over_dbp is not None and dbp > lines.decide_over_dbp)


def _from(value: Decimal, line: Decimal | None) -> bool:
    return line is not None and value >= line
