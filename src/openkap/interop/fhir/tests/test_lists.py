"""Problems and allergies: what each is, what was taken back, and what a statement about a whole list says."""

from __future__ import annotations

import pytest

from openkap.interop.fhir.tests.samples import (
    DEPRESSION,
    ICD,
    RXNORM,
    SERTRALINE,
    SNOMED,
    about,
    concept,
    read,
    status,
    why,
)
from openkap.kernel.answer import Answer

IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
LISTS = {
    "allergy": lambda code: about("AllergyIntolerance", code=code),
    "medicine": lambda code: about("MedicationStatement", status="active", medicationCodeableConcept=code),
    "problem": lambda code: about("Condition", code=code),
}
LATEX = about("AllergyIntolerance", id="latex", code=concept(SNOMED, "111088007", "Latex"))


def test_a_list_that_is_not_there_was_not_asked_h16():
    """H16: an absent list is "not asked", never "none"."""
    assert set(read().asked.values()) == {Answer.NOT_ASKED}


def test_only_the_word_that_no_allergy_is_known_is_no_h16():
    """H16: "no known drug allergy" is narrower and leaves the list not asked."""
    none_known = about("AllergyIntolerance", code=concept(SNOMED, "716186003", "No known allergy"))
    no_drug = about("AllergyIntolerance", code=concept(SNOMED, "409137002", "No known drug allergy"))
    assert read(none_known).asked["allergy"] is Answer.NO
    assert read(no_drug).asked["allergy"] is Answer.NOT_ASKED
    assert read(none_known, LATEX).asked["allergy"] is Answer.YES
    assert [one.text for one in read(LATEX).allergies] == ["Latex"]


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
        ("allergy", "urn:oid:2.16.840.1.113883.6.96", "716186003", "as coded", Answer.NO),
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
    ended["clinicalStatus"] = status("resolved")
    assert read(ended).asked["allergy"] is Answer.NOT_ASKED
    found = read({**ended, "clinicalStatus": status("active")}, LATEX)
    assert [it.text for it in found.allergies] == ["Latex"]
    assert found.asked["allergy"] is Answer.YES


@pytest.mark.parametrize("written", [status, str, str.upper])
@pytest.mark.parametrize("verified", ["entered-in-error", "refuted", "Entered-In-Error"])
def test_what_was_taken_back_is_found_among_all_codings(verified, written):
    """The clinic's own code stands first, and FHIR's behind it; FHIR before R4 writes a plain code."""
    allergy = about("AllergyIntolerance", code=concept(SNOMED, "373464007", "ketamine"))
    allergy["verificationStatus"] = written(verified)
    found = read({**DEPRESSION, "verificationStatus": written(verified)}, allergy)
    assert (found.problems, found.allergies) == ((), ())
    assert found.asked["allergy"] is Answer.NOT_ASKED
    assert verified.casefold() in why(found)


def test_what_has_ended_is_found_among_all_codings_and_active_wins_over_ended():
    ended = read({**DEPRESSION, "clinicalStatus": status("resolved")})
    assert [it.active for it in ended.problems] == [False]
    both = read({**DEPRESSION, "clinicalStatus": status("resolved", "active")})
    assert [it.active for it in both.problems] == [True]


@pytest.mark.parametrize("verified", ["differential", "provisional", "unconfirmed"])
def test_a_problem_that_is_not_confirmed_is_kept_and_marked(verified):
    found = read({**DEPRESSION, "verificationStatus": status(verified)})
    assert found.problems[0].marked.endswith(f"(unconfirmed: {verified})")
    assert found.problems[0].confirmed is False
    assert "not confirmed" in why(found)


def test_a_code_no_rule_reads_is_kept_and_said_and_is_no_no():
    found = read(about("Condition", code=concept(SNOMED, "84757009", "Epilepsy")))
    assert found.problems[0].text == "Epilepsy"
    assert not found.problems[0].known_code
    assert "Epilepsy (snomed:84757009) Kept as sent" in why(found)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_every_coding_is_kept_whatever_their_order(order):
    told = [
        {"system": "http://hl7.org/fhir/sid/ndc", "code": "00071-0270-24"},
        {"system": RXNORM, "code": "8123", "display": "phenelzine"},
        {"system": "urn:oid:1.2.999.7", "code": "own-1", "display": "MAO inhibitor"},
    ]
    code = {"coding": [told[place] for place in order], "text": "Nardil 15 mg"}
    medicine = read({**SERTRALINE, "medicationCodeableConcept": code}).medicines[0]
    assert (medicine.text, medicine.known_code) == ("Nardil 15 mg", True)
    assert {(it.system, it.code) for it in medicine.codes} == {
        ("ndc", "00071-0270-24"),
        ("rxnorm", "8123"),
        ("urn:oid:1.2.999.7", "own-1"),
    }


def test_a_coding_that_has_words_and_no_code_keeps_its_words():
    code = {"coding": [{"system": ICD, "code": "F32.9"}, {"display": "with psychotic symptoms"}]}
    found = read({**DEPRESSION, "code": code}).problems[0]
    assert [it.display for it in found.codes] == ["", "with psychotic symptoms"]


def test_an_allergy_is_to_every_substance_its_reactions_name():
    """H17. The substance stood in the reaction alone, and “it names no substance” was said."""
    anaphylaxis = concept(SNOMED, "39579001", "Anaphylaxis")
    reaction = {
        "substance": concept(RXNORM, "6130", "ketamine"),
        "manifestation": [anaphylaxis],
        "severity": "severe",
    }
    alone = read(about("AllergyIntolerance", reaction=[reaction])).allergies[0]
    assert (alone.text, alone.codes[0].code) == ("ketamine", "6130")
    assert alone.reaction == "Anaphylaxis, severe"
    named = about("AllergyIntolerance", code=concept("x", "y", "an anaesthetic"), reaction=[reaction])
    both = read(named).allergies[0]
    assert both.text == "an anaesthetic (ketamine)"
    assert {it.code for it in both.codes} == {"y", "6130"}
