"""Pure: an alert's clock and its way from raised to answered.

An alert always has an owner (H34), always has a time by which somebody must act (H08), and is never
closed by the passing of time (H12): when the time passes it goes to the next person, for ever.
All times are the clinic's numbers (`defaults`), which a director signs.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from openkap.alerts.numbers import AlertNumbers
from openkap.alerts.reasons import AlertsReason
from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.wording import sentence as _

OUTCOMES = {
    "spoke": _("Spoke with the person; safe for now"),
    "plan": _("Safety plan made or renewed"),
    "higher_care": _("Sent to a higher level of care"),
    "treated": _("Treated or corrected here"),
    "no_contact": _("Could not be reached; further steps written down"),
    "no_action": _("Nothing further is needed"),
}


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert as its rules see it."""

    severity: str
    owner: uuid.UUID
    due_at: datetime
    escalations: int = 0
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.answered_at is None


def raised(*, severity: str, owner: uuid.UUID, numbers: AlertNumbers, at: datetime) -> AlertState:
    """A new alert. The clock starts at once, not when somebody looks."""
    return AlertState(severity=severity, owner=owner, due_at=at + numbers.to_acknowledge(severity))


def objections_to_acknowledging(
    state: AlertState, *, by: uuid.UUID | None, may_take: bool
) -> list[Objection]:
    """The owner acknowledges, once; whoever may answer for the person may take it and is its owner then."""
    objections = _objections_if_closed(state)
    if state.is_open and by != state.owner and not may_take:
        objections.append(AlertsReason.WITH_SOMEBODY_ELSE())
    if state.is_open and by == state.owner and state.acknowledged_at is not None:
        objections.append(AlertsReason.ALREADY_ACKNOWLEDGED())
    return objections


def acknowledged(state: AlertState, *, numbers: AlertNumbers, at: datetime) -> AlertState:
    """Seen by its owner; now the time to answer runs."""
    return replace(state, acknowledged_at=at, due_at=at + numbers.to_answer(state.severity))


def taken(state: AlertState, *, by: uuid.UUID, numbers: AlertNumbers, at: datetime) -> AlertState:
    """Seen by somebody else who takes it: theirs now, and the time to answer runs."""
    return acknowledged(replace(state, owner=by), numbers=numbers, at=at)


def no_such_alert() -> Refused:
    """The alert is not this clinic's."""
    return Refused(AlertsReason.NO_SUCH_ALERT())


def nobody_answers() -> Refused:
    """No alert is ever unowned (hazard H34)."""
    return Refused(AlertsReason.NOBODY_ANSWERS())


def objections_to_handing_over(
    state: AlertState, *, to: uuid.UUID, why: str, may_answer: bool
) -> list[Objection]:
    """An alert goes to another person who may answer it, with a reason."""
    objections = _objections_if_closed(state)
    if to == state.owner:
        objections.append(AlertsReason.ALREADY_THEIRS("to"))
    if not why.strip():
        objections.append(AlertsReason.WHY_MISSING("why"))
    if not may_answer:
        objections.append(AlertsReason.CANNOT_ANSWER("to"))
    return objections


def handed_over(state: AlertState, *, to: uuid.UUID, numbers: AlertNumbers, at: datetime) -> AlertState:
    """The new owner has to acknowledge for themself; the clock starts anew."""
    return replace(state, owner=to, acknowledged_at=None, due_at=at + numbers.to_acknowledge(state.severity))


def objections_to_answering(
    state: AlertState, *, by: uuid.UUID | None, outcome: str, note: str
) -> list[Objection]:
    """An answer comes from the owner, after acknowledging, with an outcome and what was done."""
    objections = _objections_if_closed(state)
    if state.is_open and by != state.owner:
        objections.append(AlertsReason.TAKE_OVER_FIRST())
    if state.is_open and state.acknowledged_at is None:
        objections.append(AlertsReason.NOT_ACKNOWLEDGED())
    if outcome not in OUTCOMES:
        objections.append(AlertsReason.OUTCOME_MISSING("outcome"))
    if not note.strip():
        objections.append(AlertsReason.NOTE_MISSING("note"))
    return objections


def answered(state: AlertState, *, at: datetime) -> AlertState:
    """Closed, by a person."""
    return replace(state, answered_at=at)


def is_overdue(state: AlertState, *, at: datetime) -> bool:
    """Whether the time to act has passed."""
    return state.is_open and at >= state.due_at


def escalated(
    state: AlertState, *, chain: Sequence[uuid.UUID], numbers: AlertNumbers, at: datetime
) -> AlertState:
    """The alert with the next person of the chain; with nobody else there, it stays and is due again."""
    others = [person for person in chain if person != state.owner]
    after = list(chain).index(state.owner) if state.owner in chain else -1
    later = [person for person in list(chain)[after + 1 :] if person != state.owner]
    owner = (later or others or [state.owner])[0]
    return replace(
        state,
        owner=owner,
        acknowledged_at=None,
        escalations=state.escalations + 1,
        due_at=at + numbers.to_acknowledge(state.severity),
    )


def _objections_if_closed(state: AlertState) -> list[Objection]:
    if state.is_open:
        return []
    return [AlertsReason.ALREADY_ANSWERED()]
