"""A protocol pack as frozen values: what a clinic treats by, each row with its status and sources.

Pure: no files, no Django, no clock. `loading` reads a pack from YAML; rules in other rooms take these
values. A number never travels without the row it came from, so that every page can show where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from openkap.kernel.wording import sentence as _
from openkap.protocols.administration import DoseRow
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
from openkap.protocols.limits import (
    BenefitReview,
    Ceiling,
    Dilution,
    DoseBand,
    Interval,
    WeightRule,
    WeightRules,
)
from openkap.protocols.rows import Row, RowChoice
from openkap.protocols.surroundings import EmergencyAction, KnownEvent, LegalRow, MeasureRow, MisuseRule
from openkap.protocols.watching import DischargeRow, Monitoring, Symptom, Test, Threshold

# Fields that no rule acts on: shown on the protocol page, which says so. A test holds this list true.
SHOWN_ONLY = frozenset(
    {
        "BenefitReview.after_days",
        "DischargeRow.escort_present",
        "KnownEvent.acute",
        "KnownEvent.pressure_grades",
        "KnownEvent.serious",
        "MisuseRule.signals",
        "Monitoring.measures",
        "Pack.before_dose",
        "Pack.consent_elements",
        "Pack.discharge_notes",
        "Pack.emergency_actions",
        "Pack.known_events",
        "Pack.legal",
        "Pack.measures",
        "Pack.misuse",
        "Pack.other_doses",
        "Pack.required",
        "Pack.review",
        "Pack.status_of_use",
        "Pack.workup",
        "PressureGrade.dbp_from",
        "PressureGrade.sbp_from",
        "Required.within_days",
        "Trigger.child_pugh",
        "WorkUp.need",
    }
)

__all__ = [
    "BenefitReview",
    "Ceiling",
    "Condition",
    "Contraindication",
    "DayRule",
    "Dilution",
    "DischargeRow",
    "DoseBand",
    "DoseRow",
    "Drug",
    "EmergencyAction",
    "IndicationRule",
    "Interaction",
    "Interval",
    "KnownEvent",
    "KnownMedicines",
    "LegalRow",
    "MeasureRow",
    "MisuseRule",
    "Monitoring",
    "Pack",
    "Question",
    "Remission",
    "Required",
    "Row",
    "RowChoice",
    "Schedule",
    "Substance",
    "Substances",
    "Symptom",
    "Test",
    "Threshold",
    "Trigger",
    "WeightRule",
    "WeightRules",
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
class Schedule(Row):
    """How many sessions, how many a week, in how many weeks."""

    sessions: int
    per_week: tuple[int, int]
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkUp(Row):
    """Something to be done before the first dose."""

    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required(Row):
    """A form or a document that belongs to a treatment by this protocol, and when it is due."""

    kind: str
    name: str
    due: str
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a protocol: everything a course is bound to when it starts."""

    key: str
    version: int
    title: str
    product: str
    profile: tuple[str, ...]
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
    bands: tuple[DoseBand, ...]
    ceiling: Ceiling
    interval: Interval | None
    dilution: Dilution | None
    review: BenefitReview | None
    schedule: Schedule
    weight_rules: WeightRules
    monitoring: Monitoring
    thresholds: tuple[Threshold, ...]
    symptoms: tuple[Symptom, ...]
    discharge: DischargeRow
    discharge_notes: tuple[Row, ...]
    workup: tuple[WorkUp, ...]
    before_dose: tuple[Row, ...]
    day_rules: tuple[DayRule, ...]
    consent_elements: tuple[str, ...]
    required: tuple[Required, ...]
    release: Row | None = None
    other_doses: tuple[Row, ...] = ()
    known_events: tuple[KnownEvent, ...] = ()
    emergency_actions: tuple[EmergencyAction, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    misuse: tuple[MisuseRule, ...] = ()
    legal: tuple[LegalRow, ...] = ()

    @property
    def name(self) -> str:
        """Key and version, as a record names the pack."""
        return f"{self.key}-{self.version}"

    def is_released(self, signed: frozenset[str]) -> bool:
        """Whether a course by it may begin: it needs no release, or the medical director has signed it."""
        return self.release is None or self.release.id in signed

    def rows(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Every row, by the section a page shows it in."""
        return (
            (_("Before it may be used"), (self.release,) if self.release else ()),
            (_("Dose and schedule"), (self.dose, self.schedule)),
            (_("Other doses that were read; nothing here acts on them"), self.other_doses),
            (_("Limits of a dose"), (*self.bands, self.ceiling, *self._limits_some_have())),
            (_("Weight"), self.weight_rules.rows()),
            (_("Reasons not to treat"), self.contraindications),
            (_("Other medicines"), (*self.interactions, *self.known_medicines, self.substances)),
            (_("What this protocol is for"), (*self.indication_rules, self.remission)),
            (_("Watching"), (self.monitoring, *self.thresholds, *self.symptoms)),
            (_("Before the dose"), (*self.before_dose, *self.day_rules)),
            (_("Discharge"), (self.discharge, *self.discharge_notes)),
            (_("Work-up"), self.workup),
            (_("Forms and documents"), self.required),
            (_("What is known, by condition"), self.conditions),
            (_("Adverse events that are known"), self.known_events),
            (_("In an emergency"), self.emergency_actions),
            (_("Questionnaires and ratings"), self.measures),
            (_("Misuse, and harm of repeated use"), self.misuse),
            (_("The law"), self.legal),
        )

    def at_a_glance(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """What a clinician asks of a protocol first, in that order: the rows that answer it."""
        excluding = tuple(row for row in self.contraindications if row.outcome == "exclude")
        stopping = tuple(row for row in self.thresholds if row.acts in ("pause", "stop"))
        return (
            (_("Before it may be used"), (self.release,) if self.release else ()),
            (_("For whom"), tuple(row for row in self.conditions if row.id in self.indications)),
            (_("Never for"), excluding),
            (_("What dose"), (self.dose, *self.bands, self.ceiling)),
            (_("How often"), (self.schedule, *((self.interval,) if self.interval else ()))),
            (_("What to watch"), (self.monitoring,)),
            (_("When to stop"), stopping),
            (_("When they may go"), (self.discharge,)),
        )

    def _limits_some_have(self) -> tuple[Row, ...]:
        """The limits that not every protocol has."""
        rows = (self.interval, self.dilution, self.review)
        return tuple(row for row in rows if row is not None)

    def row(self, row_id: str) -> Row | None:
        """The row of this id, or None."""
        return next((row for _, rows in self.rows() for row in rows if row.id == row_id), None)
