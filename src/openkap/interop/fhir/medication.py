"""MedicationRequest and MedicationStatement: a medicine, taken now or not any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.reading import Notes, codes, day, items, mapping, text, words
from openkap.interop.fhir.statements import WHY, Statement, statement_in
from openkap.kernel.code import Code

TAKEN = {"active", "intended", "on-hold", "unknown"}
ENDED = {"stopped", "completed", "cancelled", "not-taken"}
ONLY_MEANT = {"proposal", "plan", "option"}
READ_BY_RULES = {"rxnorm", "atc"}


@dataclass(frozen=True, slots=True)
class MedicineRead:
    """One medicine. `known_code` is whether a rule of ours can look its code up."""

    source_id: str
    text: str
    codes: tuple[Code, ...]
    active: bool
    known_code: bool
    dose_text: str
    started_on: date | None
    none_known: bool = False


def read_medication(
    resource: dict[str, Any], notes: Notes, *, referenced: dict[str, dict[str, Any]]
) -> MedicineRead | None:
    """The medicine; a reference is followed inside the bundle only."""
    kind = str(resource.get("resourceType"))
    concept = resource.get("medicationCodeableConcept")
    if concept is None:
        pointer = text(mapping(resource.get("medicationReference")).get("reference"))
        concept = mapping(referenced.get(pointer)).get("code")
    name, found = words(concept), codes(concept)
    if not name:
        notes.skip(kind, text(resource.get("id")), "It names no medicine that is in this bundle.")
        return None
    against = _not_taken(resource)
    if against:
        notes.skip(kind, name, against)
        return None
    status = text(resource.get("status"))
    if status in ("entered-in-error", "draft"):
        notes.skip(kind, name, f"The sender marks it {status}.")
        return None
    if status not in TAKEN | ENDED:
        notes.skip(kind, name, "The sender does not say whether it is taken; it is kept as taken.")
    said = statement_in(found, name)
    if said in (Statement.UNKNOWN, Statement.ONE_KIND) or (said and status in ENDED):
        notes.skip(kind, name, WHY[said])
        return None
    known = any(code.system in READ_BY_RULES for code in found)
    if not known and not said:
        notes.skip(kind, name, "Kept as sent, but no rule reads this code. It is not taken for harmless.")
    doses = [
        text(one.get("text")) for one in items(resource.get("dosageInstruction") or resource.get("dosage"))
    ]
    return MedicineRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=found,
        active=status not in ENDED,
        known_code=known,
        dose_text=next((dose for dose in doses if dose), "")[:200],
        started_on=day(resource.get("authoredOn") or resource.get("effectiveDateTime")),
        none_known=said is Statement.NONE,
    )


def _not_taken(resource: dict[str, Any]) -> str:
    """Why the resource names no medicine that is taken, though it names one."""
    if resource.get("doNotPerform") not in (None, False):
        return "The sender says NOT to give it. It is no medicine that is taken."
    intent = text(resource.get("intent"))
    if resource.get("resourceType") == "MedicationRequest" and intent in ONLY_MEANT:
        return f"It is a {intent}, not an order; it is not taken in."
    return ""
