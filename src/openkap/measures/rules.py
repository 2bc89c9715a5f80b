"""Pure: what may be asked, answered, handed in and typed in, and what an answer calls for at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openkap.kernel.refusal import Objection, unlisted
from openkap.measures.instruments.instrument import (
    SUICIDE_OPEN,
    SUICIDE_POSITIVE,
    SUICIDE_TAKEN_BACK,
    Instrument,
)

Answers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an assignment stands."""

    handed_in: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What an answer calls for: the kind, the words and the urgency of an alert."""

    kind: str
    text: str
    severity: str


def calls(instrument: Instrument, flags: tuple[str, ...]) -> list[Call]:
    """The alerts a set of flags calls for. An open critical item is looked at, not taken for a no (H12)."""
    found = []
    items = ", ".join(instrument.critical)
    what = f"question {items} about thoughts of death or self-harm"
    if SUICIDE_POSITIVE in flags:
        found.append(Call("suicidality", f"{instrument.name}: {what} is answered above zero.", "urgent"))
    if SUICIDE_OPEN in flags:
        text = f"{instrument.name} came in without an answer to {what}. Ask in person."
        found.append(Call("suicidality_open", text, "soon"))
    return found


def taken_back(instrument: Instrument, taps: Sequence[tuple[str, int]], answers: Answers) -> tuple[str, ...]:
    """The flag of a critical answer that was above zero and was changed to zero before handing in (H12)."""
    was = {item for item, value in taps if item in instrument.critical and value > 0}
    return (SUICIDE_TAKEN_BACK,) if any(answers.get(item) == 0 for item in was) else ()


def needs_help(instrument: Instrument, answers: Answers) -> bool:
    """Whether help is shown on every screen from now on."""
    return SUICIDE_POSITIVE in instrument.critical_flags(answers)


def _objections_to_standing(standing: Standing) -> list[Objection]:
    if standing.handed_in:
        return [unlisted("handed_in", "These answers have been handed in. Thank you.")]
    if standing.withdrawn:
        return [unlisted("withdrawn", "The clinic no longer needs these answers.")]
    return []


def objections_to_assigning(instrument: Instrument | None, *, has_wording: bool) -> list[Objection]:
    """Why a measure cannot be given out."""
    if instrument is None:
        return [unlisted("measure", "There is no such measure here.", "measure")]
    if not has_wording:
        text = f"The wording of the {instrument.name} does not ship here. Type its score in instead."
        return [unlisted("wording", text, "measure")]
    return []


def objections_to_sending(standing: Standing, *, email: str) -> list[Objection]:
    """Why a link cannot be sent."""
    found = _objections_to_standing(standing)
    if not email:
        found.append(unlisted("email", "No e-mail address is on record. Copy the link instead."))
    return found


def objections_to_answering(
    instrument: Instrument, standing: Standing, *, item: str, value: int
) -> list[Objection]:
    """Why an answer cannot be kept."""
    found = _objections_to_standing(standing)
    if not instrument.allows(item, value):
        found.append(unlisted("answer", "Please choose one of the answers.", "value"))
    return found


def objections_to_handing_in(standing: Standing, *, answers: Answers) -> list[Objection]:
    """Why answers cannot be handed in. Gaps are allowed; nothing at all is not."""
    found = _objections_to_standing(standing)
    if not answers:
        found.append(unlisted("empty", "No question has been answered yet."))
    return found


def objections_to_withdrawing(standing: Standing, *, why: str) -> list[Objection]:
    """Why a measure cannot be taken back."""
    found = _objections_to_standing(standing)
    if not why.strip():
        found.append(unlisted("why", "Say why it is no longer needed.", "why"))
    return found


def objections_to_entering(
    instrument: Instrument, standing: Standing, *, answers: Answers, total: Decimal | None
) -> list[Objection]:
    """Why something from paper cannot be kept: impossible, or silent about a critical item (H12)."""
    found = _objections_to_standing(standing)
    wrong = [item for item, value in answers.items() if not instrument.allows(item, value)]
    if wrong:
        text = f"The {instrument.name} cannot have these answers: {', '.join(wrong)}."
        found.append(unlisted("answers", text, "critical"))
    for item in instrument.critical:
        if item not in answers:
            text = f"Type in the answer to question {item} too: it is looked at by itself."
            found.append(unlisted("critical", text, "critical"))
    if total is None and not answers:
        found.append(unlisted("empty", "No question has been answered yet."))
    if total is not None and not found:
        found += _objections_to_total(instrument, answers, total)
    return found


def _objections_to_total(instrument: Instrument, answers: Answers, total: Decimal) -> list[Objection]:
    if not 0 <= total <= instrument.highest_total or total != total.to_integral_value():
        text = f"The total of the {instrument.name} is a whole number from 0 to {instrument.highest_total}."
        return [unlisted("total", text, "total")]
    if not _fits(instrument, total, {item: answers[item] for item in instrument.items if item in answers}):
        return [unlisted("fits", "The total does not fit the answers that were typed in.", "total")]
    return []


def _fits(instrument: Instrument, total: Decimal, given: Answers) -> bool:
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
