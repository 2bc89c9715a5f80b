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

from openkap.dosing.causes import CONSENT, LOOK_NOW
from openkap.dosing.phrases import DosingPhrase
from openkap.dosing.reasons import DosingReason
from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.statement import Stated
from openkap.protocols.limits import Interval

PRESCRIBER, NURSE = "prescriber", "nurse"
BARRING = frozenset({"act", "stop"})
NOT_TO_DECIDE = frozenset({CONSENT, LOOK_NOW})


@dataclass(frozen=True, slots=True)
class OpenMark:
    """A mark as it stands: what it says, how strongly, and whether a prescriber has decided about it."""

    id: uuid.UUID
    says: Stated
    action: Stated
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
        objections.append(DosingReason.CONSENT_WITHDRAWN())
    for mark in marks:
        if mark.bars:
            note = DosingPhrase.LIMIT_CONFIRMED if mark.confirmed else DosingPhrase.LIMIT_NOT_CONFIRMED
            objections.append(DosingReason.MARK_OPEN("marks", text=mark.says, action=mark.action, note=note))
    return objections


def objections_to_interval(
    last_at: datetime | None, *, guard: Interval, agreed: bool, at: datetime
) -> list[Objection]:
    """Too soon after the last dose, in hours. `agreed`: a second prescriber signed about this very limit.

    A second signature given for another reason is not one about the interval (H05, H06).
    """
    if last_at is None or agreed or at - last_at >= timedelta(hours=guard.hours):
        return []
    hours = int((at - last_at).total_seconds() // 3600)
    return [DosingReason.TOO_SOON(hours=hours, text=guard.text)]


def objections_to_role(role: str) -> list[Objection]:
    """Pausing and stopping is everyone's; the drug runs and ends by a nurse or a prescriber."""
    if role in (NURSE, PRESCRIBER):
        return []
    return [DosingReason.BEDSIDE_ONLY()]


def objections_to_rate(
    wanted_mg_per_h: Decimal, *, ordered_mg_per_h: Decimal, now_mg_per_h: Decimal, barred: list[Objection]
) -> list[Objection]:
    """A rate never exceeds the order; a higher one than now is barred like going on. Slower is free."""
    objections = list(barred) if wanted_mg_per_h > now_mg_per_h else []
    if wanted_mg_per_h > ordered_mg_per_h:
        objections.append(DosingReason.RATE_OVER_ORDER("rate_mg_per_h", most=ordered_mg_per_h))
    return objections


def objections_to_deciding(mark: OpenMark, *, closed: bool, role: str, reason: str) -> list[Objection]:
    """A decision about a mark is a prescriber's, with a reason, about this mark and no other.

    Consent that was withdrawn is nobody's to decide but the person's; a value that is not confirmed is for
    whoever has looked.
    """
    objections = []
    if role != PRESCRIBER:
        objections.append(DosingReason.DECISION_BY_PRESCRIBER())
    if not reason.strip():
        objections.append(DosingReason.DECISION_WITHOUT_REASON("reason"))
    if closed:
        objections.append(DosingReason.MARK_CLOSED())
    if mark.cause in NOT_TO_DECIDE or mark.level not in BARRING:
        objections.append(DosingReason.NOT_TO_BE_DECIDED())
    return objections


def objections_to_settling(
    *, settles: str, closed: bool, asks_which: bool, is_true: bool | None, action: str, is_person: bool
) -> list[Objection]:
    """Only what a new value cannot end is ended by a person's word, with what they saw or did (H08, H11)."""
    objections = []
    if not is_person:
        objections.append(DosingReason.SETTLED_BY_PERSON())
    if closed:
        objections.append(DosingReason.MARK_CLOSED())
    if settles != "person":
        objections.append(DosingReason.NOT_A_PERSONS())
    if asks_which and is_true is None:
        objections.append(DosingReason.WHICH_MISSING("is_true"))
    if not action.strip():
        objections.append(DosingReason.ACTION_MISSING("action"))
    return objections


def no_such_mark() -> Refused:
    """The mark is not this clinic's."""
    return Refused(DosingReason.NO_SUCH_MARK())


def objections_to_answering(*, closed: bool, action: str, is_person: bool) -> list[Objection]:
    """A mark is answered by a person, with what they did (hazard H08)."""
    objections = [DosingReason.MARK_CLOSED()] if closed else []
    if not action.strip():
        objections.append(DosingReason.ANSWER_MISSING("action"))
    if not is_person:
        objections.append(DosingReason.ANSWERED_BY_PERSON())
    return objections


def objections_to_why(why: str) -> list[Objection]:
    """Another rate than the ordered one has a reason."""
    return [] if why.strip() else [DosingReason.WHY_RATE_MISSING("why")]
