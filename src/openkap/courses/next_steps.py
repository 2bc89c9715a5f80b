"""Pure: what a list shows of a course: the step that comes next, and until which day that holds.

Steps move by acts, and by time alone: a session's day comes, a screening runs out. `count` says until which
day its answer holds if nobody acts, so that a kept answer is never shown on a day it was not made for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openkap.courses import rules
from openkap.courses.reasons import CoursesReason
from openkap.courses.rules import CourseState, CourseStep
from openkap.kernel.refusal import Objection

DAY = timedelta(days=1)
FOR_A_PRESCRIBER = frozenset(
    {
        CoursesReason.NO_ORDER,
        CoursesReason.ORDER_NEEDS_SECOND,
        CoursesReason.NOT_SCREENED,
        CoursesReason.SCREENED_NOT_NOW,
        CoursesReason.SCREENED_EXCLUDED,
        CoursesReason.SCREENING_NEEDS_SECOND,
        CoursesReason.SCREENING_EXPIRED,
    }
)


@dataclass(frozen=True, slots=True)
class CourseOutlook:
    """The step that comes next (None when all is done), the day of the next dose, and how many were given.

    It holds from the day it was made for until `holds_until`, that day included; None for ever.
    """

    step: CourseStep | None
    next_dose_on: date | None
    sessions: int
    held: int
    holds_until: date | None


def count(state: CourseState, *, today: date) -> CourseOutlook:
    """What comes next in a course as it stands today."""
    steps = rules.steps(state, today=today)
    doses = [step for step in steps if step.key == "dosing"]
    ahead = sorted(step.planned_on for step in doses if step.planned_on and not step.done)
    return CourseOutlook(
        step=next((step for step in steps if not step.done), None),
        next_dose_on=ahead[0] if ahead else None,
        sessions=len(doses),
        held=sum(step.done for step in doses),
        holds_until=_holds_until(state, today=today),
    )


def _holds_until(state: CourseState, *, today: date) -> date | None:
    """The last day before time alone may move a step: a session's day, or the end of a screening."""
    moving = {session.planned_on for session in state.sessions}
    if state.screening_valid_until is not None:
        moving.add(state.screening_valid_until + DAY)
    ahead = [day for day in moving if day > today]
    return min(ahead) - DAY if ahead else None


def needs_prescriber(step: CourseStep) -> bool:
    """Whether the step is a prescriber's, or waits for what only a prescriber can do."""
    return step.who == "prescriber" or any(it.reason in FOR_A_PRESCRIBER for it in step.blocks)


def kept(blocks: Iterable[Objection]) -> list[dict[str, Any]]:
    """Objections as a column keeps them: code, field, and what each speaks of."""
    return [
        {
            "code": it.code,
            "field": it.field,
            "params": {name: _kept(value) for name, value in it.params.items()},
        }
        for it in blocks
    ]


def _kept(value: Any) -> Any:
    """A text or a number as it is, a day by its name. Raises `TypeError` for what would come back changed."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"day": value.isoformat()}
    if isinstance(value, (str, int)):
        return value
    raise TypeError(f"What a step waits for speaks of a {type(value).__name__}, which is not kept.")


def restored(blocks: Iterable[Mapping[str, Any]]) -> tuple[Objection, ...]:
    """The objections a column keeps."""
    return tuple(
        CoursesReason[it["code"]](
            it["field"], **{name: _restored(value) for name, value in it["params"].items()}
        )
        for it in blocks
    )


def _restored(value: Any) -> Any:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
