"""Pure: who may be given a duty, and by whom. A duty is a person's, never a role's.

The administrator names the medical director; the medical director names, by signature, who is competent for
the independent check of order, vial and pump. Nobody names themself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from openkap.accounts.reasons import AccountsReason
from openkap.kernel.refusal import Objection

MEDICAL_DIRECTOR, INDEPENDENT_CHECK = "medical_director", "independent_check"
ADMINISTRATOR, PRESCRIBER = "administrator", "prescriber"
TREATING = frozenset({"prescriber", "nurse", "therapist"})


@dataclass(frozen=True, slots=True)
class Namer:
    """Who names, in which role, and whether they are the medical director now."""

    user_id: uuid.UUID | None
    role: str
    is_director: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is named: as which member, still here or not, and whether the duty is held already."""

    user_id: uuid.UUID
    role: str
    is_here: bool = True
    holds_it: bool = False


def objections_to_naming(duty: str, who: Candidate, *, by: Namer) -> list[Objection]:
    """Everything against giving this duty to this person."""
    objections = objections_to_namer(duty, by=by)
    if by.user_id is None or who.user_id == by.user_id:
        objections.append(AccountsReason.NOT_ONESELF("membership"))
    if not who.is_here:
        objections.append(AccountsReason.LEFT_THE_CLINIC("membership"))
    if duty == MEDICAL_DIRECTOR and who.role != PRESCRIBER:
        objections.append(AccountsReason.NOT_A_PRESCRIBER("membership"))
    if duty == INDEPENDENT_CHECK and who.role not in TREATING:
        objections.append(AccountsReason.NOT_TREATING("membership"))
    if who.holds_it:
        objections.append(AccountsReason.HELD_ALREADY("membership"))
    return objections


def objections_to_namer(duty: str, *, by: Namer) -> list[Objection]:
    """Who may give, or end, a duty."""
    if duty == MEDICAL_DIRECTOR:
        if by.role == ADMINISTRATOR:
            return []
        return [AccountsReason.BY_ADMINISTRATOR()]
    if duty == INDEPENDENT_CHECK:
        if by.is_director:
            return []
        return [AccountsReason.BY_DIRECTOR()]
    return [AccountsReason.DUTY_UNKNOWN("duty")]


def objections_to_ending(duty: str, *, by: Namer, ended: bool, why: str) -> list[Objection]:
    """Everything against ending a duty."""
    objections = objections_to_namer(duty, by=by)
    if ended:
        objections.append(AccountsReason.ENDED_ALREADY())
    if not why.strip():
        objections.append(AccountsReason.WHY_MISSING("why"))
    return objections
