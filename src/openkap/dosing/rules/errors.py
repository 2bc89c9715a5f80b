"""May this be called entered in error? Whatever was charted by hand may, once, with a reason. Pure (H39)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkap.dosing.reasons import DosingReason
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class Charted:
    """An entry of a session: whether a hand made it, and whether it has been called an error already."""

    by_hand: bool
    in_error: bool


def objections_to_error(entry: Charted | None, *, why: str, is_person: bool) -> list[Objection]:
    """Everything against calling an entry an error. What a monitor sent is settled on its mark."""
    if entry is None:
        return [DosingReason.NO_SUCH_ENTRY()]
    objections = []
    if not entry.by_hand:
        objections.append(DosingReason.NOT_BY_HAND())
    if entry.in_error:
        objections.append(DosingReason.ERROR_ALREADY())
    if not why.strip():
        objections.append(DosingReason.ERROR_WITHOUT_REASON("why"))
    if not is_person:
        objections.append(DosingReason.ERROR_BY_PERSON())
    return objections


def objections_to_correction(codes: Collection[str], values: Mapping[str, Decimal]) -> list[Objection]:
    """A correction says the same things anew: all of them, and nothing else."""
    if set(values) == set(codes):
        return []
    return [DosingReason.NOTHING_CORRECTED("values")]
