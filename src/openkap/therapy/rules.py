"""Pure: when preparation is done, when integration is due, and what a visit's note needs.

When integration is due is one of the clinic's numbers (status bg, so it advises and never stops a course).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.kernel.refusal import Objection
from openkap.therapy.numbers import TherapyNumbers
from openkap.therapy.reasons import TherapyReason


def objections_to_visit(
    *, note: str, minutes: int, held_at: datetime, numbers: TherapyNumbers, now: datetime
) -> list[Objection]:
    """What stands against writing a visit down."""
    objections = []
    if len(note.strip()) < numbers.note_letters_count:
        objections.append(TherapyReason.NOTE_TOO_SHORT("note"))
    if not numbers.visit_shortest_minutes <= minutes <= numbers.visit_longest_minutes:
        objections.append(TherapyReason.LENGTH_UNLIKELY("minutes"))
    if held_at > now:
        objections.append(TherapyReason.VISIT_IN_FUTURE("held_at"))
    return objections


def objections_to_words(*, hopes: str, concerns: str) -> list[Objection]:
    """What the person hopes for or fears is in their own words, or not written down at all."""
    return [] if hopes.strip() or concerns.strip() else [TherapyReason.WORDS_MISSING("hopes")]


def objections_to_addendum(text: str) -> list[Objection]:
    """What stands against adding to a note."""
    return [] if text.strip() else [TherapyReason.ADDENDUM_EMPTY("text")]


def objections_to_goal(text: str) -> list[Objection]:
    """What stands against setting a goal."""
    return [] if text.strip() else [TherapyReason.GOAL_EMPTY("text")]


def objections_to_closing_goal(*, closed: bool) -> list[Objection]:
    """A goal is met or let go once."""
    return [TherapyReason.GOAL_CLOSED()] if closed else []


def objections_to_practice(*, text: str, how_often: str) -> list[Objection]:
    """What stands against agreeing on a practice."""
    objections = [] if text.strip() else [TherapyReason.PRACTICE_EMPTY("text")]
    if not how_often.strip():
        objections.append(TherapyReason.HOW_OFTEN_MISSING("how_often"))
    return objections


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparation has brought so far."""

    visits: int
    goals: int
    concerns_asked: bool
    choices_made: bool


def objections_to_finishing_preparation(prepared: Prepared) -> list[Objection]:
    """What is still missing before preparation counts as done. All of it at once."""
    objections = []
    if prepared.visits < 1:
        objections.append(TherapyReason.NO_VISIT_YET())
    if prepared.goals < 1:
        objections.append(TherapyReason.NO_GOAL_YET())
    if not prepared.concerns_asked:
        objections.append(TherapyReason.CONCERNS_NOT_ASKED())
    if not prepared.choices_made:
        objections.append(TherapyReason.CHOICES_NOT_MADE())
    return objections


# Preparation as one list, read from the top: what is still missing belongs to one of these lines.
PREPARATION_LINES = {
    "words": TherapyReason.CONCERNS_NOT_ASKED,
    "goals": TherapyReason.NO_GOAL_YET,
    "choices": TherapyReason.CHOICES_NOT_MADE,
    "visit": TherapyReason.NO_VISIT_YET,
}


def preparation_lines(prepared: Prepared) -> dict[str, Objection | None]:
    """What is still missing, line by line from the top; nothing where a line is ready."""
    missing = {it.reason: it for it in objections_to_finishing_preparation(prepared)}
    return {line: missing.get(reason) for line, reason in PREPARATION_LINES.items()}


@dataclass(frozen=True, slots=True)
class IntegrationDue:
    """When a session's integration should take place."""

    from_at: datetime
    until_at: datetime

    def late(self, now: datetime) -> bool:
        """Whether the window has passed."""
        return now > self.until_at


def integration_due(left_at: datetime, *, numbers: TherapyNumbers) -> IntegrationDue:
    """The window for the first integration visit after a session."""
    from_at = left_at + timedelta(hours=numbers.integration_from_hours)
    return IntegrationDue(from_at, left_at + timedelta(hours=numbers.integration_until_hours))
