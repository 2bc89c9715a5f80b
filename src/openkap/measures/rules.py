"""Pure: what may be asked, answered, handed in and typed in, and what an answer calls for at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.statement import Stated
from openkap.measures.instruments.instrument import (
    SUICIDE_OPEN,
    SUICIDE_POSITIVE,
    SUICIDE_TAKEN_BACK,
    Instrument,
)
from openkap.measures.reasons import MeasuresReason
from openkap.measures.statements import MeasuresStatement

Answers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AssignmentStanding:
    """Where an assignment stands."""

    handed_in: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What an answer calls for: the kind, what it says and the urgency of an alert."""

    kind: str
    says: Stated
    severity: str


def calls(instrument: Instrument, flags: tuple[str, ...]) -> list[Call]:
    """The alerts a set of flags calls for. An open critical item is looked at, not taken for a no (H12)."""
    calls_made = []
    items = list(instrument.critical)
    if SUICIDE_POSITIVE in flags:
        says = MeasuresStatement.ABOVE_ZERO(measure=instrument.name, items=items)
        calls_made.append(Call("suicidality", says, "urgent"))
    if SUICIDE_OPEN in flags:
        says = MeasuresStatement.LEFT_OPEN(measure=instrument.name, items=items)
        calls_made.append(Call("suicidality_open", says, "soon"))
    return calls_made


def taken_back(
    instrument: Instrument, taps: Sequence[tuple[str, int]], *, answers: Answers
) -> tuple[str, ...]:
    """The flag of a critical answer that was above zero and was changed to zero before handing in (H12)."""
    was = {item for item, value in taps if item in instrument.critical and value > 0}
    return (SUICIDE_TAKEN_BACK,) if any(answers.get(item) == 0 for item in was) else ()


def needs_help(instrument: Instrument, answers: Answers) -> bool:
    """Whether help is shown on every screen from now on."""
    return SUICIDE_POSITIVE in instrument.critical_flags(answers)


def _objections_to_standing(standing: AssignmentStanding) -> list[Objection]:
    if standing.handed_in:
        return [MeasuresReason.HANDED_IN()]
    if standing.withdrawn:
        return [MeasuresReason.WITHDRAWN()]
    return []


def objections_to_assigning(instrument: Instrument | None, *, has_wording: bool) -> list[Objection]:
    """Why a measure cannot be given out."""
    if instrument is None:
        return [MeasuresReason.UNKNOWN_MEASURE("measure")]
    if not has_wording:
        return [MeasuresReason.NO_WORDING("measure", name=instrument.name)]
    return []


def objections_to_sending(standing: AssignmentStanding, *, has_address: bool) -> list[Objection]:
    """Why a link cannot be sent."""
    objections = _objections_to_standing(standing)
    if not has_address:
        objections.append(MeasuresReason.NO_EMAIL())
    return objections


def objections_to_answering(
    instrument: Instrument, standing: AssignmentStanding, *, item: str, value: int
) -> list[Objection]:
    """Why an answer cannot be kept."""
    objections = _objections_to_standing(standing)
    if not instrument.allows(item, value):
        objections.append(MeasuresReason.NOT_A_CHOICE("value"))
    return objections


def objections_to_handing_in(standing: AssignmentStanding, *, answers: Answers) -> list[Objection]:
    """Why answers cannot be handed in. Gaps are allowed; nothing at all is not."""
    objections = _objections_to_standing(standing)
    if not answers:
        objections.append(MeasuresReason.NOTHING_ANSWERED())
    return objections


def objections_to_withdrawing(standing: AssignmentStanding, *, why: str) -> list[Objection]:
    """Why a measure cannot be taken back."""
    objections = _objections_to_standing(standing)
    if not why.strip():
        objections.append(MeasuresReason.WHY_MISSING("why"))
    return objections


def objections_to_entering(
    instrument: Instrument, standing: AssignmentStanding, *, answers: Answers, total: Decimal | None
) -> list[Objection]:
    """Why something from paper cannot be kept: impossible, or silent about a critical item (H12)."""
    objections = _objections_to_standing(standing)
    wrong = [item for item, value in answers.items() if not instrument.allows(item, value)]
    if wrong:
        objections.append(
            MeasuresReason.ANSWERS_IMPOSSIBLE("critical", name=instrument.name, wrong=", ".join(wrong))
        )
    for item in instrument.critical:
        if item not in answers:
            objections.append(MeasuresReason.CRITICAL_MISSING("critical", item=item))
    if total is None and not answers:
        objections.append(MeasuresReason.NOTHING_ANSWERED())
    if total is not None and not objections:
        objections += _objections_to_total(instrument, answers, total=total)
    return objections


def _objections_to_total(instrument: Instrument, answers: Answers, *, total: Decimal) -> list[Objection]:
    if not 0 <= total <= instrument.highest_total or total != total.to_integral_value():
        return [
            MeasuresReason.TOTAL_IMPOSSIBLE(
                "total", name=instrument.name, highest_total=instrument.highest_total
            )
        ]
    if not _fits(
        instrument, total, given={item: answers[item] for item in instrument.items if item in answers}
    ):
        return [MeasuresReason.TOTAL_DOES_NOT_FIT("total")]
    return []


def _fits(instrument: Instrument, total: Decimal, *, given: Answers) -> bool:
    known = sum(given.values())
    others = instrument.highest * (len(instrument.items) - len(given))
    return known <= total <= known + others


def next_screen(instrument: Instrument, answers: Answers, *, after: str = "") -> str | None:
    """The first question that is still open behind the one just answered, else the first open one."""
    screens = instrument.screens
    start = screens.index(after) + 1 if after in screens else 0
    order = screens[start:] + screens[:start]
    return next((item for item in order if item not in answers), None)


def before(instrument: Instrument, item: str) -> str | None:
    """The question before this one."""
    place = instrument.screens.index(item)
    return instrument.screens[place - 1] if place else None


def change_in_words(first: Decimal | None, now: Decimal | None) -> str:
    """How far a total has moved from the first one."""
    if first is None or now is None:
        return ""
    step = now - first
    sign = "+" if step > 0 else "−" if step < 0 else "±"
    share = f" ({sign}{abs(step) * 100 / first:.0f} %)" if first else ""
    return f"{sign}{abs(step).normalize():f}{share}"


def no_such_assignment() -> Refused:
    """Nobody was asked for this."""
    return Refused(MeasuresReason.NO_SUCH_ASSIGNMENT())


def objections_to_paper(*, known: bool) -> list[Objection]:
    """What stands against typing in a measure from paper, before its answers are looked at."""
    return [] if known else [MeasuresReason.UNKNOWN_MEASURE("measure")]
