"""May the drug run? What bars starting, going on and giving faster, and who may lift it. Pure.

H08, H10, H11: a mark that asks for an act or a stop bars, whatever its cause and whatever the status of its
row; status never weakens a protection. It is lifted by measuring again, or by a prescriber's decision that
names this very mark.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openkap.dosing.causes import CONSENT, LOOK_NOW
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, unlisted
from openkap.protocols.pack import Guard

PRESCRIBER, NURSE = "prescriber", "nurse"
BARRING = frozenset({"act", "stop"})
NOT_TO_DECIDE = frozenset({CONSENT, LOOK_NOW})


class Reason(StrEnum):
    """Why the drug may not run, or why a decision is not one."""

    MARK_OPEN = "MARK_OPEN"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    ROLE = "ROLE"
    RATE_OVER_ORDER = "RATE_OVER_ORDER"
    WHY_MISSING = "WHY_MISSING"
    DECISION_BY_PRESCRIBER = "DECISION_BY_PRESCRIBER"
    DECISION_WITHOUT_REASON = "DECISION_WITHOUT_REASON"
    MARK_CLOSED = "MARK_CLOSED"
    NOT_TO_BE_DECIDED = "NOT_TO_BE_DECIDED"
    NOT_A_PERSONS = "NOT_A_PERSONS"
    WHICH_MISSING = "WHICH_MISSING"
    ACTION_MISSING = "ACTION_MISSING"
    BY_PERSON = "BY_PERSON"


@dataclass(frozen=True, slots=True)
class OpenMark:
    """A mark as it stands: what it says, how strongly, and whether a prescriber has decided about it."""

    id: uuid.UUID
    text: str
    action: str
    level: str
    cause: str = ""
    confirmed: bool = True
    decided: bool = False

    @property
    def bars(self) -> bool:
        """Whether the drug may not run while it stands."""
        return self.level in BARRING and not self.decided


def objections_to_running(marks: Sequence[OpenMark], *, consent_withdrawn: bool) -> list[Objection]:
    """Everything that bars a start, a resumption and a faster rate."""
    objections = []
    if consent_withdrawn:
        text = "The consent was withdrawn. Nothing more is given in this session."
        objections.append(unlisted(Reason.CONSENT_WITHDRAWN, text))
    for mark in marks:
        if mark.bars:
            more = "" if mark.confirmed else " (A limit not confirmed by this clinic; it bars all the same.)"
            objections.append(unlisted(Reason.MARK_OPEN, f"{mark.text}: {mark.action}{more}", "marks"))
    return objections


def objections_to_interval(
    last_at: datetime | None, *, guard: Guard, agreed: bool, at: datetime
) -> list[Objection]:
    """Too soon after the last dose, in hours. `agreed`: a second prescriber signed about this very limit.

    A second signature given for another reason is not one about the interval (H05, H06).
    """
    if last_at is None or agreed or at - last_at >= timedelta(hours=float(guard.value)):
        return []
    hours = int((at - last_at).total_seconds() // 3600)
    return [unlisted(guard.flag, f"The last dose was {hours} h ago. {guard.text}")]


def objections_to_role(role: str) -> list[Objection]:
    """Pausing and stopping is everyone's; the drug runs and ends by a nurse or a prescriber."""
    if role in (NURSE, PRESCRIBER):
        return []
    return [unlisted(Reason.ROLE, "A nurse or a prescriber does this. Anyone may pause or stop.")]


def objections_to_rate(
    wanted_mg_per_h: Decimal, *, ordered_mg_per_h: Decimal, now_mg_per_h: Decimal, barred: list[Objection]
) -> list[Objection]:
    """A rate never exceeds the order; a higher one than now is barred like going on. Slower is free."""
    objections = list(barred) if wanted_mg_per_h > now_mg_per_h else []
    if wanted_mg_per_h > ordered_mg_per_h:
        text = f"The order allows {plain(ordered_mg_per_h)} mg/h at most. A faster rate needs a new order."
        objections.append(unlisted(Reason.RATE_OVER_ORDER, text, "rate_mg_per_h"))
    return objections


def objections_to_deciding(mark: OpenMark, *, closed: bool, role: str, reason: str) -> list[Objection]:
    """A decision about a mark is a prescriber's, with a reason, about this mark and no other.

    Consent that was withdrawn is nobody's to decide but the person's; a value that is not confirmed is for
    whoever has looked.
    """
    objections = []
    if role != PRESCRIBER:
        objections.append(unlisted(Reason.DECISION_BY_PRESCRIBER, "Only a prescriber decides this."))
    if not reason.strip():
        objections.append(unlisted(Reason.DECISION_WITHOUT_REASON, "Give the reason.", "reason"))
    if closed:
        objections.append(unlisted(Reason.MARK_CLOSED, "This mark is closed already."))
    if mark.cause in NOT_TO_DECIDE or mark.level not in BARRING:
        text = "This mark bars nothing that a prescriber could lift."
        objections.append(unlisted(Reason.NOT_TO_BE_DECIDED, text))
    return objections


def objections_to_settling(
    *, settles: str, closed: bool, asks_which: bool, is_true: bool | None, action: str, is_person: bool
) -> list[Objection]:
    """Only what a new value cannot end is ended by a person's word, with what they saw or did (H08, H11)."""
    objections = []
    if not is_person:
        objections.append(unlisted(Reason.BY_PERSON, "Only a signed-in person settles a mark."))
    if closed:
        objections.append(unlisted(Reason.MARK_CLOSED, "This mark is closed already."))
    if settles != "person":
        text = "This mark ends when it is measured again. Answer it, and measure."
        objections.append(unlisted(Reason.NOT_A_PERSONS, text))
    if asks_which and is_true is None:
        text = "Say which it is: the person's own value, or the sensor's."
        objections.append(unlisted(Reason.WHICH_MISSING, text, "is_true"))
    if not action.strip():
        text = "Say in a few words what was seen or done."
        objections.append(unlisted(Reason.ACTION_MISSING, text, "action"))
    return objections
