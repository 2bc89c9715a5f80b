"""Pure: when somebody is here, whom a message goes to when nobody is, and what a patient may be promised.

The one rule behind it (hazard H12): a patient is told only what is set up. A clinic that has written down
neither hours nor people on call promises nothing, and says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from openkap.alerts.numbers import AlertNumbers
from openkap.alerts.reasons import AlertsReason
from openkap.defaults.loading import range_of
from openkap.kernel.refusal import Objection

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """The clinic's opening hours by weekday, in its own zone, and the days it is closed all the same."""

    zone: ZoneInfo
    by_day: Mapping[str, tuple[time, time]]
    closed_on: frozenset[date] = frozenset()

    def of(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when somebody is here on a day, or None."""
        hours = self.by_day.get(DAYS[day.weekday()])
        if hours is None or day in self.closed_on:
            return None
        start, end = hours
        return (
            datetime.combine(day, start, tzinfo=self.zone),
            datetime.combine(day, end, tzinfo=self.zone),
        )

    def closes_at(self, at: datetime) -> datetime | None:
        """Until when the clinic is open, if it is open at this moment."""
        hours = self.of(at.astimezone(self.zone).date())
        return hours[1] if hours and hours[0] <= at < hours[1] else None

    def next_opening(self, at: datetime) -> datetime | None:
        """When somebody is here again; None when no opening is in sight."""
        today = at.astimezone(self.zone).date()
        for ahead in range(LOOKED_AHEAD_DAYS):
            hours = self.of(today + timedelta(days=ahead))
            if hours and hours[0] > at:
                return hours[0]
        return None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message that went to a person on call: when, and whether it is known not to have gone out."""

    to: uuid.UUID
    at: datetime
    undelivered: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a person on call is sent a message, and how many times before the next person is."""

    every: timedelta
    each: int


def pace_by(numbers: AlertNumbers) -> Pace:
    """How often messages go out where the cover does not say."""
    return Pace(timedelta(minutes=numbers.message_every_minutes), numbers.messages_each_count)


def next_message(
    on_call: Sequence[uuid.UUID], sent: Sequence[SentMessage], *, pace: Pace, at: datetime
) -> uuid.UUID | None:
    """Whom to send a message now, or None when it is not yet time.

    The first on call hears it at once, again after each pause, and then the next does, round and round
    until somebody takes the alert. What is known not to have gone out is not waited for, until a whole round
    has not gone out: then the pause counts again.
    """
    if not on_call:
        return None
    if not sent:
        return on_call[0]
    last = sent[-1]
    following, round_ = _after(on_call, last.to), sent[-len(on_call) :]
    lost = len(round_) == len(on_call) and all(message.undelivered for message in round_)
    if last.undelivered and not lost:
        return following
    if at - last.at < pace.every:
        return None
    if last.undelivered:
        return following
    in_a_row = 0
    for message in reversed(sent):
        if message.to != last.to:
            break
        in_a_row += 1
    return last.to if in_a_row < pace.each and last.to in on_call else following


def _after(on_call: Sequence[uuid.UUID], person: uuid.UUID) -> uuid.UUID:
    if person not in on_call:
        return on_call[0]
    return on_call[(list(on_call).index(person) + 1) % len(on_call)]


def calls_for_a_message(
    *, severity: str, acknowledged: bool, escalations: int, is_open: bool, hours: Hours | None, at: datetime
) -> bool:
    """Whether an alert must leave the building: nobody is here to see it, or nobody has."""
    if severity != "urgent" or acknowledged or not is_open:
        return False
    here = hours is not None and hours.closes_at(at) is not None
    return not here or escalations > 0


class Promise(StrEnum):
    """What a patient is told about when the clinic learns of it."""

    OPEN = "open"
    ON_CALL = "on_call"
    CLOSED = "closed"
    NOT_SET_UP = "not_set_up"


@dataclass(frozen=True, slots=True)
class Told:
    """What may be promised at a moment: which promise, and the time that belongs to it."""

    promise: Promise
    until: datetime | None = None


def promised(hours: Hours | None, *, somebody_on_call: bool, at: datetime) -> Told:
    """What a patient may be told now (H12): nothing that has not been set up."""
    closes = hours.closes_at(at) if hours else None
    if closes is not None:
        return Told(Promise.OPEN, closes)
    opening = hours.next_opening(at) if hours else None
    if somebody_on_call:
        return Told(Promise.ON_CALL, opening)
    return Told(Promise.CLOSED, opening) if opening else Told(Promise.NOT_SET_UP)


@dataclass(frozen=True, slots=True)
class CoverCandidate:
    """A person who could be on call, as the rules see them."""

    membership: uuid.UUID
    role: str
    is_here: bool
    email: str


@dataclass(frozen=True, slots=True)
class CoverDraft:
    """A cover before it is signed."""

    by_day: Mapping[str, tuple[time | None, time | None]]
    on_call: Sequence[CoverCandidate | None]
    pace: Pace
    lines: Sequence[Mapping[str, object]] = field(default_factory=tuple)


def objections_to_cover(draft: CoverDraft, *, clinical_roles: frozenset[str]) -> list[Objection]:
    """Why a cover cannot be signed. Every objection at once."""
    objections = []
    for day, (start, end) in draft.by_day.items():
        if (start is None) != (end is None):
            objections.append(AlertsReason.HALF_A_DAY(f"{day}_from"))
        elif start is not None and end is not None and start >= end:
            objections.append(AlertsReason.DAY_ENDS_FIRST(f"{day}_to"))
    people = [person for person in draft.on_call if person is not None]
    if any(person.role not in clinical_roles or not person.is_here for person in people):
        objections.append(AlertsReason.ON_CALL_CLINICIANS_ONLY("on_call_1"))
    if any(not person.email for person in people):
        objections.append(AlertsReason.ON_CALL_NO_ADDRESS("on_call_1"))
    if len({person.membership for person in people}) < len(people):
        objections.append(AlertsReason.ON_CALL_TWICE("on_call_2"))
    return objections + _objections_to_pace(draft.pace) + _objections_to_lines(draft.lines)


def _objections_to_pace(pace: Pace) -> list[Objection]:
    objections = []
    low, high = range_of("alerts.message_every_minutes")
    if not timedelta(minutes=low) <= pace.every <= timedelta(minutes=high):
        objections.append(AlertsReason.EVERY_OUT_OF_RANGE("every_minutes", low=low, high=high))
    low, high = range_of("alerts.messages_each_count")
    if not low <= pace.each <= high:
        objections.append(AlertsReason.EACH_OUT_OF_RANGE("each", low=low, high=high))
    return objections


def _objections_to_lines(lines: Sequence[Mapping[str, object]]) -> list[Objection]:
    wrong = [
        row for row in lines if not row["name"] or sum(letter.isdigit() for letter in str(row["number"])) < 3
    ]
    if wrong:
        return [AlertsReason.LINE_INCOMPLETE("lines")]
    return []
