"""Pure: when a person is asked how they are, what the answers mean, and when silence must be answered.

The times and the patience after each are the clinic's numbers; hazard H13 asks for the one at 24 h. No
answer is ever read as a good one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from openkap.followup.numbers import CheckInNumbers
from openkap.followup.phrases import CheckInTime
from openkap.followup.reasons import FollowupReason
from openkap.followup.statements import ConcernStatement, FollowupStatement
from openkap.kernel.refusal import Objection
from openkap.kernel.statement import Stated
from openkap.kernel.wording import sentence as _


class CheckInKind(StrEnum):
    """Which check-in after a session."""

    TWO_HOURS = "2h"
    ONE_DAY = "24h"
    THREE_DAYS = "72h"
    ONE_WEEK = "7d"


class CheckInState(StrEnum):
    """Where a check-in stands at a moment."""

    PLANNED = "planned"
    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class CheckInStep:
    """One check-in of the schedule: how long after leaving, and how long we wait for an answer."""

    kind: CheckInKind
    after: timedelta
    patience: timedelta


WORDS = {
    CheckInKind.TWO_HOURS: CheckInTime.TWO_HOURS,
    CheckInKind.ONE_DAY: CheckInTime.ONE_DAY,
    CheckInKind.THREE_DAYS: CheckInTime.THREE_DAYS,
    CheckInKind.ONE_WEEK: CheckInTime.ONE_WEEK,
}


def schedule(numbers: CheckInNumbers) -> tuple[CheckInStep, ...]:
    """The check-ins after a session, by the clinic's numbers."""
    hours = (
        (CheckInKind.TWO_HOURS, numbers.first_after_hours, numbers.first_waits_hours),
        (CheckInKind.ONE_DAY, numbers.second_after_hours, numbers.second_waits_hours),
        (CheckInKind.THREE_DAYS, numbers.third_after_hours, numbers.third_waits_hours),
        (CheckInKind.ONE_WEEK, numbers.fourth_after_hours, numbers.fourth_waits_hours),
    )
    return tuple(
        CheckInStep(kind, timedelta(hours=after), timedelta(hours=waits)) for kind, after, waits in hours
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A check-in with its times."""

    kind: CheckInKind
    due_at: datetime
    late_at: datetime


def plan(left_at: datetime, *, numbers: CheckInNumbers) -> list[Planned]:
    """The check-ins that follow a session. Elapsed time, so a change of the clock moves none of them."""
    return [
        Planned(step.kind, left_at + step.after, left_at + step.after + step.patience)
        for step in schedule(numbers)
    ]


def state(
    *, due_at: datetime, late_at: datetime, answered: bool, called_off: bool, now: datetime
) -> CheckInState:
    """Where a check-in stands, from its facts and the time alone, so that no restart can lose it."""
    if answered:
        return CheckInState.ANSWERED
    if called_off:
        return CheckInState.CALLED_OFF
    if now >= late_at:
        return CheckInState.OVERDUE
    return CheckInState.OPEN if now >= due_at else CheckInState.PLANNED


_FIRST = (CheckInState.OVERDUE, CheckInState.OPEN, CheckInState.PLANNED)


def in_order(state: CheckInState, *, due_at: datetime) -> tuple[int, float]:
    """Where a check-in stands on a page: what waits, the oldest first; then what was, the newest first."""
    if state in _FIRST:
        return _FIRST.index(state), due_at.timestamp()
    return len(_FIRST), -due_at.timestamp()


@dataclass(frozen=True, slots=True)
class CheckInQuestion:
    """One question of a check-in, in our own words."""

    name: str
    text: str
    choices: tuple[tuple[str, str], ...]
    kinds: frozenset[CheckInKind] = frozenset(CheckInKind)


_YES_NO = (("no", _("No")), ("yes", _("Yes")))
QUESTIONS = (
    CheckInQuestion(
        "feeling",
        _("How are you now?"),
        (("well", _("Well")), ("so_so", _("So-so")), ("not_well", _("Not well")), ("bad", _("Very bad"))),
    ),
    CheckInQuestion(
        "home",
        _("Are you home, with someone or able to reach someone?"),
        (("yes", _("Yes")), ("no", _("No"))),
        frozenset({CheckInKind.TWO_HOURS}),
    ),
    CheckInQuestion(
        "body",
        _("Do you have a bad headache, chest pain, trouble breathing, or vomiting that does not stop?"),
        _YES_NO,
        frozenset({CheckInKind.TWO_HOURS, CheckInKind.ONE_DAY}),
    ),
    CheckInQuestion(
        "unreal",
        _("Do you still feel unreal, confused or cut off?"),
        _YES_NO,
        frozenset({CheckInKind.ONE_DAY, CheckInKind.THREE_DAYS, CheckInKind.ONE_WEEK}),
    ),
    CheckInQuestion(
        "bladder",
        _("Does it hurt to pass water, do you have to go much more often, or is there blood in it?"),
        _YES_NO,
        frozenset({CheckInKind.THREE_DAYS, CheckInKind.ONE_WEEK}),
    ),
    CheckInQuestion(
        "sleep",
        _("How did you sleep?"),
        (("well", _("Well")), ("so_so", _("So-so")), ("badly", _("Badly"))),
        frozenset({CheckInKind.ONE_DAY, CheckInKind.THREE_DAYS, CheckInKind.ONE_WEEK}),
    ),
    CheckInQuestion("safe", _("Have you had thoughts of ending your life or hurting yourself?"), _YES_NO),
)


@dataclass(frozen=True, slots=True)
class CheckInConcern:
    """Something in the answers that a person of the clinic must answer."""

    code: str
    says: Stated
    urgent: bool


def questions_of(kind: CheckInKind) -> list[CheckInQuestion]:
    """The questions of one check-in, in order."""
    return [question for question in QUESTIONS if kind in question.kinds]


def concerns(answers: Mapping[str, str]) -> list[CheckInConcern]:
    """What the answers ask of the clinic, the most pressing first."""
    concerns_found = []
    if answers.get("safe") == "yes":
        concerns_found.append(CheckInConcern("suicidality", ConcernStatement.SUICIDALITY(), True))
    if answers.get("body") == "yes":
        concerns_found.append(CheckInConcern("body", ConcernStatement.BODY(), True))
    if answers.get("feeling") == "bad":
        concerns_found.append(CheckInConcern("very_bad", ConcernStatement.VERY_BAD(), True))
    if answers.get("home") == "no":
        concerns_found.append(CheckInConcern("alone", ConcernStatement.ALONE(), True))
    if answers.get("unreal") == "yes":
        concerns_found.append(CheckInConcern("unreal", ConcernStatement.UNREAL(), False))
    if answers.get("bladder") == "yes":
        concerns_found.append(CheckInConcern("LUTS", ConcernStatement.BLADDER(), False))
    if answers.get("feeling") == "not_well":
        concerns_found.append(CheckInConcern("not_well", ConcernStatement.NOT_WELL(), False))
    return concerns_found


def said_together(concerns: Sequence[CheckInConcern]) -> Stated:
    """Several concerns as one statement, the most pressing first."""
    first, *rest = concerns
    return FollowupStatement.AND_ALSO(first=first.says, rest=said_together(rest)) if rest else first.says


def objections_to(kind: CheckInKind, answers: Mapping[str, str], *, answered: bool) -> list[Objection]:
    """What is still missing, or is not one of the choices, all at once; or that it was answered before."""
    if answered:
        return [FollowupReason.ALREADY_ANSWERED()]
    objections = []
    for question in questions_of(kind):
        allowed = {value for value, _ in question.choices}
        given = answers.get(question.name, "")
        if given not in allowed:
            objections.append(FollowupReason.ANSWER_MISSING(question.name, text=question.text))
    return objections
