"""Pure: when preparation is done, when integration is due, and what a visit's note needs.

The days come from the pack's phases where it has them: integration first within 24 to 72 hours of a
session (`INTEGRATION`, timing status bg, so it advises and never stops a course by itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection, unlisted

INTEGRATION_FROM = timedelta(hours=24)
INTEGRATION_UNTIL = timedelta(hours=72)
INTEGRATION_STATUS = Status.BACKGROUND
SHORTEST_NOTE = 20


def objections_to_visit(*, note: str, minutes: int, held_at: datetime, now: datetime) -> list[Objection]:
    """What stands against writing a visit down."""
    found = []
    if len(note.strip()) < SHORTEST_NOTE:
        found.append(unlisted("note", "Write what the team needs to know, in a sentence or two.", "note"))
    if not 5 <= minutes <= 480:
        found.append(unlisted("minutes", "The length must lie between 5 and 480 minutes.", "minutes"))
    if held_at > now:
        found.append(
            unlisted("future", "The visit lies in the future; write it down once it was held.", "held_at")
        )
    return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparation has brought so far."""

    visits: int
    goals: int
    concerns_asked: bool
    choices_made: bool


def objections_to_finishing_preparation(prepared: Prepared) -> list[Objection]:
    """What is still missing before preparation counts as done. All of it at once."""
    found = []
    if prepared.visits < 1:
        found.append(unlisted("visit", "No preparation visit has been written down yet."))
    if prepared.goals < 1:
        found.append(unlisted("goals", "No goal has been named yet."))
    if not prepared.concerns_asked:
        found.append(unlisted("concerns", "Hopes and concerns have not been asked about yet."))
    if not prepared.choices_made:
        found.append(
            unlisted("choices", "The choices about touch, music, recording and stopping are not made yet.")
        )
    return found


@dataclass(frozen=True, slots=True)
class IntegrationDue:
    """When a session's integration should take place."""

    from_at: datetime
    until_at: datetime

    def late(self, now: datetime) -> bool:
        """Whether the window has passed."""
        return now > self.until_at


def integration_due(left_at: datetime) -> IntegrationDue:
    """The window for the first integration visit after a session."""
    return IntegrationDue(left_at + INTEGRATION_FROM, left_at + INTEGRATION_UNTIL)
