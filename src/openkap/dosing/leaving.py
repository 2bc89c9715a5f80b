"""May the person leave? Every reason against, at once. Missing data is a reason.

Held against H14 (leaving too early) and H15 (driving). Time counts from the server's UTC, never from a
screen. The rule in prose: docs/algorithms/leaving.md. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection, unlisted


class Reason(StrEnum):
    """Why a session does not close, or a person does not go home yet."""

    BP_NOT_SETTLED = "BP_NOT_SETTLED"
    BP_LOW = "BP_LOW"
    DOSE_RUNNING = "DOSE_RUNNING"
    NO_DOSE = "NO_DOSE"
    WHY_MISSING = "WHY_MISSING"
    CLOSE_BY_PRESCRIBER = "CLOSE_BY_PRESCRIBER"
    BY_THE_BEDSIDE = "BY_THE_BEDSIDE"
    TOLD_MISSING = "TOLD_MISSING"


@dataclass(frozen=True, slots=True)
class LeavingRule:
    """A leaving row of the protocol pack, as numbers."""

    id: str
    observe_minutes: int
    counts_from: str = "end"
    pressure_within_percent: int = 20
    moaas_needed: int = 5
    spo2_from: Decimal | None = None
    low_sbp_under: Decimal | None = None
    low_percent: Decimal | None = None
    fresh_minutes: int = 15
    status: Status = Status.DESIGN_DEFAULT
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pressure:
    """One cuff reading charted as true."""

    sbp: Decimal
    dbp: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Departing:
    """What is known about a person who wants to leave. What is None was not taken or not asked."""

    started_at: datetime | None
    ended_at: datetime | None
    baseline: Pressure | None = None
    pressure: Pressure | None = None
    moaas: int | None = None
    moaas_at: datetime | None = None
    spo2: Decimal | None = None
    spo2_at: datetime | None = None
    gait_steady: Answer = Answer.NOT_ASKED
    oriented: Answer = Answer.NOT_ASKED
    escort_seen: Answer = Answer.NOT_ASKED
    no_drive_signed_at: datetime | None = None
    marks_open: int = 0


def earliest(person: Departing, rule: LeavingRule | None) -> datetime | None:
    """The earliest moment the observation time is over; None while it is not known."""
    anchor = _anchor(person, rule)
    return anchor + timedelta(minutes=rule.observe_minutes) if rule and anchor else None


def objections_to_leaving(person: Departing, rule: LeavingRule | None, *, at: datetime) -> list[Objection]:
    """All reasons against leaving at `at`. An empty list is the only permission."""
    if rule is None:
        return [unlisted("NO_LEAVING_RULE", "The protocol pack has no leaving rule for this product.")]
    objections = [*_time(person, rule, at), *_pressure(person, rule, at), *_alertness(person, rule, at)]
    objections += [*_saturation(person, rule, at), *_answers(person)]
    if person.marks_open:
        text = (
            f"{person.marks_open} marks are not yet answered."
            if person.marks_open > 1
            else "A mark is not yet answered."
        )
        objections.append(unlisted("MARKS_OPEN", text))
    return objections


def _anchor(person: Departing, rule: LeavingRule | None) -> datetime | None:
    if rule is None or person.ended_at is None:
        return None
    return person.started_at if rule.counts_from == "start" else person.ended_at


def _time(person: Departing, rule: LeavingRule, at: datetime) -> list[Objection]:
    if person.started_at is None:
        return [unlisted("NO_DOSE", "No dose was given in this session.")]
    if person.ended_at is None:
        return [unlisted("DOSE_RUNNING", "The dose has not ended.")]
    ready = earliest(person, rule)
    if ready is None or at < ready:
        left = int(((ready or at) - at).total_seconds() // 60) + 1
        since = "start" if rule.counts_from == "start" else "end"
        text = (
            f"Observation is {rule.observe_minutes} min after the {since} of the dose; {left} min are left."
        )
        return [unlisted("OBS_TIME_SHORT", text)]
    return []


def _pressure(person: Departing, rule: LeavingRule, at: datetime) -> list[Objection]:
    now, base = person.pressure, person.baseline
    if base is None:
        return [
            unlisted("BASELINE_MISSING", "No blood pressure from before the dose is charted to compare with.")
        ]
    if now is None or not _fresh(now.at, person, rule, at):
        return [unlisted("PRESSURE_MISSING", f"Take a blood pressure in the last {rule.fresh_minutes} min.")]
    low = _low(now, base, rule)
    if low:
        return [unlisted(Reason.BP_LOW, low)]
    share = 1 + Decimal(rule.pressure_within_percent) / 100
    if now.sbp <= base.sbp * share and now.dbp <= base.dbp * share:
        return []
    text = (
        f"Blood pressure {now.sbp:f}/{now.dbp:f} is more than {rule.pressure_within_percent} % "
        f"over {base.sbp:f}/{base.dbp:f} before the dose."
    )
    return [unlisted(Reason.BP_NOT_SETTLED, text)]


def _low(now: Pressure, base: Pressure, rule: LeavingRule) -> str:
    """A pressure that fell is settled, unless the pack's row for a low one says otherwise."""
    if rule.low_sbp_under is not None and now.sbp < rule.low_sbp_under:
        return f"Systolic pressure {now.sbp:f} is under {rule.low_sbp_under:f}."
    if rule.low_percent is not None and (base.sbp - now.sbp) * 100 >= base.sbp * rule.low_percent:
        return f"Systolic pressure {now.sbp:f} is {rule.low_percent:f} % or more under {base.sbp:f} before."
    return ""


def _alertness(person: Departing, rule: LeavingRule, at: datetime) -> list[Objection]:
    if person.moaas is None or person.moaas_at is None or not _fresh(person.moaas_at, person, rule, at):
        return [unlisted("MOAAS_MISSING", f"Rate alertness (MOAA/S) in the last {rule.fresh_minutes} min.")]
    if person.moaas < rule.moaas_needed:
        return [unlisted("NOT_ALERT", f"Alertness is {person.moaas}; leaving needs {rule.moaas_needed}.")]
    return []


def _saturation(person: Departing, rule: LeavingRule, at: datetime) -> list[Objection]:
    """Nobody goes home on a saturation that was last seen while the drug ran, or that is low (H12)."""
    if person.spo2 is None or person.spo2_at is None or not _fresh(person.spo2_at, person, rule, at):
        return [unlisted("SPO2_MISSING", f"Take the saturation in the last {rule.fresh_minutes} min.")]
    if rule.spo2_from is not None and person.spo2 < rule.spo2_from:
        text = f"Saturation is {person.spo2:f} %; it asks for a look under {rule.spo2_from:f} %."
        return [unlisted("SPO2_LOW", text)]
    return []


def _fresh(taken_at: datetime, person: Departing, rule: LeavingRule, at: datetime) -> bool:
    """Taken after the dose ended, within the last minutes, and not in the future."""
    after_end = person.ended_at is not None and taken_at >= person.ended_at
    return after_end and taken_at <= at and at - taken_at <= timedelta(minutes=rule.fresh_minutes)


def _answers(person: Departing) -> list[Objection]:
    asked = (
        ("gait_steady", person.gait_steady, "Walking is not steady.", "Say whether walking is steady."),
        ("oriented", person.oriented, "The person is not oriented.", "Say whether the person is oriented."),
        (
            "escort_seen",
            person.escort_seen,
            "The escort is not here.",
            "Say whether the escort is here, seen by you.",
        ),
    )
    objections = []
    for field, answer, against, missing in asked:
        if answer is not Answer.YES:
            text = against if answer is Answer.NO else missing
            objections.append(unlisted(f"{field.upper()}_NOT_YES", text, field))
    signed = person.no_drive_signed_at
    if signed is None or person.started_at is None or signed > person.started_at:
        text = "The promise not to drive until the next day was not signed before the dose."
        objections.append(unlisted("NO_DRIVE_NOT_SIGNED", text))
    return objections


def objections_to_closing(*, dose_given: bool, dose_ended: bool, why: str, role: str) -> list[Objection]:
    """A session that does not end by leaving: no dose, or a prescriber says where the person went."""
    objections = []
    if not why.strip():
        objections.append(unlisted(Reason.WHY_MISSING, "Say why the session is closed.", "why"))
    if dose_given and not dose_ended:
        objections.append(unlisted(Reason.DOSE_RUNNING, "The dose has not ended."))
    if dose_given and role != "prescriber":
        text = "A dose was given. Leaving closes the session; only a prescriber closes it otherwise."
        objections.append(unlisted(Reason.CLOSE_BY_PRESCRIBER, text))
    return objections


def objections_to_going_against_advice(
    *, dose_given: bool, dose_ended: bool, why: str, told: str, role: str
) -> list[Objection]:
    """A person who will not stay may go; what they said and what they were told is written down."""
    objections = []
    if role not in ("nurse", "prescriber"):
        text = "A nurse or a prescriber writes this down."
        objections.append(unlisted(Reason.BY_THE_BEDSIDE, text))
    if not dose_given:
        objections.append(unlisted(Reason.NO_DOSE, "No dose was given: close the session instead."))
    elif not dose_ended:
        objections.append(unlisted(Reason.DOSE_RUNNING, "The dose has not ended. Stop it first."))
    if not why.strip():
        objections.append(unlisted(Reason.WHY_MISSING, "Write down what the person said.", "why"))
    if not told.strip():
        text = "Write down what the person was told: driving, being alone, when to call."
        objections.append(unlisted(Reason.TOLD_MISSING, text, "told"))
    return objections


def impaired_until(ended_at: datetime, rule: LeavingRule) -> datetime:
    """Until when a person who went otherwise signs nothing: the pack's observation time (H19)."""
    return ended_at + timedelta(minutes=rule.observe_minutes)
