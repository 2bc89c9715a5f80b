"""A protocol pack as frozen values: what a clinic treats by, each row with its status and sources.

Pure: no files, no Django, no clock. `loading` reads a pack from YAML; rules in other rooms take these
values. A number never travels without the row it came from, so that every page can show where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.kernel.quantity import MilligramsPerKilogram, Minutes
from openkap.protocols.eligible import (
    Condition,
    Contraindication,
    Drug,
    IndicationRule,
    Interaction,
    KnownMedicines,
    Remission,
    Substance,
    Substances,
    Trigger,
)
from openkap.protocols.rows import Row
from openkap.protocols.watching import Leaving, Monitoring, Symptom, Test, Threshold

# Fields that no rule acts on: shown on the protocol page, which says so. A test holds this list true.
SHOWN_ONLY = frozenset(
    {
        "Bands.second_over_mg_per_kg",
        "Leaving.escort_present",
        "Monitoring.measures",
        "Pack.before_dose",
        "Pack.consent_elements",
        "Pack.leaving_notes",
        "Pack.status_of_use",
        "Pack.workup",
        "Trigger.child_pugh",
        "WorkUp.need",
    }
)

__all__ = [
    "Bands",
    "Ceiling",
    "Condition",
    "Contraindication",
    "DayRule",
    "DoseRow",
    "Drug",
    "Guard",
    "IndicationRule",
    "Interaction",
    "KnownMedicines",
    "Leaving",
    "Monitoring",
    "Pack",
    "Question",
    "Remission",
    "Row",
    "Schedule",
    "Substance",
    "Substances",
    "Symptom",
    "Test",
    "Threshold",
    "Trigger",
    "WorkUp",
]


@dataclass(frozen=True, slots=True)
class Question:
    """One fact the pack asks about a person, and for how long an answer holds.

    One that is `day_only` is asked on the day of each dose and not at the screening. With `alert`, a yes has
    an owner at once.
    """

    name: str
    ask: str
    days_valid: int
    unless_sex: str = ""
    day_only: bool = False
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule(Row):
    """What an answer of the day means for the dose: a prescriber decides, or it blocks for good."""

    question: str
    answer: str
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow(Row):
    """The dose and the time it is given over."""

    dose_mg_per_kg: MilligramsPerKilogram
    range_mg_per_kg: tuple[MilligramsPerKilogram, MilligramsPerKilogram]
    infusion_minutes: Minutes
    infusion_range_minutes: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Row):
    """What is usual, what needs a reason, and what needs a second prescriber, by dose, time and rate.

    The dose from which a second prescriber signs is the guard `G_CAP_IV`; `loading` holds that both rows say
    the same number.
    """

    reason_over_mg_per_kg: MilligramsPerKilogram
    usual_minutes: tuple[int, int]
    second_over_mg_per_kg: MilligramsPerKilogram
    second_under_minutes: int
    second_over_mg_per_kg_per_h: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(Row):
    """What nobody signs over in this software, whatever the row's status."""

    flag: str
    mg_per_kg_max: MilligramsPerKilogram
    mg_per_kg_per_h_max: Decimal
    minutes_at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Row):
    """How many sessions, how many a week, in how many weeks."""

    sessions: int
    per_week: tuple[int, int]
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard(Row):
    """One limit with its unit: a cap, an interval, a weight rule."""

    value: Decimal
    unit: str
    flag: str = ""
    override: str = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkUp(Row):
    """Something to be done before the first dose."""

    need: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a protocol: everything a course is bound to when it starts."""

    key: str
    version: int
    title: str
    product: str
    status_of_use: str
    hash: str
    questions: tuple[Question, ...]
    contraindications: tuple[Contraindication, ...]
    interactions: tuple[Interaction, ...]
    substances: Substances
    known_medicines: tuple[KnownMedicines, ...]
    conditions: tuple[Condition, ...]
    indications: tuple[str, ...]
    indication_rules: tuple[IndicationRule, ...]
    remission: Remission
    dose: DoseRow
    bands: Bands
    ceiling: Ceiling
    schedule: Schedule
    weight_rules: dict[str, Guard]
    guards: dict[str, Guard]
    monitoring: Monitoring
    thresholds: tuple[Threshold, ...]
    symptoms: tuple[Symptom, ...]
    leaving: Leaving
    leaving_notes: tuple[Row, ...]
    workup: tuple[WorkUp, ...]
    before_dose: tuple[Row, ...]
    day_rules: tuple[DayRule, ...]
    consent_elements: tuple[str, ...]

    @property
    def name(self) -> str:
        """Key and version, as a record names the pack."""
        return f"{self.key}-{self.version}"

    def rows(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Every row, by the section a page shows it in."""
        return (
            ("Dose and schedule", (self.dose, self.schedule)),
            ("Limits of a dose", (self.bands, self.ceiling, *self.guards.values())),
            ("Weight", tuple(self.weight_rules.values())),
            ("Reasons not to treat", self.contraindications),
            ("Other medicines", (*self.interactions, *self.known_medicines, self.substances)),
            ("What this protocol is for", (*self.indication_rules, self.remission)),
            ("Watching", (self.monitoring, *self.thresholds, *self.symptoms)),
            ("Before the dose", (*self.before_dose, *self.day_rules)),
            ("Leaving", (self.leaving, *self.leaving_notes)),
            ("Work-up", self.workup),
            ("What is known, by condition", self.conditions),
        )

    def row(self, row_id: str) -> Row | None:
        """The row of this id, or None."""
        return next((row for _, rows in self.rows() for row in rows if row.id == row_id), None)
