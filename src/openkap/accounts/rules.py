"""Pure: who may be given a duty, and by whom. A duty is a person's, never a role's.

The administrator names the medical director; the medical director names, by signature, who is competent for
the independent check of order, vial and pump. Nobody names themself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from openkap.kernel.refusal import Objection, unlisted

MEDICAL_DIRECTOR, INDEPENDENT_CHECK = "medical_director", "independent_check"
ADMINISTRATOR, PRESCRIBER = "administrator", "prescriber"
TREATING = frozenset({"prescriber", "nurse", "therapist"})


class Reason(StrEnum):
    """Why a duty is not given."""

    DUTY_UNKNOWN = "DUTY_UNKNOWN"
    BY_ADMINISTRATOR = "BY_ADMINISTRATOR"
    BY_DIRECTOR = "BY_DIRECTOR"
    NOT_ONESELF = "NOT_ONESELF"
    NOT_HERE = "NOT_HERE"
    NOT_A_PRESCRIBER = "NOT_A_PRESCRIBER"
    NOT_TREATING = "NOT_TREATING"
    HELD_ALREADY = "HELD_ALREADY"
    WHY_MISSING = "WHY_MISSING"
    ENDED_ALREADY = "ENDED_ALREADY"


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
        objections.append(unlisted(Reason.NOT_ONESELF, "Nobody names themself.", "membership"))
    if not who.is_here:
        objections.append(unlisted(Reason.NOT_HERE, "This person has left the clinic.", "membership"))
    if duty == MEDICAL_DIRECTOR and who.role != PRESCRIBER:
        text = "The medical director is a prescriber."
        objections.append(unlisted(Reason.NOT_A_PRESCRIBER, text, "membership"))
    if duty == INDEPENDENT_CHECK and who.role not in TREATING:
        text = "The independent check is made by somebody who treats people here."
        objections.append(unlisted(Reason.NOT_TREATING, text, "membership"))
    if who.holds_it:
        objections.append(unlisted(Reason.HELD_ALREADY, "This person has this duty already.", "membership"))
    return objections


def objections_to_namer(duty: str, *, by: Namer) -> list[Objection]:
    """Who may give, or end, a duty."""
    if duty == MEDICAL_DIRECTOR:
        if by.role == ADMINISTRATOR:
            return []
        return [unlisted(Reason.BY_ADMINISTRATOR, "An administrator names the medical director.")]
    if duty == INDEPENDENT_CHECK:
        if by.is_director:
            return []
        return [unlisted(Reason.BY_DIRECTOR, "The medical director names who is competent for it.")]
    return [unlisted(Reason.DUTY_UNKNOWN, "There is no such duty.", "duty")]


def objections_to_ending(duty: str, *, by: Namer, ended: bool, why: str) -> list[Objection]:
    """Everything against ending a duty."""
    objections = objections_to_namer(duty, by=by)
    if ended:
        objections.append(unlisted(Reason.ENDED_ALREADY, "This duty has ended already."))
    if not why.strip():
        objections.append(unlisted(Reason.WHY_MISSING, "Say why it ends.", "why"))
    return objections
