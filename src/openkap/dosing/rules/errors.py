"""May this be called entered in error? Whatever was charted by hand may, once, with a reason. Pure (H39)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.refusal import Objection, unlisted


class Reason(StrEnum):
    """Why an entry is not called an error."""

    NO_SUCH_ENTRY = "NO_SUCH_ENTRY"
    NOT_BY_HAND = "NOT_BY_HAND"
    ERROR_ALREADY = "ERROR_ALREADY"
    ERROR_WITHOUT_REASON = "ERROR_WITHOUT_REASON"
    ERROR_BY_PERSON = "ERROR_BY_PERSON"
    NOTHING_CORRECTED = "NOTHING_CORRECTED"


@dataclass(frozen=True, slots=True)
class Charted:
    """An entry of a session: whether a hand made it, and whether it has been called an error already."""

    by_hand: bool
    in_error: bool


def objections_to_error(entry: Charted | None, *, why: str, is_person: bool) -> list[Objection]:
    """Everything against calling an entry an error. What a monitor sent is settled on its mark."""
    if entry is None:
        return [unlisted(Reason.NO_SUCH_ENTRY, "There is no such entry in this session.")]
    objections = []
    if not entry.by_hand:
        text = "Only what was charted by hand is entered in error. A monitor's value is settled on its mark."
        objections.append(unlisted(Reason.NOT_BY_HAND, text))
    if entry.in_error:
        objections.append(unlisted(Reason.ERROR_ALREADY, "This has been called an error already."))
    if not why.strip():
        objections.append(unlisted(Reason.ERROR_WITHOUT_REASON, "Say what was wrong with it.", "why"))
    if not is_person:
        objections.append(unlisted(Reason.ERROR_BY_PERSON, "Only a signed-in person corrects the chart."))
    return objections


def objections_to_correction(codes: Collection[str], values: Mapping[str, Decimal]) -> list[Objection]:
    """A correction says the same things anew: all of them, and nothing else."""
    if set(values) == set(codes):
        return []
    text = "Type the right value for everything this entry held."
    return [unlisted(Reason.NOTHING_CORRECTED, text, "values")]
