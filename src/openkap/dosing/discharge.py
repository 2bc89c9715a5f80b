"""May the person leave? Every reason against, at once. Missing data is a reason.

Held against H14 (leaving too early) and H15 (driving). Time counts from the server's UTC, never from a
screen. The rule in prose: docs/algorithms/discharge.md. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.dosing.phrases import DosingPhrase
from openkap.dosing.reasons import DosingReason
from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection
from openkap.watch.readings import Pressure


@dataclass(frozen=True, slots=True)
class DischargeRule:
    """A leaving row of the protocol pack, as numbers."""

    id: str
    observe_minutes: int
    pressure_within_percent: int
    moaas_needed: int
    fresh_minutes: int
    counts_from: str = "end"
    spo2_from: Decimal | None = None
    low_sbp_under: Decimal | None = None
    low_percent: Decimal | None = None
    status: Status = Status.DESIGN_DEFAULT
    source: str = ""


@dataclass(frozen=True, slots=True)
class DischargeFacts:
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


def earliest(person: DischargeFacts, rule: DischargeRule | None) -> datetime | None:
    """The earliest moment the observation time is over; None while it is not known."""
    anchor = _anchor(person, rule)
    return anchor + timedelta(minutes=rule.observe_minutes) if rule and anchor else None


ASKED_AT_DISCHARGE = frozenset(
    {
        DosingReason.GAIT_NOT_STEADY,
        DosingReason.GAIT_NOT_ASKED,
        DosingReason.NOT_ORIENTED,
        DosingReason.ORIENTED_NOT_ASKED,
        DosingReason.ESCORT_NOT_HERE,
        DosingReason.ESCORT_NOT_ASKED,
    }
)


def objections_to_signing_out(*, escort_name: str, is_person: bool) -> list[Objection]:
    """Who lets the person go is somebody, and says with whom."""
    objections = [] if escort_name.strip() else [DosingReason.ESCORT_NAME("escort_name")]
    if not is_person:
        objections.append(DosingReason.LET_GO_BY_PERSON())
    return objections


def objections_to_discharge(
    person: DischargeFacts, rule: DischargeRule | None, *, at: datetime
) -> list[Objection]:
    """All reasons against leaving at `at`. An empty list is the only permission."""
    if rule is None:
        return [DosingReason.NO_DISCHARGE_RULE()]
    objections = [
        *_time(person, rule, at=at),
        *_pressure(person, rule, at=at),
        *_alertness(person, rule, at=at),
    ]
    objections += [*_saturation(person, rule, at=at), *_answers(person)]
    if person.marks_open:
        many = person.marks_open > 1
        objections.append(
            DosingReason.MARKS_OPEN(count=person.marks_open) if many else DosingReason.ONE_MARK_OPEN()
        )
    return objections


def _anchor(person: DischargeFacts, rule: DischargeRule | None) -> datetime | None:
    if rule is None or person.ended_at is None:
        return None
    return person.started_at if rule.counts_from == "start" else person.ended_at


def _time(person: DischargeFacts, rule: DischargeRule, *, at: datetime) -> list[Objection]:
    if person.started_at is None:
        return [DosingReason.NO_DOSE()]
    if person.ended_at is None:
        return [DosingReason.DOSE_RUNNING()]
    ready = earliest(person, rule)
    if ready is None or at < ready:
        left = int(((ready or at) - at).total_seconds() // 60) + 1
        since = DosingPhrase.START if rule.counts_from == "start" else DosingPhrase.END
        return [DosingReason.OBS_TIME_SHORT(minutes=rule.observe_minutes, since=since, left=left)]
    return []


def _pressure(person: DischargeFacts, rule: DischargeRule, *, at: datetime) -> list[Objection]:
    now, base = person.pressure, person.baseline
    if base is None:
        return [DosingReason.BASELINE_MISSING()]
    if now is None or not _fresh(now.at, person, rule=rule, at=at):
        return [DosingReason.PRESSURE_MISSING(minutes=rule.fresh_minutes)]
    low = _low(now, base, rule=rule)
    if low:
        return low
    share = 1 + Decimal(rule.pressure_within_percent) / 100
    if now.sbp <= base.sbp * share and now.dbp <= base.dbp * share:
        return []
    return [
        DosingReason.BP_NOT_SETTLED(
            sbp=f"{now.sbp:f}",
            dbp=f"{now.dbp:f}",
            percent=rule.pressure_within_percent,
            base_sbp=f"{base.sbp:f}",
            base_dbp=f"{base.dbp:f}",
        )
    ]


def _low(now: Pressure, base: Pressure, *, rule: DischargeRule) -> list[Objection]:
    """A pressure that fell is settled, unless the pack's row for a low one says otherwise."""
    if rule.low_sbp_under is not None and now.sbp < rule.low_sbp_under:
        return [DosingReason.BP_LOW(sbp=f"{now.sbp:f}", least=f"{rule.low_sbp_under:f}")]
    if rule.low_percent is not None and (base.sbp - now.sbp) * 100 >= base.sbp * rule.low_percent:
        percent = f"{rule.low_percent:f}"
        return [DosingReason.BP_FALLEN(sbp=f"{now.sbp:f}", percent=percent, base=f"{base.sbp:f}")]
    return []


def _alertness(person: DischargeFacts, rule: DischargeRule, *, at: datetime) -> list[Objection]:
    if (
        person.moaas is None
        or person.moaas_at is None
        or not _fresh(person.moaas_at, person, rule=rule, at=at)
    ):
        return [DosingReason.MOAAS_MISSING(minutes=rule.fresh_minutes)]
    if person.moaas < rule.moaas_needed:
        return [DosingReason.NOT_ALERT(moaas=person.moaas, needed=rule.moaas_needed)]
    return []


def _saturation(person: DischargeFacts, rule: DischargeRule, *, at: datetime) -> list[Objection]:
    """Nobody goes home on a saturation that was last seen while the drug ran, or that is low (H12)."""
    if person.spo2 is None or person.spo2_at is None or not _fresh(person.spo2_at, person, rule=rule, at=at):
        return [DosingReason.SPO2_MISSING(minutes=rule.fresh_minutes)]
    if rule.spo2_from is not None and person.spo2 < rule.spo2_from:
        return [DosingReason.SPO2_LOW(spo2=f"{person.spo2:f}", least=f"{rule.spo2_from:f}")]
    return []


def _fresh(taken_at: datetime, person: DischargeFacts, *, rule: DischargeRule, at: datetime) -> bool:
    """Taken after the dose ended, within the last minutes, and not in the future."""
    after_end = person.ended_at is not None and taken_at >= person.ended_at
    return after_end and taken_at <= at and at - taken_at <= timedelta(minutes=rule.fresh_minutes)


def _answers(person: DischargeFacts) -> list[Objection]:
    asked = (
        ("gait_steady", person.gait_steady, DosingReason.GAIT_NOT_STEADY, DosingReason.GAIT_NOT_ASKED),
        ("oriented", person.oriented, DosingReason.NOT_ORIENTED, DosingReason.ORIENTED_NOT_ASKED),
        ("escort_seen", person.escort_seen, DosingReason.ESCORT_NOT_HERE, DosingReason.ESCORT_NOT_ASKED),
    )
    objections = [
        (against if answer is Answer.NO else missing)(field)
        for field, answer, against, missing in asked
        if answer is not Answer.YES
    ]
    signed = person.no_drive_signed_at
    if signed is None or person.started_at is None or signed > person.started_at:
        objections.append(DosingReason.NO_DRIVE_NOT_BEFORE())
    return objections


def objections_to_closing(*, dose_given: bool, dose_ended: bool, why: str, role: str) -> list[Objection]:
    """A session that does not end by leaving: no dose, or a prescriber says where the person went."""
    objections = []
    if not why.strip():
        objections.append(DosingReason.WHY_MISSING("why"))
    if dose_given and not dose_ended:
        objections.append(DosingReason.DOSE_RUNNING())
    if dose_given and role != "prescriber":
        objections.append(DosingReason.CLOSE_BY_PRESCRIBER())
    return objections


def objections_to_going_against_advice(
    *, dose_given: bool, dose_ended: bool, why: str, told: str, role: str
) -> list[Objection]:
    """A person who will not stay may go; what they said and what they were told is written down."""
    objections = []
    if role not in ("nurse", "prescriber"):
        objections.append(DosingReason.BY_THE_BEDSIDE())
    if not dose_given:
        objections.append(DosingReason.CLOSE_INSTEAD())
    elif not dose_ended:
        objections.append(DosingReason.DOSE_NOT_STOPPED())
    if not why.strip():
        objections.append(DosingReason.WORDS_MISSING("why"))
    if not told.strip():
        objections.append(DosingReason.TOLD_MISSING("told"))
    return objections


def impaired_until(ended_at: datetime, rule: DischargeRule) -> datetime:
    """Until when a person who went otherwise signs nothing: the pack's observation time (H19)."""
    return ended_at + timedelta(minutes=rule.observe_minutes)
