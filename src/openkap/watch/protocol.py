"""The protocol pack's rows as the numbers the dosing rules take. Pure: a pack in, frozen values out.

A threshold of the pack becomes one or more marks here: a limit that holds "on repeat" first asks to repeat
(act) and stops only at the second reading. Every mark keeps the row's id, status and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from openkap.kernel.evidence import Status
from openkap.protocols import pack as packs
from openkap.watch.causes import CRISIS, LOOK_NOW, SYMPTOM
from openkap.watch.checks import CheckSchedule
from openkap.watch.levels import Level, Side
from openkap.watch.marks import MarkThreshold
from openkap.watch.numbers import SensorNumbers, WatchNumbers
from openkap.watch.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2, LookLines
from openkap.watch.readings import Sensors, sensors_by
from openkap.watch.statements import ActionStatement

CODES = {"sbp": SBP, "dbp": DBP, "hr": HEART_RATE, "spo2": SPO2, "rr": BREATHING, "moaas": MOAAS}
CAUSES = {
    "sbp": "pressure",
    "dbp": "pressure",
    "hr": "rate",
    "spo2": "saturation",
    "rr": "breathing",
    "moaas": "alertness",
}
SIDES = {
    "lt": Side.BELOW,
    "le": Side.AT_MOST,
    "gt": Side.ABOVE,
    "ge": Side.AT_LEAST,
    "below_baseline": Side.FALL,
    "below_baseline_percent": Side.FALL_PERCENT,
}
LEVELS = {
    "note": Level.LOOK,
    "pause": Level.ACT,
    "look_now": Level.ACT,
    "decide": Level.ACT,
    "hold": Level.ACT,
    "stop": Level.STOP,
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a session is watched by: one pack version, and the clinic's numbers."""

    pack: packs.Pack
    schedule: CheckSchedule
    thresholds: tuple[MarkThreshold, ...]
    look_now: MarkThreshold
    lines: LookLines
    symptoms: tuple[packs.Symptom, ...]
    acting_symptoms: Mapping[str, MarkThreshold]
    numbers: WatchNumbers
    sensors: Sensors

    @property
    def name(self) -> str:
        """The pack's key and version."""
        return self.pack.name


def of(
    pack: packs.Pack,
    *,
    numbers: WatchNumbers,
    sensors: SensorNumbers,
    signed: frozenset[str] = frozenset(),
) -> Protocol:
    """The dosing room's part of a pack; `signed` are the rows the clinic's medical director has signed."""
    thresholds = tuple(_thresholds(pack, signed, numbers=numbers))
    return Protocol(
        pack,
        _schedule(pack, signed, numbers=numbers),
        thresholds,
        look_now=_look_now(pack, signed, numbers=numbers),
        lines=_look_lines(pack),
        symptoms=pack.symptoms,
        acting_symptoms=_acting_symptoms(pack, signed, numbers=numbers),
        numbers=numbers,
        sensors=sensors_by(sensors),
    )


def sources_of(row: packs.Row) -> str:
    """The sources of a row, by key."""
    return ", ".join(source.key for source in row.sources)


def _schedule(pack: packs.Pack, signed: frozenset[str], *, numbers: WatchNumbers) -> CheckSchedule:
    monitoring = pack.monitoring
    return CheckSchedule(
        monitoring.id,
        grace_minutes=numbers.check_grace_minutes,
        early_minutes=numbers.check_early_minutes,
        before_within_minutes=numbers.before_dose_minutes,
        during_every_minutes=monitoring.during_minutes,
        after_every_minutes=monitoring.after_minutes,
        at_minutes=monitoring.at_minutes,
        counts_from=monitoring.counts_from,
        status=monitoring.status,
        confirmed=monitoring.acts_fully(signed),
        source=sources_of(monitoring),
    )


def low_line(pack: packs.Pack, op: str) -> Decimal | None:
    """The line of the row for a low pressure; the strictest where there are several."""
    rows = (row for row in pack.thresholds if row.acts != "look_now")
    tests = (test for row in rows for test in row.tests if (test.field, test.op) == ("sbp", op))
    return (
        max((test.value for test in tests), default=None)
        if op == "lt"
        else min((test.value for test in tests), default=None)
    )


def _thresholds(
    pack: packs.Pack, signed: frozenset[str], *, numbers: WatchNumbers
) -> Iterator[MarkThreshold]:
    """The rows that mark by a value. Those before the dose are the time-out's."""
    for row in pack.thresholds:
        if row.phase == "before" or row.acts == "look_now":
            continue
        for test in row.tests:
            yield from _marks_of(row, _threshold(row, test, signed=signed, numbers=numbers), numbers=numbers)


def _marks_of(
    row: packs.Threshold, plain: MarkThreshold, *, numbers: WatchNumbers
) -> Iterator[MarkThreshold]:
    """One test of a row as marks: at once, at the repeat, and with a complaint that stands for the repeat."""
    with_symptoms = replace(plain, with_symptoms=frozenset(row.symptoms_with))
    if row.needs_symptoms:
        yield replace(with_symptoms, cause=CRISIS)
        return
    if row.repeat_minutes is None:
        yield plain
        return
    yield replace(
        plain,
        level=Level.ACT,
        action=ActionStatement.MEASURE_AGAIN(),
        asks_repeat=True,
        recheck_minutes=numbers.recheck_act_minutes,
    )
    yield replace(plain, repeats=2, gap_minutes=row.repeat_minutes)
    if row.symptoms_with:
        yield with_symptoms


def _look_now(pack: packs.Pack, signed: frozenset[str], *, numbers: WatchNumbers) -> MarkThreshold:
    """The mark that asks to look at the person now; without such a row, this software's default."""
    threshold = next((it for it in pack.thresholds if it.acts == "look_now"), None)
    plain = MarkThreshold(
        "LOOK_AT_PERSON_NOW",
        LOOK_NOW,
        Level.ACT,
        "",
        Side.BELOW,
        Decimal(0),
        ActionStatement.LOOK_NOW(),
        numbers.recheck_stop_minutes,
    )
    if threshold is None:
        return replace(plain, status=Status.DESIGN_DEFAULT)
    return replace(
        plain,
        flag=threshold.flag,
        action=ActionStatement.OF_THE_PACK(text=threshold.action),
        rule=threshold.id,
        confirmed=threshold.acts_fully(signed),
        status=threshold.status,
        source=sources_of(threshold),
    )


def _look_lines(pack: packs.Pack) -> LookLines:
    """The numbers of the row that asks to look now, and the low pressure of the row that acts on one."""
    tests = {t.field: t for row in pack.thresholds if row.acts == "look_now" for t in row.tests}
    pulse, saturation, systolic = (tests.get(name) for name in ("hr", "spo2", "sbp"))
    slow = next((it.value for it in saturation.also if it.field == "hr"), None) if saturation else None
    return LookLines(
        pulse_under=pulse.value if pulse else None,
        spo2_under=saturation.value if saturation else None,
        slow_pulse_under=slow,
        sbp_under=systolic.value if systolic else None,
        low_sbp_under=low_line(pack, "lt"),
    )


def _acting_symptoms(
    pack: packs.Pack, signed: frozenset[str], *, numbers: WatchNumbers
) -> dict[str, MarkThreshold]:
    """For each complaint that acts by itself, the mark of the most urgent row that names it."""
    thresholds: dict[str, MarkThreshold] = {}
    for row in pack.thresholds:
        plain = replace(_threshold(row, row.tests[0], signed=signed, numbers=numbers), code="", cause=SYMPTOM)
        for name in row.symptoms_alone:
            if name not in thresholds or plain.level.rank > thresholds[name].level.rank:
                thresholds[name] = plain
    return thresholds


def _threshold(
    row: packs.Threshold, test: packs.Test, *, signed: frozenset[str], numbers: WatchNumbers
) -> MarkThreshold:
    level = LEVELS[row.acts]
    return MarkThreshold(
        flag=row.flag,
        cause=CAUSES[test.field],
        level=level,
        code=CODES[test.field],
        side=SIDES[test.op],
        limit=test.value,
        action=ActionStatement.OF_THE_PACK(text=row.action),
        rule=row.id,
        recheck_minutes=numbers.recheck_minutes(level),
        sustained_minutes=row.sustained_minutes,
        during_only=row.phase == "during",
        confirmed=row.acts_fully(signed),
        status=row.status,
        source=sources_of(row),
    )
