"""A referral bundle: what is understood, what is said not to be, and the refusal of a malformed one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.interop.fhir.bundle import BYTES_MAX, DEPTH_MAX, load, read_bundle
from openkap.interop.fhir.reading import BundleRefused
from openkap.interop.fhir.tests.samples import (
    DEPRESSION,
    LOINC,
    PATIENT,
    PERSON,
    PRESSURE,
    SERTRALINE,
    SNOMED,
    UCUM,
    WEIGHT,
    about,
    bundle,
    concept,
)
from openkap.kernel.answer import Answer

TODAY = date(2026, 11, 23)
SHARED = Path(__file__).resolve().parents[6] / "shared" / "data" / "synthea"
FILES = sorted(SHARED.glob("*.json")) if SHARED.exists() else []


def read(*resources, patient=None):
    return read_bundle(bundle(*resources, patient=patient), today=TODAY)


def refused(value):
    with pytest.raises(BundleRefused) as refusal:
        read_bundle(value, today=TODAY)
    return refusal.value.problems


def why(understood):
    return " ".join(f"{note.what} {note.why}" for note in understood.not_understood)


@pytest.mark.skipif(not FILES, reason="the shared bundles are not beside this clone")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem.split("_")[1])
def test_a_whole_synthetic_patient_is_read_and_nothing_is_left_out_in_silence(path):
    raw = load(path.read_bytes())
    found = read_bundle(raw, today=TODAY)
    assert path.stem.split("_")[0] in found.patient.given_name
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


def test_a_list_that_is_not_there_was_not_asked_h16():
    """H16: an absent list is "not asked", never "none"."""
    assert set(read().asked.values()) == {Answer.NOT_ASKED}


def test_only_the_word_that_no_allergy_is_known_is_no_h16():
    """H16: "no known drug allergy" is narrower and leaves the list not asked."""
    none_known = about("AllergyIntolerance", code=concept(SNOMED, "716186003", "No known allergy"))
    no_drug = about("AllergyIntolerance", code=concept(SNOMED, "409137002", "No known drug allergy"))
    latex = about("AllergyIntolerance", code=concept(SNOMED, "1003755004", "Allergy to latex"))
    assert read(none_known).asked["allergy"] is Answer.NO
    assert read(no_drug).asked["allergy"] is Answer.NOT_ASKED
    assert read(none_known, latex).asked["allergy"] is Answer.YES
    assert [one.text for one in read(latex).allergies] == ["Allergy to latex"]


def test_a_code_no_rule_reads_is_kept_and_said_and_is_no_no():
    epilepsy = about("Condition", code=concept(SNOMED, "84757009", "Epilepsy"))
    found = read(epilepsy)
    assert found.problems[0].text == "Epilepsy"
    assert not found.problems[0].known_code
    assert "Epilepsy (snomed:84757009) Kept as sent" in why(found)


@pytest.mark.parametrize("state", ["refuted", "entered-in-error"])
def test_what_the_sender_took_back_is_not_taken_in(state):
    found = read({**DEPRESSION, "verificationStatus": concept("x", state, state)})
    assert not found.problems
    assert state in why(found)


def test_a_stopped_medicine_is_kept_as_stopped():
    assert read({**SERTRALINE, "status": "stopped"}).medicines[0].active is False


def test_a_medicine_by_reference_is_followed_inside_the_bundle_only():
    medicine = {"resourceType": "Medication", "id": "m1", "code": concept("x", "1", "Clonazepam")}
    order = about("MedicationRequest", status="active", medicationReference={"reference": "Medication/m1"})
    assert read(medicine, order).medicines[0].text == "Clonazepam"
    assert "names no medicine" in why(read(order))


@pytest.mark.parametrize(
    ("quantity", "says"),
    [
        ({"value": 137.5, "unit": "lb", "system": UCUM, "code": "[lb_av]"}, "lb"),
        ({"value": 62, "unit": "kg", "code": "kg"}, "not one taken"),
        ({"value": 62, "unit": "kg", "system": UCUM}, "not one taken"),
        ({"value": float("nan"), "system": UCUM, "code": "kg"}, "cannot be true"),
        ({"value": 1e308, "system": UCUM, "code": "kg"}, "cannot be true"),
        ({"value": "62", "system": UCUM, "code": "kg"}, "not a number"),
        ({"value": True, "system": UCUM, "code": "kg"}, "not a number"),
        ({"value": 62, "comparator": "<", "system": UCUM, "code": "kg"}, "bound"),
        ({"value": 10**5000, "system": UCUM, "code": "kg"}, "not a number"),
    ],
)
def test_a_weight_in_a_wrong_unit_or_of_no_body_is_said_and_not_taken_h04(quantity, says):
    """H04: pounds are not kilograms; nothing is converted on the quiet."""
    found = read({**WEIGHT, "valueQuantity": quantity})
    assert not found.results
    assert says in why(found)


def test_a_value_without_a_zone_or_not_final_is_said():
    assert "no exact time" in why(read({**WEIGHT, "effectiveDateTime": "2026-10-01"}))
    assert "preliminary" in why(read({**WEIGHT, "status": "preliminary"}))


def test_a_resource_about_somebody_else_is_not_read():
    other = {**WEIGHT, "subject": {"reference": "Patient/somebody-else"}}
    found = read(other)
    assert not found.results
    assert "somebody who is not in this bundle" in why(found)


IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
LISTS = {
    "allergy": lambda code: about("AllergyIntolerance", code=code),
    "medicine": lambda code: about("MedicationStatement", status="active", medicationCodeableConcept=code),
    "problem": lambda code: about("Condition", code=code),
}


@pytest.mark.parametrize(
    ("kind", "system", "code", "words", "answer"),
    [
        ("allergy", IPS, "no-allergy-info", "No information about allergies", Answer.NOT_ASKED),
        ("medicine", IPS, "no-medication-info", "No information", Answer.NOT_ASKED),
        ("problem", IPS, "no-problem-info", "No information", Answer.NOT_ASKED),
        ("allergy", IPS, "no-known-allergies", "No known allergies", Answer.NO),
        ("medicine", IPS, "no-known-medications", "No known medications", Answer.NO),
        ("problem", IPS, "no-known-problems", "No known problems", Answer.NO),
        ("allergy", IPS, "no-known-food-allergies", "No known food allergies", Answer.NOT_ASKED),
        ("allergy", SNOMED, "160244002", "No known allergies", Answer.NO),
        ("allergy", "x", "y", "NKDA", Answer.NOT_ASKED),
        ("allergy", "x", "y", "None known", Answer.NO),
        ("allergy", "x", "y", "Unknown", Answer.NOT_ASKED),
    ],
)
def test_a_statement_about_a_list_is_never_an_entry_of_it_h16(kind, system, code, words, answer):
    """“No information about allergies” stood as an allergy, and the list as asked."""
    found = read(LISTS[kind](concept(system, code, words)))
    assert (found.allergies, found.medicines, found.problems) == ((), (), ())
    assert found.asked[kind] is answer


@pytest.mark.parametrize(
    "words", ["Unknown antibiotic", "No known drug allergies but latex", "Not known: a dye"]
)
def test_an_allergy_that_only_begins_like_a_statement_is_an_allergy(words):
    found = read(LISTS["allergy"](concept("x", "y", words)))
    assert [it.text for it in found.allergies] == [words]


def test_a_none_that_holds_no_more_answers_nothing_and_one_beside_an_entry_is_no_none():
    ended = about("AllergyIntolerance", code=concept(SNOMED, "716186003", "No known allergy"))
    ended["clinicalStatus"] = _status("resolved")
    assert read(ended).asked["allergy"] is Answer.NOT_ASKED
    none = {**ended, "clinicalStatus": _status("active")}
    latex = about("AllergyIntolerance", code=concept(SNOMED, "111088007", "Latex"))
    found = read(none, latex)
    assert [it.text for it in found.allergies] == ["Latex"]
    assert found.asked["allergy"] is Answer.YES


LOCAL = {"system": "urn:oid:1.2.999.1", "code": "7"}


def _status(*codes):
    return {"coding": [LOCAL, *({"system": "http://terminology.hl7.org/x", "code": code} for code in codes)]}


@pytest.mark.parametrize("verified", ["entered-in-error", "refuted", "Entered-In-Error"])
def test_what_was_taken_back_is_found_among_all_codings(verified):
    """The clinic's own code stands first, and FHIR's behind it."""
    allergy = about("AllergyIntolerance", code=concept(SNOMED, "373464007", "ketamine"))
    allergy["verificationStatus"] = _status(verified)
    found = read({**DEPRESSION, "verificationStatus": _status(verified)}, allergy)
    assert (found.problems, found.allergies) == ((), ())
    assert found.asked["allergy"] is Answer.NOT_ASKED


def test_what_has_ended_is_found_among_all_codings_and_active_wins_over_ended():
    ended = read({**DEPRESSION, "clinicalStatus": _status("resolved")})
    assert [it.active for it in ended.problems] == [False]
    both = read({**DEPRESSION, "clinicalStatus": _status("resolved", "active")})
    assert [it.active for it in both.problems] == [True]


@pytest.mark.parametrize("verified", ["differential", "provisional", "unconfirmed"])
def test_a_problem_that_is_not_confirmed_is_kept_and_marked(verified):
    found = read({**DEPRESSION, "verificationStatus": _status(verified)})
    assert found.problems[0].text.endswith(f"({verified}, not confirmed)")
    assert "not confirmed" in why(found)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"doNotPerform": True}, "NOT to give it"),
        ({"doNotPerform": "true"}, "NOT to give it"),
        ({"intent": "proposal"}, "a proposal, not an order"),
        ({"intent": "plan"}, "a plan, not an order"),
        ({"doNotPerform": False, "intent": "order"}, ""),
    ],
)
def test_an_order_not_to_give_a_medicine_and_a_mere_plan_are_no_medicine_taken(changes, says):
    """“Ketamine (do not give)” stood as an active medicine."""
    found = read({**SERTRALINE, **changes})
    assert bool(found.medicines) is not bool(says)
    assert says in why(found)


HERE, ELSEWHERE = "https://ehr.example/fhir", "https://other-hospital.example/r4"


@pytest.mark.parametrize(
    ("person_at", "told_at", "reference", "hers"),
    [
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "Patient/p1", True),
        (f"{HERE}/Patient/p1", f"{ELSEWHERE}/Condition/c1", "Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{ELSEWHERE}/Condition/c1", f"{HERE}/Patient/p1", True),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", f"{ELSEWHERE}/Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "Patient/p1/_history/3", True),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", f"{HERE}/Patient/p1/_history/3", True),
        (f"{HERE}/Patient/p1", "", "Patient/p1", True),
        ("", "", "Patient/p1", True),
        ("", "", "Patient/p2", False),
        (PERSON, "urn:uuid:2", "Patient/p1", True),
        (PERSON, f"{ELSEWHERE}/Condition/c1", "Patient/p1", False),
        (f"{HERE}/Patient/p1", f"{HERE}/Condition/c1", "RelatedPerson/p1", False),
    ],
)
def test_a_reference_is_read_with_the_server_of_its_own_entry(person_at, told_at, reference, hers):
    """H30. `Patient/p1` of another server is another person; a version of a person is the person."""
    told = {**DEPRESSION, "subject": {"reference": reference}}
    entries = [{"fullUrl": person_at, "resource": PATIENT}, {"fullUrl": told_at, "resource": told}]
    sent = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    found = read_bundle(sent, today=TODAY)
    assert bool(found.problems) is hers
    assert any("somebody who is not in this bundle" in it.why for it in found.not_understood) is not hers


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"resourceType": "Patient"}, "resourceType"),
        ({}, "resourceType"),
        ([], "resourceType"),
        ({"resourceType": "Bundle"}, "Bundle.entry"),
        ({"resourceType": "Bundle", "entry": []}, "Bundle.entry"),
        ({"resourceType": "Bundle", "entry": [{}]}, "Bundle.entry[0].resource"),
        ({"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": PATIENT}]}, "Bundle.entry"),
    ],
)
def test_what_is_no_bundle_about_one_person_is_refused_at_its_place(value, path):
    assert path in {problem.path for problem in refused(value)}


@pytest.mark.parametrize(
    "born", ["1985", "1985-02-30", "2190-01-01", "1700-01-01", "", None, 1985, "12.03.1985"]
)
def test_an_impossible_birth_date_is_refused(born):
    problems = refused(bundle(patient={**PATIENT, "birthDate": born}))
    assert [problem.path for problem in problems] == ["Bundle.entry[0].resource.birthDate"]


def test_every_problem_is_told_at_once():
    problems = refused(bundle(patient={"resourceType": "Patient"}))
    assert {problem.path.rsplit(".", 1)[1] for problem in problems} == {"name", "birthDate"}


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
FIELDS = st.sampled_from(
    [*DEPRESSION, *SERTRALINE, *WEIGHT, *PATIENT, "component", "reaction", "abatementDateTime", "patient"]
)


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
