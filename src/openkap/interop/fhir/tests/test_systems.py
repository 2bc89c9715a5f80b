"""One code system by every name it has (H17), the labels of the sender, and the documents of a bundle."""

from __future__ import annotations

import pytest

from openkap.interop.fhir.tests.samples import (
    DEPRESSION,
    RXNORM,
    SERTRALINE,
    WEIGHT,
    about,
    concept,
    read,
    why,
)
from openkap.kernel.systems import address, short_name

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


@pytest.mark.parametrize(
    ("sent", "short"),
    [
        ("http://hl7.org/fhir/sid/icd-10-cm", "icd10cm"),
        ("https://hl7.org/fhir/sid/icd-10-cm/", "icd10cm"),
        ("http://hl7.org/fhir/sid/icd-10-cm|2026", "icd10cm"),
        ("urn:oid:2.16.840.1.113883.6.90", "icd10cm"),
        ("2.16.840.1.113883.6.90", "icd10cm"),
        ("I10C", "icd10cm"),
        ("urn:oid:2.16.840.1.113883.6.3", "icd10"),
        ("http://snomed.info/sct", "snomed"),
        ("http://snomed.info/sct/731000124108/version/20250301", "snomed"),
        ("urn:oid:2.16.840.1.113883.6.96", "snomed"),
        ("SCT", "snomed"),
        ("URN:OID:2.16.840.1.113883.6.88", "rxnorm"),
        (RXNORM, "rxnorm"),
        ("LN", "loinc"),
        ("urn:oid:2.16.840.1.113883.6.73", "atc"),
        ("urn:oid:1.2.999.1", "urn:oid:1.2.999.1"),
        ("http://hl7.org/fhir/sid/icd-10-cm-own", "http://hl7.org/fhir/sid/icd-10-cm-own"),
        ("", ""),
    ],
)
def test_a_system_is_the_same_by_every_name(sent, short):
    assert short_name(sent) == short


def test_a_short_name_has_its_address_and_another_stays():
    assert short_name(address("rxnorm")) == "rxnorm"
    assert address("urn:oid:1.2.999.1") == "urn:oid:1.2.999.1"


def test_codes_by_oid_are_read_by_the_rules():
    """F25.0 came with its OID, and the row on psychosis missed it."""
    code = {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.90", "code": "F25.0"}]}
    problem = read({**DEPRESSION, "code": code}).problems[0]
    assert (problem.codes[0].system, problem.known_code) == ("icd10cm", True)


def test_a_label_is_kept_at_its_entry_and_for_the_bundle_h21():
    """H21: a record of substance-use treatment lost its label without a word."""
    security = [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"},
        {"system": ACT, "code": "42CFRPart2"},
        {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"},
        {"system": "urn:own", "code": "x", "display": "our own label"},
    ]
    found = read(
        {**DEPRESSION, "meta": {"security": security}}, about("Condition", code={"text": "other"}, id="c9")
    )
    told = [it.display for it in found.problems[0].labels]
    assert told == ["restricted", "42 CFR Part 2: substance-use treatment records", "our own label"]
    assert [it.display for it in found.labels] == told
    assert found.problems[1].labels == ()
    assert found.bundle_labels == ()


def test_a_label_is_kept_at_an_entry_of_every_kind_h21():
    """H21, for medicines, allergies, values and documents as much as for problems."""
    meta = {"security": [{"system": ACT, "code": "42CFRPart2"}]}
    letter = about("DocumentReference", content=[{"attachment": {"data": "JVBERi0="}}])
    allergy = about("AllergyIntolerance", code={"text": "latex"})
    found = read(*({**it, "meta": meta} for it in (SERTRALINE, allergy, WEIGHT, letter)))
    for entry in (*found.medicines, *found.allergies, *found.results, *found.documents):
        assert [it.code for it in entry.labels] == ["42CFRPart2"]
    assert len(found.documents) == len(found.results) == 1


def test_documents_are_kept_whichever_way_they_come():
    inline = about(
        "DocumentReference", description="Letter", content=[{"attachment": {"data": "JVBE\nRi0="}}]
    )
    report = about("DiagnosticReport", code=concept("x", "1", "ECG"), presentedForm=[{"data": "PGE+"}])
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/xml", "data": "PGE+"}
    pointing = about(
        "DocumentReference", id="d2", content=[{"attachment": {"url": "Binary/b1", "title": "CCD"}}]
    )
    found = read(inline, report, binary, pointing).documents
    assert [(it.title, it.content) for it in found] == [
        ("Letter", b"%PDF-"),
        ("CCD", b"<a>"),
        ("ECG", b"<a>"),
    ]
    assert found[1].media_type == "text/xml"


def test_a_document_that_is_not_here_or_is_damaged_is_said():
    away = about(
        "DocumentReference", content=[{"attachment": {"url": "https://ehr.example/x", "title": "A letter"}}]
    )
    assert "A letter The document is not in the bundle" in why(read(away))
    damaged = about("DocumentReference", content=[{"attachment": {"data": "%%%", "title": "A letter"}}])
    assert "damaged" in why(read(damaged))
