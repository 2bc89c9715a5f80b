"""Marks: a reading that asks for a look, an act, or a stop.

Held against H08 (seen but not acted on) and H09 (too many alarms): three levels, no repeat for the same
cause while its mark is open unless it is worse than when it was answered, an acknowledgement that names the
action and the time of the recheck, and escalation to a second person when nobody answers. Each number is the
pack's or the clinic's. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.kernel.evidence import Status
from openkap.kernel.statement import Stated
from openkap.watch.levels import Level, Side
from openkap.watch.phrases import ReadingWord, WatchPhrase
from openkap.watch.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.statements import MarkStatement


@dataclass(frozen=True, slots=True)
class MarkThreshold:
    """A threshold row of the pack: crossed by `repeats` readings in a row over `sustained_minutes`.

    Of readings that are repeated, the first and the last lie at least `gap_minutes` apart. A row of the phase
    `during` looks at what was measured from the start of the dose until the person leaves.
    """

    flag: str
    cause: str
    level: Level
    code: str
    side: Side
    limit: Decimal
    action: Stated
    recheck_minutes: int
    rule: str = ""
    repeats: int = 1
    gap_minutes: int = 0
    sustained_minutes: int = 0
    during_only: bool = False
    with_symptoms: frozenset[str] = frozenset()
    asks_repeat: bool = False
    confirmed: bool = False
    status: Status = Status.BACKGROUND
    source: str = ""


@dataclass(frozen=True, slots=True)
class MarkValue:
    """One plausible value and when it was measured."""

    code: str
    value: Decimal
    at: datetime
    id: str = ""


@dataclass(frozen=True, slots=True)
class MarkFinding:
    """A threshold that is crossed now, by which value.

    `extent` holds how far: for each code and direction that crosses a limit of this cause, the value.
    """

    threshold: MarkThreshold
    value: MarkValue
    says: Stated
    extent: Mapping[str, Decimal] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkStanding:
    """A mark already raised: where it stands."""

    cause: str
    level: Level
    raised_at: datetime
    acknowledged_at: datetime | None = None
    recheck_at: datetime | None = None
    closed_at: datetime | None = None
    extent: Mapping[str, Decimal] = field(default_factory=dict)
    asks_repeat: bool = False

    @property
    def open(self) -> bool:
        """Whether the mark still asks for something."""
        return self.closed_at is None


UP, DOWN = "up", "down"

WORDS = {
    SBP: (ReadingWord.SYSTOLIC_PRESSURE, " mmHg"),
    DBP: (ReadingWord.DIASTOLIC_PRESSURE, " mmHg"),
    HEART_RATE: (ReadingWord.HEART_RATE, "/min"),
    SPO2: (WatchPhrase.SATURATION, " %"),
    BREATHING: (WatchPhrase.BREATHING, "/min"),
    MOAAS: (WatchPhrase.ALERTNESS_ALONE, ""),
}


def findings(
    values: Iterable[MarkValue],
    *,
    baseline: dict[str, Decimal],
    thresholds: Sequence[MarkThreshold],
    at: datetime,
    started_at: datetime | None = None,
    symptoms: frozenset[str] = frozenset(),
) -> tuple[MarkFinding, ...]:
    """What is crossed now: for each cause the most urgent threshold.

    `started_at` is when the dose began; `symptoms` are the complaints that are there now.
    """
    history: dict[str, list[MarkValue]] = {}
    for value in sorted((one for one in values if one.at <= at), key=lambda one: one.at):
        history.setdefault(value.code, []).append(value)
    worst: dict[str, MarkFinding] = {}
    for threshold in thresholds:
        if threshold.with_symptoms and not threshold.with_symptoms & symptoms:
            continue
        seen = [
            one for one in history.get(threshold.code, []) if _in_phase(threshold, one, started_at=started_at)
        ]
        crossed = _crossed(threshold, seen, baseline=baseline.get(threshold.code))
        if crossed:
            worst[threshold.cause] = _graver(worst.get(threshold.cause), crossed)
    return tuple(sorted(worst.values(), key=lambda one: -one.threshold.level.rank))


def gravest(findings: Iterable[MarkFinding]) -> list[MarkFinding]:
    """Of findings at several moments, for each cause the most urgent, with how far it went."""
    worst: dict[str, MarkFinding] = {}
    for one in findings:
        worst[one.threshold.cause] = _graver(worst.get(one.threshold.cause), one)
    return list(worst.values())


def _in_phase(threshold: MarkThreshold, value: MarkValue, *, started_at: datetime | None) -> bool:
    return not threshold.during_only or (started_at is not None and value.at >= started_at)


def _graver(known: MarkFinding | None, finding: MarkFinding) -> MarkFinding:
    """The more urgent of two findings of one cause; of two that are as urgent, the first, with both extents.

    At one level, a row that acts is more urgent than one that asks to measure again.
    """
    if known is None or _urgency(finding) > _urgency(known):
        return finding
    if _urgency(finding) < _urgency(known):
        return known
    about = tuple(dict.fromkeys((*known.about, *finding.about)))
    return replace(
        known,
        says=_together(known.says, finding.says),
        extent=farther(known.extent, finding.extent),
        about=about,
    )


def _together(one: Stated, other: Stated) -> Stated:
    """What two findings say, each once."""
    parts = [*_parts(one), *(part for part in _parts(other) if part not in _parts(one))]
    return MarkStatement.SEVERAL(parts=parts) if len(parts) > 1 else one


def _parts(said: Stated) -> list[Stated]:
    return list(said.params["parts"]) if said.statement is MarkStatement.SEVERAL else [said]


def _urgency(finding: MarkFinding) -> tuple[int, bool]:
    return finding.threshold.level.rank, not finding.threshold.asks_repeat


def farther(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The two extents as one: of each code and direction the value that lies farther out."""
    merged = dict(one)
    for key, value in other.items():
        known = merged.get(key)
        merged[key] = value if known is None or _beyond_by(key, value, known=known) > 0 else known
    return merged


def to_raise(
    findings: Iterable[MarkFinding], standing: Iterable[MarkStanding], *, worse_by: Mapping[str, Decimal]
) -> tuple[MarkFinding, ...]:
    """The findings that deserve a new mark.

    None for a cause whose mark is open at this level or a higher one: unless that mark only asks to measure
    again and the repeat has come, or it was answered and the value has since become clearly worse than what
    was answered, or crosses another limit.
    """
    known: dict[str, MarkStanding] = {}
    for mark in standing:
        if mark.open and (mark.cause not in known or mark.level.rank > known[mark.cause].level.rank):
            known[mark.cause] = mark
    return tuple(one for one in findings if _deserves(one, known.get(one.threshold.cause), worse_by=worse_by))


def _deserves(one: MarkFinding, mark: MarkStanding | None, *, worse_by: Mapping[str, Decimal]) -> bool:
    if mark is None or one.threshold.level.rank > mark.level.rank:
        return True
    if one.threshold.level is mark.level and mark.asks_repeat and not one.threshold.asks_repeat:
        return True
    if one.threshold.level.rank < mark.level.rank or mark.acknowledged_at is None:
        return False
    return is_worse(one, mark, worse_by=worse_by)


def is_worse(one: MarkFinding, mark: MarkStanding, *, worse_by: Mapping[str, Decimal]) -> bool:
    """Whether a finding lies clearly farther out than the mark knows; without `worse_by`, at all farther."""
    for key, value in one.extent.items():
        known = mark.extent.get(key)
        if known is None:
            return True
        step = worse_by.get(key.split(" ")[0], Decimal(0))
        more = _beyond_by(key, value, known=known)
        if more >= step and more > 0:
            return True
    return False


def _beyond_by(key: str, value: Decimal, *, known: Decimal) -> Decimal:
    return value - known if key.endswith(UP) else known - value


def settled(mark: MarkStanding, *, findings: Iterable[MarkFinding], latest: datetime | None) -> bool:
    """Whether an answered mark may close: measured again since the answer, and no longer crossed."""
    if mark.acknowledged_at is None or latest is None or latest <= mark.acknowledged_at:
        return False
    return all(one.threshold.cause != mark.cause for one in findings)


def must_escalate(mark: MarkStanding, *, after_seconds: int, at: datetime) -> bool:
    """Whether a second person must be told: nobody answered in time, or the promised recheck is overdue."""
    if not mark.open:
        return False
    patience = timedelta(seconds=after_seconds)
    if mark.acknowledged_at is None:
        return at >= mark.raised_at + patience
    return mark.recheck_at is not None and at >= mark.recheck_at + patience


def _crossed(
    threshold: MarkThreshold, history: Sequence[MarkValue], *, baseline: Decimal | None
) -> MarkFinding | None:
    if not history:
        return None
    relative = threshold.side in (Side.RISE, Side.FALL, Side.FALL_PERCENT)
    if relative and baseline is None:
        return None
    run: list[MarkValue] = []
    for value in reversed(history):
        if not beyond(threshold, value.value, baseline=baseline):
            break
        run.append(value)
    if len(run) < threshold.repeats:
        return None
    if run[0].at - run[-1].at < timedelta(minutes=max(threshold.sustained_minutes, threshold.gap_minutes)):
        return None
    way = UP if threshold.side in (Side.AT_LEAST, Side.ABOVE, Side.RISE) else DOWN
    extent = {f"{threshold.code} {way}": run[0].value}
    about = tuple(one.id for one in run if one.id)
    return MarkFinding(threshold, run[0], _says(threshold, run[0], baseline=baseline), extent, about)


def beyond(threshold: MarkThreshold, value: Decimal, *, baseline: Decimal | None) -> bool:
    """Whether a value lies over a limit."""
    base = baseline if baseline is not None else Decimal(0)
    return {
        Side.AT_LEAST: value >= threshold.limit,
        Side.ABOVE: value > threshold.limit,
        Side.AT_MOST: value <= threshold.limit,
        Side.BELOW: value < threshold.limit,
        Side.RISE: value - base >= threshold.limit,
        Side.FALL: base - value >= threshold.limit,
        Side.FALL_PERCENT: (base - value) * 100 >= base * threshold.limit,
    }[threshold.side]


def _says(threshold: MarkThreshold, value: MarkValue, *, baseline: Decimal | None) -> Stated:
    what, unit = WORDS.get(threshold.code, (threshold.code, ""))
    if threshold.side is Side.RISE and baseline is not None:
        return MarkStatement.ABOVE_BASELINE(what=what, by=value.value - baseline)
    if threshold.side is Side.FALL_PERCENT and baseline:
        percent = round((baseline - value.value) * 100 / baseline)
        return MarkStatement.PERCENT_UNDER_BASELINE(what=what, value=value.value, unit=unit, percent=percent)
    if threshold.side is Side.FALL and baseline is not None:
        return MarkStatement.UNDER_BASELINE(what=what, by=baseline - value.value)
    return MarkStatement.VALUE(what=what, value=value.value, unit=unit)
