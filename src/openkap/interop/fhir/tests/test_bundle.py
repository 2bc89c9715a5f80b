"""A referral bundle: what is understood, what is said not to be, and the refusal of what is no bundle."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.interop.fhir.bundle import BYTES_MAX, DEPTH_MAX, load, read_bundle
from openkap.interop.fhir.reading import BundleRefused
from openkap.interop.fhir.tests.samples import (
    DEPRESSION,
    LOINC,
    PATIENT,
    PRESSURE,
    SERTRALINE,
    TODAY,
    WEIGHT,
    about,
    bundle,
    concept,
    read,
    why,
)
from openkap.kernel.answer import Answer
from tests.samples import referrals


def refused(value):
    with pytest.raises(BundleRefused) as refusal:
        read_bundle(value, today=TODAY)
    return refusal.value.problems


@pytest.mark.parametrize("path", referrals(), ids=lambda path: path.stem)
def test_a_whole_synthetic_patient_is_read_and_nothing_is_left_out_in_silence(path):
    raw = load(path.read_bytes())
    found = read_bundle(raw, today=TODAY)
    [patient] = [e["resource"] for e in raw["entry"] if e["resource"]["resourceType"] == "Patient"]
    assert patient["name"][0]["given"][0] in found.patient.given_name
    conditions = [e["resource"] for e in raw["entry"] if e["resource"]["resourceType"] == "Condition"]
    assert len(found.problems) == len(conditions)
    assert all(code.system == "snomed" for problem in found.problems for code in problem.codes)
    assert not any(problem.known_code for problem in found.problems)
    assert found.asked["allergy"] is Answer.NOT_ASKED
    assert {"29463-7", "8302-2", "8480-6", "8462-4"} <= {result.code.code for result in found.results}
    times = [result.measured_at for result in found.results]
    assert times == sorted(times, reverse=True)
    kinds = {e["resource"]["resourceType"] for e in raw["entry"]}
    assert {"Encounter", "Claim"} & kinds <= {note.resource for note in found.not_understood}


def test_the_person_the_problem_the_medicine_and_the_weight_are_read():
    found = read(DEPRESSION, SERTRALINE, WEIGHT, PRESSURE)
    assert (found.patient.given_name, found.patient.family_name) == ("Amara Efua", "Osei")
    assert found.patient.birth_date == date(1985, 3, 12)
    assert found.patient.identifiers == (("http://referrer.example", "R-77"),)
    assert [(p.codes[0].system, p.codes[0].code, p.known_code) for p in found.problems] == [
        ("icd10cm", "F33.1", True)
    ]
    assert found.medicines[0].dose_text == "one tablet in the morning"
    assert [(r.code.code, r.value) for r in found.results] == [
        ("8480-6", Decimal(122)),
        ("8462-4", Decimal(76)),
        ("29463-7", Decimal("62.4")),
    ]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"resourceType": "Patient"}, "resourceType"),
        ({}, "resourceType"),
        ([], "resourceType"),
        ({"resourceType": "Bundle", "entry": {}}, "Bundle.entry"),
        ({"resourceType": "Bundle", "entry": "none"}, "Bundle.entry"),
    ],
)
def test_what_is_no_bundle_is_refused_at_its_place(value, path):
    assert path in {problem.path for problem in refused(value)}


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({}, "no resource in this entry"),
        ([], "no resource in this entry"),
        ({"fullUrl": "https://ehr.example/fhir/Condition/c5", "request": {"method": "DELETE"}}, "deleted"),
        ({"request": {"method": "delete", "url": "Condition/c5"}}, "deleted"),
        ({"resource": {"id": "x"}}, "no resource in this entry"),
        ({"response": {"status": "404"}}, "no resource in this entry"),
    ],
)
def test_an_entry_without_a_resource_is_said_and_the_rest_is_read(entry, says):
    """Entry.resource is 0..1: a history bundle's deletions made the whole referral be refused."""
    sent = bundle(DEPRESSION)
    sent["entry"].append(entry)
    found = read_bundle(sent, today=TODAY)
    assert len(found.problems) == 1
    assert says in why(found)


def test_what_the_bundle_deletes_is_not_read_and_stands_by_its_name():
    sent = bundle({**DEPRESSION, "id": "c5"})
    sent["entry"].append({"request": {"method": "DELETE", "url": "Condition/c5"}})
    found = read_bundle(sent, today=TODAY)
    assert not found.problems
    assert "Recurrent depressive disorder, moderate The bundle says that it was deleted" in why(found)


def test_equal_lines_stay_two_lines():
    """Two medicines without a name stood as one line: one of them was theophylline."""
    order = about("MedicationRequest", status="active", medicationReference={"reference": "Medication/m1"})
    other = {**order, "id": "medicationrequest-2"}
    found = read(order, other)
    assert len([it for it in found.not_understood if "does not say what it is" in it.why]) == 2


def test_a_bundle_without_a_patient_or_with_two_is_kept_and_said():
    """A person can take it in by hand; nothing of it is anybody's."""
    assert "Take the person in by hand" in why(read_bundle({"resourceType": "Bundle"}, today=TODAY))
    nobody = read_bundle({"resourceType": "Bundle", "entry": [{"resource": DEPRESSION}]}, today=TODAY)
    assert (nobody.problems, nobody.patient.name) == ((), "")
    assert "Take the person in by hand" in why(nobody)
    sent = bundle(DEPRESSION)
    sent["entry"].append({"resource": {**PATIENT, "id": "p2", "name": [{"text": "Somebody Else"}]}})
    two = read_bundle(sent, today=TODAY)
    assert (two.problems, two.patient.name) == ((), "")
    assert "Somebody Else 2 patients are in the bundle" in why(two)


def test_a_nest_without_end_is_refused():
    nest: dict = {}
    for _ in range(DEPTH_MAX + 5):
        nest = {"extension": nest}
    assert "levels" in refused(bundle({"resourceType": "Basic", **nest}))[0].text
    with pytest.raises(BundleRefused):
        load(b'{"a":' * 100_000)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON"),
        (b"{", "line 1"),
        (b"[1]", "no FHIR resource"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": Infinity}', "Infinity"),
        (b" " * (BYTES_MAX + 1), "larger"),
        (b'{"a": ' + b"9" * 6000 + b"}", "digits"),
    ],
)
def test_a_file_that_is_no_json_is_refused_in_words(content, says):
    with pytest.raises(BundleRefused, match=says):
        load(content)


def test_numbers_keep_their_digits_from_the_file_on():
    content = json.dumps(bundle(WEIGHT)).replace("62.4", "62.40")
    assert read_bundle(load(content.encode()), today=TODAY).results[0].value == Decimal("62.4")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MORE_FIELDS = ["component", "reaction", "abatementDateTime", "patient", "meta", "contained", "dosage", "link"]
TYPED_FIELDS = ["valueInteger", "valueRatio", "presentedForm", "content", "implicitRules", "effectiveTiming"]
FIELDS = st.sampled_from([*DEPRESSION, *SERTRALINE, *WEIGHT, *PATIENT, *MORE_FIELDS, *TYPED_FIELDS])


def read_or_refused(act):
    """What the act gives, or None when it refused with at least one place and its words."""
    try:
        return act()
    except BundleRefused as refusal:
        told = [problem for problem in refusal.problems if problem.path and problem.text]
    assert told
    return None


@settings(max_examples=300)
@given(
    st.sampled_from(
        [
            PATIENT,
            DEPRESSION,
            SERTRALINE,
            WEIGHT,
            PRESSURE,
            about("AllergyIntolerance", code=concept(LOINC, "1", "x")),
            about("DocumentReference", content=[{"attachment": {"data": "JVBERi0="}}]),
        ]
    ),
    st.dictionaries(FIELDS, json_values, max_size=4),
)
def test_whatever_stands_in_a_resource_the_answer_is_a_reading_or_a_refusal(resource, changes):
    broken = {**resource, **changes}
    found = read_or_refused(lambda: read_bundle(bundle(broken), today=TODAY))
    for result in found.results if found else ():
        assert result.value.is_finite()
        assert result.measured_at.tzinfo is not None


@given(json_values)
def test_anything_at_all_is_read_or_refused(value):
    read_or_refused(lambda: read_bundle(value, today=TODAY))


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_refused(content):
    assert isinstance(read_or_refused(lambda: load(content)), dict | None)
