"""Condition: a problem, kept with its code. A code no rule can read is shown as such, never as "no"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.reading import Notes, codes, day, status_among, text, words
from openkap.interop.fhir.statements import WHY, Statement, statement_in
from openkap.kernel.code import Code

ACTIVE = {"active", "recurrence", "relapse"}
ENDED = {"inactive", "remission", "resolved"}
TAKEN_BACK = {"refuted", "entered-in-error"}
NOT_CONFIRMED = {"differential", "provisional", "unconfirmed"}
READ_BY_RULES = {"icd10cm", "icd10"}


@dataclass(frozen=True, slots=True)
class ProblemRead:
    """One problem. `known_code` is whether a rule of ours can read one of its codes."""

    source_id: str
    text: str
    codes: tuple[Code, ...]
    active: bool
    known_code: bool
    started_on: date | None
    ended_on: date | None
    none_known: bool = False


def read_condition(resource: dict[str, Any], notes: Notes) -> ProblemRead | None:
    """The problem; None, with the reason noted, when it is refuted, an error, or says nothing."""
    name, found = words(resource.get("code")), codes(resource.get("code"))
    if not name:
        notes.skip("Condition", text(resource.get("id")), "It has neither a code nor words.")
        return None
    verified = status_among(resource.get("verificationStatus"), TAKEN_BACK, NOT_CONFIRMED)
    if verified in TAKEN_BACK:
        notes.skip("Condition", name, f"The sender marks it {verified}.")
        return None
    if verified:
        notes.skip("Condition", name, f"Kept, and marked: the sender calls it {verified}, not confirmed.")
        name = f"{name} ({verified}, not confirmed)"
    status = status_among(resource.get("clinicalStatus"), ACTIVE, ENDED)
    if status not in ACTIVE | ENDED:
        notes.skip("Condition", name, "The sender does not say whether it is active; it is taken as active.")
    said = statement_in(found, name)
    if said in (Statement.UNKNOWN, Statement.ONE_KIND) or (said and status in ENDED):
        notes.skip("Condition", name, WHY[said])
        return None
    known = any(code.system in READ_BY_RULES for code in found)
    if not known and not said:
        code = f"{found[0]}" if found else "no code"
        notes.skip(
            "Condition",
            f"{name} ({code})",
            "Kept as sent. The rules read it by its name, and by this code only where a protocol names it.",
        )
    return ProblemRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=found,
        active=status not in ENDED,
        known_code=known,
        started_on=day(resource.get("onsetDateTime") or resource.get("recordedDate")),
        ended_on=day(resource.get("abatementDateTime")),
        none_known=said is Statement.NONE,
    )
