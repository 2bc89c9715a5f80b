"""Pure: who proposes and who signs one of the clinic's numbers, and within which range."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openkap.defaults.numbers import Number
from openkap.defaults.reasons import DefaultsReason
from openkap.kernel.refusal import Objection, Refused


def objections_to_proposing(number: Number | None, value: int, *, now: int, why: str) -> list[Objection]:
    """A number changes within the range that ships, with a reason."""
    if number is None:
        return [DefaultsReason.NO_SUCH_NUMBER("number")]
    objections = []
    if not number.low <= value <= number.high:
        objections.append(DefaultsReason.OUT_OF_RANGE("value", value=value, low=number.low, high=number.high))
    if value == now:
        objections.append(DefaultsReason.NOTHING_CHANGED("value"))
    if not why.strip():
        objections.append(DefaultsReason.WHY_MISSING("why"))
    return objections


def objections_to_signer(*, director: str, is_director: bool) -> list[Objection]:
    """Only the person whom the administrator named medical director signs; no role does."""
    if not director:
        return [DefaultsReason.NO_DIRECTOR()]
    if not is_director:
        return [DefaultsReason.NOT_THE_DIRECTOR(director=director)]
    return []


def objections_to_signing(*, proposed_by: object, signer: object, signed: bool) -> list[Objection]:
    """One person proposes, another signs; never the same (H45)."""
    objections = []
    if signed:
        objections.append(DefaultsReason.SIGNED_ALREADY())
    if signer is None or proposed_by == signer:
        objections.append(DefaultsReason.OWN_PROPOSAL())
    return objections


def objections_to_signing_shipped(
    keys: Sequence[str], *, known: Collection[str], signed: Collection[str]
) -> list[Objection]:
    """Numbers that ship are signed once, each by its key; one that was changed is not signed back unseen."""
    if not keys:
        return [DefaultsReason.NOTHING_CHOSEN("numbers")]
    objections = [DefaultsReason.NO_SUCH_NUMBER("numbers") for key in keys if key not in known]
    return objections + [DefaultsReason.NUMBER_SIGNED("numbers", number=key) for key in keys if key in signed]


def no_such_proposal() -> Refused:
    """The proposal is not this clinic's."""
    return Refused(DefaultsReason.NO_SUCH_PROPOSAL())
