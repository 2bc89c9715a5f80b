"""The rows of a pack that a session is watched by: schedule, thresholds, complaints, leaving. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.protocols.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring(Row):
    """What is measured and when: at an interval during and after the dose, or at set minutes from it.

    The minutes count from the start of the first dose, or from the end of the last.
    """

    before: bool
    measures: tuple[str, ...]
    during_minutes: int | None = None
    after_minutes: int | None = None
    at_minutes: tuple[int, ...] = ()
    counts_from: str = "start"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a measured value. `also` holds tests that must hold with it in the same moment.

    `below_baseline` (points) and `below_baseline_percent` compare with the value before the dose; until there
    is a dose, with the first value of the day.
    """

    __test__ = False  # a clinical test, not one of pytest's

    field: str
    op: str
    value: Decimal
    also: tuple[Test, ...] = ()

    def holds(self, measured: Decimal, *, baseline: Decimal | None = None) -> bool:
        """Whether the measured value is on the far side of the limit."""
        if self.op == "below_baseline":
            return baseline is not None and baseline - measured >= self.value
        if self.op == "below_baseline_percent":
            return baseline is not None and (baseline - measured) * 100 >= baseline * self.value
        return {
            "lt": measured < self.value,
            "le": measured <= self.value,
            "gt": measured > self.value,
            "ge": measured >= self.value,
        }[self.op]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Row):
    """A complaint the thresholds speak of, by the words people write it in, from which grade on."""

    name: str
    words: tuple[str, ...]
    grade_from: int

    def is_meant_by(self, term: str, *, grade: int) -> bool:
        """Whether an adverse event of this term and grade is this symptom."""
        return grade >= self.grade_from and any(word in term.casefold() for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Row):
    """A limit of a vital sign, and what is done beyond it. Any one test is enough.

    `during` is the time from the start of the dose until the person leaves. With `repeat_minutes` a row acts
    at the second reading, that many minutes after the first; the first asks to measure again. A symptom of
    `symptoms_alone` acts without any reading; one of `symptoms_with` stands for the repeat, and where the row
    needs symptoms nothing acts without one.
    """

    flag: str
    phase: str
    acts: str
    action: str
    tests: tuple[Test, ...]
    repeat_minutes: int | None = None
    sustained_minutes: int = 0
    needs_symptoms: bool = False
    symptoms_alone: tuple[str, ...] = ()
    symptoms_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeRow(Row):
    """What must hold before the person goes home; the time counts from the start or the end of the dose."""

    observe_minutes: int
    counts_from: str
    moaas: int
    gait_steady: bool
    oriented: bool
    bp_within_percent: int
    escort_present: bool
