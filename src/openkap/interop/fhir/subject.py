"""Whose a resource is. What does not name the bundle's one patient is never read as theirs (H30)."""

from __future__ import annotations

from datetime import date

from openkap.interop.fhir.documents import KINDS as DOCUMENTS
from openkap.interop.fhir.entries import BundleEntry, named
from openkap.interop.fhir.names import names_of
from openkap.interop.fhir.reading import Notes, items, mapping, text
from openkap.interop.fhir.references import References, resolved
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

ABOUT_SOMEBODY = {
    "Condition",
    "AllergyIntolerance",
    "Observation",
    "MedicationRequest",
    "MedicationStatement",
    *DOCUMENTS,
}
NOT_THIS_ONE = _("{count} patients are in the bundle; this one is not the one it is about.")
WHICH_ONE = _("{count} patients are in the bundle; which one is not said.")
SOMETHING_ELSE = _("It is about something other than the person.")
NOT_SAID = _("It does not say whom it is about.")
SOMEBODY_ELSE = _("It is about somebody who is not in this bundle, or not the one it is about: {who}")
# FHIR R4 gives a focus that is coded by this extension (a fetus, a donor, a device).
_FOCUS = "http://hl7.org/fhir/StructureDefinition/observation-focusCode"


def patient_of(
    entries: list[BundleEntry], references: References, *, notes: Notes, today: date
) -> BundleEntry | None:
    """The patient the bundle is about: the only one, or the one its Composition names."""
    people = [entry for entry in entries if entry.kind == "Patient"]
    if len(people) == 1:
        return people[0]
    if not people:
        notes.skip(
            {"resourceType": "Patient"}, "no patient", why=_("Nobody is named. Take the person in by hand.")
        )
        return None
    meant = [
        references.find(entry.resource.get("subject"), within=entry)
        for entry in entries
        if entry.kind == "Composition"
    ]
    chosen = [person for person in people if any(one is person.resource for one in meant)]
    for person in people:
        if [person] != chosen:
            why = render(NOT_THIS_ONE if len(chosen) == 1 else WHICH_ONE, {"count": len(people)})
            name = names_of(person.resource, today=today)[0]
            notes.skip(person.resource, name.whole if name else "", why=why)
    return chosen[0] if len(chosen) == 1 else None


def about(
    person: BundleEntry, entries: list[BundleEntry], *, references: References, notes: Notes
) -> list[BundleEntry]:
    """The entries about this patient, and those that are about nobody. What speaks of others is said."""
    kept = []
    for entry in entries:
        against = _against(entry, person, references=references) if entry.kind in ABOUT_SOMEBODY else ""
        if against:
            notes.skip(entry.resource, named(entry.resource), why=against)
        else:
            kept.append(entry)
    return kept


def _against(entry: BundleEntry, person: BundleEntry, *, references: References) -> str:
    """Why an entry is not this patient's; empty when it is."""
    resource = entry.resource
    named_by = [resource[field] for field in ("subject", "patient") if resource.get(field)]
    if not any(text(mapping(one).get("reference")) for one in named_by):
        return NOT_SAID
    for one in named_by:
        if references.find(one, within=entry) is not person.resource:
            return render(
                SOMEBODY_ELSE, {"who": resolved(text(mapping(one).get("reference")), root=entry.root)}
            )
    extensions = (text(one.get("url")) for one in items(resource.get("extension")))
    return SOMETHING_ELSE if resource.get("focus") or _FOCUS in extensions else ""
