"""A small bundle written for these tests. The person is invented."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from openkap.interop.fhir.bundle import UnderstoodBundle, read_bundle

PERSON = "urn:uuid:11111111-1111-4111-8111-111111111111"
LOINC, UCUM, SNOMED = "http://loinc.org", "http://unitsofmeasure.org", "http://snomed.info/sct"


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def about(kind: str, **fields: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": f"{kind.lower()}-1", "subject": {"reference": PERSON}, **fields}


PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"use": "official", "family": "Osei", "given": ["Amara", "Efua"]}],
    "birthDate": "1985-03-12",
    "gender": "female",
    "telecom": [{"system": "phone", "value": "555 0101"}, {"system": "email", "value": "amara@example.org"}],
    "identifier": [{"system": "http://referrer.example", "value": "R-77"}],
}
DEPRESSION = about(
    "Condition",
    clinicalStatus=concept("x", "active", "active"),
    verificationStatus=concept("x", "confirmed", "confirmed"),
    code=concept("http://hl7.org/fhir/sid/icd-10-cm", "F33.1", "Recurrent depressive disorder, moderate"),
    onsetDateTime="2019-05-02",
)
SERTRALINE = about(
    "MedicationRequest",
    status="active",
    medicationCodeableConcept=concept(
        "http://www.nlm.nih.gov/research/umls/rxnorm", "312941", "sertraline 50 MG"
    ),
    authoredOn="2024-01-05T10:00:00Z",
    dosageInstruction=[{"text": "one tablet in the morning"}],
)
WEIGHT = about(
    "Observation",
    status="final",
    code=concept(LOINC, "29463-7", "Body weight"),
    effectiveDateTime="2026-10-01T09:00:00-04:00",
    valueQuantity={"value": 62.4, "unit": "kg", "system": UCUM, "code": "kg"},
)
PRESSURE = about(
    "Observation",
    status="final",
    code=concept(LOINC, "55284-4", "Blood pressure"),
    effectiveDateTime="2026-10-02T09:00:00-04:00",
    component=[
        {
            "code": concept(LOINC, "8480-6", "Systolic"),
            "valueQuantity": {"value": 122, "unit": "mm[Hg]", "system": UCUM, "code": "mm[Hg]"},
        },
        {
            "code": concept(LOINC, "8462-4", "Diastolic"),
            "valueQuantity": {"value": 76, "unit": "mm[Hg]", "system": UCUM, "code": "mm[Hg]"},
        },
    ],
)


TODAY = date(2026, 11, 23)
HERE, ELSEWHERE = "https://ehr.example/fhir", "https://other-hospital.example/r4"
RXNORM, ICD = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/icd-10-cm"


def bundle(*resources: dict[str, Any], patient: dict[str, Any] | None = None) -> dict[str, Any]:
    """A bundle about one person with these resources."""
    person = {"fullUrl": PERSON, "resource": copy.deepcopy(patient if patient is not None else PATIENT)}
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [person, *({"resource": copy.deepcopy(resource)} for resource in resources)],
    }


def read(*resources: dict[str, Any], patient: dict[str, Any] | None = None) -> UnderstoodBundle:
    """What is understood of a bundle about one person."""
    return read_bundle(bundle(*resources, patient=patient), today=TODAY)


def placed(*entries: tuple[str, dict[str, Any]]) -> UnderstoodBundle:
    """What is understood of a bundle whose entries stand under these addresses."""
    told = [{"fullUrl": address, "resource": copy.deepcopy(resource)} for address, resource in entries]
    return read_bundle({"resourceType": "Bundle", "type": "collection", "entry": told}, today=TODAY)


def why(understood: UnderstoodBundle) -> str:
    """Everything that was not understood or not charted, in one line."""
    told = [f"{note.what} {note.why}" for note in understood.not_understood]
    return " ".join([*told, *(f"{it.text} {it.value} {it.unit} {it.why}" for it in understood.kept_aside)])


def status(*codes: str) -> dict[str, Any]:
    """A status concept whose first coding is the sender's own."""
    local = {"system": "urn:oid:1.2.999.1", "code": "7"}
    return {"coding": [local, *({"system": "http://terminology.hl7.org/x", "code": code} for code in codes)]}
