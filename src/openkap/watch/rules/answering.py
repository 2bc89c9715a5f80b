"""Who answers a mark, decides about one, or settles it. Pure.

H08, H11: a mark that asks for an act or a stop is lifted by measuring again, or by a prescriber's decision
that names this very mark; what is not confirmed is settled by whoever has looked.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.statement import Stated
from openkap.watch.causes import CONSENT, LOOK_NOW
from openkap.watch.reasons import WatchReason

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


def objections_to_deciding(mark: OpenMark, *, closed: bool, role: str, reason: str) -> list[Objection]:
    """A decision about a mark is a prescriber's, with a reason, about this mark and no other.

    Consent that was withdrawn is nobody's to decide but the person's; a value that is not confirmed is for
    whoever has looked.
    """
    objections = []
    if role != PRESCRIBER:
        objections.append(WatchReason.DECISION_BY_PRESCRIBER())
    if not reason.strip():
        objections.append(WatchReason.DECISION_WITHOUT_REASON("reason"))
    if closed:
        objections.append(WatchReason.MARK_CLOSED())
    if mark.cause in NOT_TO_DECIDE or mark.level not in BARRING:
        objections.append(WatchReason.NOT_TO_BE_DECIDED())
    return objections


def objections_to_settling(
    *, settles: str, closed: bool, asks_which: bool, is_true: bool | None, action: str, is_person: bool
) -> list[Objection]:
    """Only what a new value cannot end is ended by a person's word, with what they saw or did (H08, H11)."""
    objections = []
    if not is_person:
        objections.append(WatchReason.SETTLED_BY_PERSON())
    if closed:
        objections.append(WatchReason.MARK_CLOSED())
    if settles != "person":
        objections.append(WatchReason.NOT_A_PERSONS())
    if asks_which and is_true is None:
        objections.append(WatchReason.WHICH_MISSING("is_true"))
    if not action.strip():
        objections.append(WatchReason.ACTION_MISSING("action"))
    return objections


def no_such_mark() -> Refused:
    """The mark is not this clinic's."""
    return Refused(WatchReason.NO_SUCH_MARK())


def objections_to_answering(*, closed: bool, action: str, is_person: bool) -> list[Objection]:
    """A mark is answered by a person, with what they did (hazard H08)."""
    objections = [WatchReason.MARK_CLOSED()] if closed else []
    if not action.strip():
        objections.append(WatchReason.ANSWER_MISSING("action"))
    if not is_person:
        objections.append(WatchReason.ANSWERED_BY_PERSON())
    return objections
