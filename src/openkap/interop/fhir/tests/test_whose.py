"""Whose a datum is. H30: what does not name the bundle's one patient is never read as theirs."""

from __future__ import annotations

import pytest

from openkap.interop.fhir.bundle import read_bundle
from openkap.interop.fhir.tests.samples import (
    DEPRESSION,
    ELSEWHERE,
    HERE,
    PATIENT,
    PERSON,
    TODAY,
    WEIGHT,
    about,
    bundle,
    concept,
    placed,
    read,
    why,
)


@pytest.mark.parametrize(
    ("person_at", "told_at", "reference", "hers"),
    [
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "Patient/p1", True),
        (f"{HERE}/Patient/p1", f"{ELSEWHERE}/Condition/c1", "Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{ELSEWHERE}/Condition/c1", f"{HERE}/Patient/p1", True),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", f"{ELSEWHERE}/Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "Patient/p1/_history/3", True),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", f"{HERE}/Patient/p1/_history/3", True),
        (f"{HERE}/Patient/p1/_history/9", f"{HERE}/Condition/c1/_history/1", "Patient/p1", True),
        (f"{HERE}/Patient/p1", "", "Patient/p1", True),
        ("", "", "Patient/p1", True),
        ("", "", "Patient/p2", False),
        (PERSON, "urn:uuid:2", "Patient/p1", True),
        (PERSON, f"{ELSEWHERE}/Condition/c1", "Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "RelatedPerson/p1", False),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "#p1", False),
    ],
)
def test_a_reference_is_read_with_the_server_of_its_own_entry(person_at, told_at, reference, hers):
    """H30. `Patient/p1` of another server is another person; a version of a person is the person."""
    told = {**DEPRESSION, "subject": {"reference": reference}, "contained": [{**PATIENT, "id": "p1"}]}
    found = placed((person_at, PATIENT), (told_at, told))
    assert bool(found.problems) is hers
    assert any("somebody who is not in this bundle" in it.why for it in found.not_understood) is not hers


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"subject": {"reference": "Patient/somebody-else"}}, "Patient/somebody-else"),
        ({"subject": {"display": "Amara Osei"}}, "does not say whom it is about"),
        ({"patient": {"reference": "Patient/somebody-else"}}, "Patient/somebody-else"),
        ({"focus": [{"reference": "Patient/fetus"}]}, "other than the person"),
        (
            {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/observation-focusCode"}]},
            "other than the person",
        ),
    ],
)
def test_a_value_of_somebody_or_something_else_is_not_read(changes, says):
    found = read({**WEIGHT, **changes})
    assert not found.results
    assert says in why(found)


def test_a_document_of_somebody_else_is_not_kept_as_theirs():
    letter = about("DocumentReference", content=[{"attachment": {"data": "JVBERi0="}}])
    assert len(read(letter).documents) == 1
    assert not read({**letter, "subject": {"reference": "Patient/other"}}).documents


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_several_versions_the_newest_alone_is_read(newest_first):
    """H17. The first version stood as an active problem, though the second one took it back."""
    first = {**DEPRESSION, "meta": {"versionId": "1"}}
    second = {
        **DEPRESSION,
        "meta": {"versionId": "2"},
        "verificationStatus": concept("x", "entered-in-error", "x"),
    }
    told = [(f"{HERE}/Condition/c2", first), (f"{HERE}/Condition/c2", second)]
    patient = {**PATIENT}
    found = placed((PERSON, patient), *(reversed(told) if newest_first else told))
    assert not found.problems
    assert "A newer version" in why(found)
    assert "entered-in-error" in why(found)


def test_a_version_is_also_told_by_its_time_and_a_doublet_is_one():
    older = {**DEPRESSION, "meta": {"lastUpdated": "2024-01-01T00:00:00Z"}, "code": {"text": "older"}}
    newer = {**DEPRESSION, "meta": {"lastUpdated": "2024-02-01T00:00:00Z"}, "code": {"text": "newer"}}
    assert [it.text for it in read(newer, older).problems] == ["newer"]
    assert len(read(DEPRESSION, DEPRESSION).problems) == 1
    assert "version" not in why(read(DEPRESSION, DEPRESSION))


def test_entries_by_one_name_without_an_order_are_all_read_and_marked():
    """A sender that gives every entry the same id loses none of them."""
    other = {**DEPRESSION, "code": concept("x", "y", "Another problem")}
    found = read(DEPRESSION, other)
    assert len(found.problems) == 2
    assert "Several entries go by this name" in why(found)


def test_of_two_patients_the_one_the_document_names_is_meant():
    mother = {**PATIENT, "id": "mother", "name": [{"text": "Somebody Else"}]}
    sent = bundle(DEPRESSION)
    sent["entry"].insert(0, {"fullUrl": "urn:uuid:mother", "resource": mother})
    composition = {"resourceType": "Composition", "subject": {"reference": PERSON}}
    sent["entry"].insert(0, {"resource": composition})
    found = read_bundle(sent, today=TODAY)
    assert found.patient.family_name == "Osei"
    assert len(found.problems) == 1
    assert "Somebody Else 2 patients" in why(found)
