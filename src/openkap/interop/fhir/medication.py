"""MedicationRequest and MedicationStatement: a medicine taken now or no more; its name is never lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.dosage import dose_in_words
from openkap.interop.fhir.entries import BundleEntry, is_turned
from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.reading import Notes, codes, day, items, mapping, text, words
from openkap.interop.fhir.references import References
from openkap.interop.fhir.statements import WHY, FhirStatement, statement_in
from openkap.kernel.code import Code
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

TAKEN = {"active", "intended", "on-hold", "unknown"}
ENDED = {"stopped", "completed", "cancelled", "not-taken"}
ONLY_MEANT = {"proposal", "plan", "option"}
READ_BY_RULES = {"rxnorm", "atc"}
DOSE_MAX = 200
NO_RULE = _("Kept as sent, but no rule reads this code. It is not taken for harmless.")


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
    labels: tuple[Code, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """What a resource says the medicine is."""

    text: str
    codes: tuple[Code, ...] = ()
    lost: str = ""


def read_medication(entry: BundleEntry, notes: Notes, *, references: References) -> MedicineRead | None:
    """The medicine; a reference is followed inside the bundle, and what it names is never lost."""
    resource = entry.resource
    named = _named(entry, references)
    if named.lost:
        notes.skip(resource, named.text, why=named.lost)
    if not named.text:
        return None
    against = _not_taken(resource)
    if against:
        notes.skip(resource, named.text, why=against)
        return None
    status = text(resource.get("status"))
    if status not in TAKEN | ENDED:
        notes.skip(
            resource, named.text, why=_("The sender does not say whether it is taken; it is kept as taken.")
        )
    said = statement_in(named.codes, named.text)
    if said in (FhirStatement.UNKNOWN, FhirStatement.ONE_KIND) or (said and status in ENDED):
        notes.skip(resource, named.text, why=WHY[said])
        return None
    known = any(code.system in READ_BY_RULES for code in named.codes)
    if not known and not said and not named.lost:
        notes.skip(resource, named.text, why=NO_RULE)
    return MedicineRead(
        source_id=text(resource.get("id")),
        text=named.text,
        codes=named.codes,
        active=status not in ENDED,
        known_code=known,
        dose_text=_dose(resource, named.text, notes=notes),
        started_on=day(_since(resource)),
        since=_since(resource),
        none_known=said is FhirStatement.NONE,
        labels=worded(labels_of(resource)),
    )


def _named(entry: BundleEntry, references: References) -> _Named:
    resource = entry.resource
    concept = resource.get("medicationCodeableConcept")
    pointer = mapping(resource.get("medicationReference"))
    display, told = text(pointer.get("display")), text(pointer.get("reference"))
    name = words(concept)
    if name:
        return _Named(name, codes(concept))
    medicine = references.find(pointer, within=entry)
    if medicine is not None and not is_turned(medicine):
        name, coded = _of_medication(medicine)
        if name or display:
            return _Named(name or display, coded)
    if display:
        return _Named(display, lost=_("Kept by its name alone: what it refers to is not in this bundle."))
    if told or pointer:
        told = told or text(mapping(pointer.get("identifier")).get("value"))
        why = _("It is taken, and the bundle does not say what it is. Ask the sender. It is not harmless.")
        return _Named(
            f"A medicine the sender does not name ({told or 'no reference'})",
            lost=why,
        )
    return _Named("", lost=_("It names no medicine."))


def _of_medication(medicine: dict[str, Any]) -> tuple[str, tuple[Code, ...]]:
    """Name and codes of a Medication, with those of everything it is made of."""
    coded = list(codes(medicine.get("code")))
    inside = []
    for part in items(medicine.get("ingredient")):
        concept = part.get("itemCodeableConcept")
        shown = words(concept) or text(mapping(part.get("itemReference")).get("display"))
        coded += codes(concept)
        inside += [shown] if shown else []
    name = words(medicine.get("code"))
    made_of = ", ".join(one for one in dict.fromkeys(inside) if one.casefold() not in name.casefold())
    if name and made_of:
        return f"{name} (contains {made_of})", tuple(dict.fromkeys(coded))
    return name or made_of, tuple(dict.fromkeys(coded))


def _not_taken(resource: dict[str, Any]) -> str:
    """Why the resource names no medicine that is taken, though it names one."""
    if resource.get("doNotPerform") not in (None, False):
        return _("The sender says NOT to give it. It is no medicine that is taken.")
    intent = text(resource.get("intent"))
    if resource.get("resourceType") == "MedicationRequest" and intent in ONLY_MEANT:
        return render(_("It is a {intent}, not an order; it is not taken in."), {"intent": intent})
    status = text(resource.get("status"))
    return (
        render(_("The sender marks it {status}."), {"status": status})
        if status in ("entered-in-error", "draft")
        else ""
    )


def _dose(resource: dict[str, Any], name: str, *, notes: Notes) -> str:
    told = resource.get("dosageInstruction") or resource.get("dosage")
    dose = dose_in_words(told)
    if told and not dose:
        notes.skip(resource, name, why=_("Its dose could not be put into words; it stands in the bundle."))
    if len(dose) > DOSE_MAX:
        notes.skip(
            resource, name, why=render(_("Its dose is longer than fits, and cut: {dose}"), {"dose": dose})
        )
    return dose[:DOSE_MAX]


def _since(resource: dict[str, Any]) -> str:
    period = mapping(resource.get("effectivePeriod"))
    return text(resource.get("effectiveDateTime") or period.get("start") or resource.get("authoredOn"))
