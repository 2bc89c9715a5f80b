"""The rows about what surrounds a dose: what may happen, what is done then, misuse, and the law. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openkap.protocols.rows import Row


@dataclass(frozen=True, slots=True)
class PressureGrade:
    """From which pressures on (mmHg, either is enough) a raised pressure has this grade."""

    grade: int
    sbp_from: Decimal
    dbp_from: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent(Row):
    """An adverse event that is known of the drug: during a session or later on, and whether it is serious."""

    acute: bool
    serious: bool = False
    flags: tuple[str, ...] = ()
    pressure_grades: tuple[PressureGrade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAction(Row):
    """What is done in an emergency, step by step. The clinic's own plan decides drugs and doses."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow(Row):
    """A questionnaire or rating that belongs to a course, and when; with `in_condition` for these alone."""

    measure: str
    due: tuple[str, ...]
    in_condition: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseRule(Row):
    """What is looked at for misuse and for harm of repeated use."""

    flag: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRow(Row):
    """What the law says, where, and until when. Once it has ended, its flag says what holds instead."""

    flag: str = ""
    state: str = ""
    until: date | None = None
