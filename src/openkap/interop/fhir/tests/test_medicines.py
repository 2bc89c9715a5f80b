"""Medicines: taken or not, by whatever way they are named. A medicine's name is never lost (H18)."""

from __future__ import annotations

import pytest

from openkap.interop.fhir.tests.samples import (
    ELSEWHERE,
    HERE,
    PATIENT,
    RXNORM,
    SERTRALINE,
    about,
    concept,
    placed,
    read,
    why,
)
from openkap.kernel.answer import Answer


def _order(reference, **fields):
    return about("MedicationRequest", status="active", medicationReference=reference, **fields)


def _medication(identifier="m1", **fields):
    code = concept(RXNORM, "8123", "phenelzine")
    return {"resourceType": "Medication", "id": identifier, "code": code, **fields}


@pytest.mark.parametrize("status", ["stopped", "completed", "cancelled", "not-taken"])
def test_a_medicine_that_is_taken_no_more_is_kept_as_past(status):
    found = read({**SERTRALINE, "status": status})
    assert found.medicines[0].active is False
    assert found.asked["medicine"] is Answer.NOT_ASKED


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"doNotPerform": True}, "NOT to give it"),
        ({"doNotPerform": "true"}, "NOT to give it"),
        ({"intent": "proposal"}, "a proposal, not an order"),
        ({"intent": "plan"}, "a plan, not an order"),
        ({"status": "entered-in-error"}, "marks it entered-in-error"),
        ({"modifierExtension": [{"url": "x", "valueBoolean": True}]}, "may turn its meaning around"),
        ({"implicitRules": "https://ehr.example/rules"}, "may turn its meaning around"),
        ({"dosageInstruction": [{"modifierExtension": [{"url": "x"}]}]}, "may turn its meaning around"),
        ({"doNotPerform": False, "intent": "order"}, ""),
    ],
)
def test_what_is_no_medicine_taken_is_said_by_its_name(changes, says):
    """“Ketamine (do not give)” stood as an active medicine."""
    found = read({**SERTRALINE, **changes})
    assert bool(found.medicines) is not bool(says)
    assert not says or f"sertraline 50 MG The sender says {says}" in why(found) or says in why(found)
    assert not says or "sertraline" in why(found)


def test_a_medicine_of_the_bundle_and_one_contained_are_followed():
    by_id = read(_medication(), _order({"reference": "Medication/m1"}))
    inside = read(_order({"reference": "#a"}, contained=[_medication("a")]))
    versioned = read(_medication("m9"), _order({"reference": "Medication/m9/_history/2"}))
    for found in (by_id, inside, versioned):
        assert [(it.text, it.codes[0].code) for it in found.medicines] == [("phenelzine", "8123")]
        assert found.asked["medicine"] is Answer.YES


def test_two_contained_medicines_of_orders_without_an_id_are_two():
    """Both were lost, and their two lines had become one: one of them is not to be given with ketamine."""
    names = ("theophylline 300 mg", "clonazepam 1 mg")
    orders = [
        _order({"reference": f"#{place}"}, contained=[{**_medication(str(place)), "code": {"text": name}}])
        for place, name in enumerate(names)
    ]
    for order in orders:
        del order["id"]
    assert [it.text for it in read(*orders).medicines] == list(names)


def test_a_reference_that_leads_nowhere_keeps_its_display():
    found = read(_order({"reference": "Medication/13470", "display": "lithium carbonate 300 MG"}))
    assert [(it.text, it.active, it.known_code) for it in found.medicines] == [
        ("lithium carbonate 300 MG", True, False)
    ]
    assert "what it refers to is not in this bundle" in why(found)


def test_a_medicine_nobody_names_is_still_one_that_is_taken():
    found = read(_order({"reference": "Medication/13470"}))
    assert "Medication/13470" in found.medicines[0].text
    assert found.medicines[0].active
    assert "Ask the sender" in why(found)
    assert "names no medicine" in why(read(about("MedicationRequest", status="active")))


def test_a_medicine_of_another_server_is_not_this_one():
    order = _order({"reference": "Medication/m1", "display": "as told"})
    found = placed(
        (f"{HERE}/Patient/p1", PATIENT),
        (f"{HERE}/Medication/m1", _medication()),
        (f"{ELSEWHERE}/MedicationRequest/r1", {**order, "subject": {"reference": f"{HERE}/Patient/p1"}}),
    )
    assert [it.text for it in found.medicines] == ["as told"]


def test_two_medicines_by_one_name_are_told_apart_or_not_followed():
    order = _order({"reference": "Medication/m1", "display": "as told"})
    order["subject"] = {"reference": f"{HERE}/Patient/p1"}
    other = {**_medication(), "code": {"text": "something else"}}
    found = placed(
        (f"{HERE}/Patient/p1", PATIENT),
        (f"{HERE}/Medication/m1", _medication()),
        (f"{ELSEWHERE}/Medication/m1", other),
        ("", order),
    )
    assert [it.text for it in found.medicines] == ["as told"]


def test_what_a_medicine_is_made_of_is_kept_with_its_codes():
    ingredient = {"itemCodeableConcept": concept(RXNORM, "10438", "theophylline")}
    named = _medication(code={"text": "Asthma mixture"}, ingredient=[ingredient])
    found = read(named, _order({"reference": "Medication/m1"})).medicines[0]
    assert found.text == "Asthma mixture (contains theophylline)"
    assert ("rxnorm", "10438") in {(it.system, it.code) for it in found.codes}
    nameless = {**named, "code": None}
    assert read(nameless, _order({"reference": "Medication/m1"})).medicines[0].text == "theophylline"


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        ({"text": "two in the evening"}, "two in the evening"),
        (
            {
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                "route": {"coding": [{"display": "Oral route"}]},
                "doseAndRate": [{"doseQuantity": {"value": 450, "unit": "mg"}}],
            },
            "450 mg, twice a day, Oral route",
        ),
        ({"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}}, "every 8 hours"),
        ({"timing": {"repeat": {"frequency": 3, "period": 2, "periodUnit": "wk"}}}, "3 times every 2 weeks"),
        ({"timing": {"code": {"coding": [{"code": "BID"}]}}}, "twice a day"),
        (
            {"asNeededBoolean": True, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tab"}}]},
            "1 tab, as needed",
        ),
        (
            {
                "doseAndRate": [
                    {"doseRange": {"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "mg"}}}
                ],
                "maxDosePerPeriod": {
                    "numerator": {"value": 8, "unit": "mg"},
                    "denominator": {"value": 1, "unit": "day"},
                },
            },
            "1 mg to 2 mg, at most 8 mg / 1 day",
        ),
    ],
)
def test_a_structured_dose_is_put_into_words(dosage, words):
    assert read({**SERTRALINE, "dosageInstruction": [dosage]}).medicines[0].dose_text == words


def test_a_dose_that_cannot_be_put_into_words_is_said():
    found = read({**SERTRALINE, "dosageInstruction": [{"sequence": 1}]})
    assert found.medicines[0].dose_text == ""
    assert "dose could not be put into words" in why(found)
