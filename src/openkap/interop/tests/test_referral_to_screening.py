"""What a referral says reaches the rules: by any code or name, whichever way it was told (H16, H17, H18)."""

from __future__ import annotations

import json

import pytest

from openkap.interop.fhir.tests import samples
from openkap.interop.referrals import actions
from openkap.kernel.answer import Answer
from openkap.protocols import actions as protocols_actions
from openkap.protocols import queries as packs
from openkap.screening import queries, rules
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

KETALAR = {"text": "Ketalar", "coding": [{"system": samples.RXNORM, "code": "6130", "display": "ketamine"}]}
BY_ITS_OID = {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.88", "code": "6130"}], "text": "own list 7"}
NARDIL = {
    "text": "Nardil 15 mg",
    "coding": [
        {"system": "http://hl7.org/fhir/sid/ndc", "code": "00071-0270-24"},
        {"system": samples.RXNORM, "code": "8123", "display": "phenelzine"},
    ],
}


def _assessed(cast: Cast, *resources: dict):
    """What the rules say of the person after the referral was taken in."""
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    content = json.dumps(samples.bundle(samples.DEPRESSION, *resources)).encode()
    referral = actions.receive(content, sender="Dr Weiss", by=cast.kit, at=NOW)
    patient = actions.take(referral.id, by=cast.kit, at=NOW)
    facts = queries.facts_of(patient, at=NOW)
    return facts, rules.assess(facts, pack=packs.pack_of(version))


def _allergy(**fields) -> dict:
    return samples.about("AllergyIntolerance", **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"code": KETALAR},
        {"code": BY_ITS_OID},
        {"reaction": [{"substance": KETALAR}]},
        {"code": {"text": "an anaesthetic"}, "reaction": [{"substance": {"text": "Ketamine"}}]},
    ],
)
def test_an_allergy_to_ketamine_excludes_by_whichever_name_or_code_it_came(cast: Cast, fields: dict) -> None:
    """H17: “Ketalar” with RxNorm 6130 was screened as eligible, because the rules saw its text alone."""
    _, found = _assessed(cast, _allergy(**fields))
    assert found.outcome == "exclude"
    assert any(why.startswith("allergy: ") for it in found.findings for why in it.because)


def _order(**fields) -> dict:
    return samples.about("MedicationRequest", status="active", intent="order", **fields)


@pytest.mark.parametrize(
    "resources",
    [
        [_order(medicationCodeableConcept=NARDIL)],
        [_order(medicationReference={"reference": "Medication/m9", "display": "phenelzine 15 mg"})],
        [
            _order(
                medicationReference={"reference": "#a"},
                contained=[{"resourceType": "Medication", "id": "a", "code": NARDIL}],
            )
        ],
        [
            _order(medicationReference={"reference": "Medication/m9/_history/2"}),
            {"resourceType": "Medication", "id": "m9", "ingredient": [{"itemCodeableConcept": NARDIL}]},
        ],
    ],
)
def test_a_monoamine_oxidase_inhibitor_is_found_whichever_way_it_came(cast: Cast, resources: list) -> None:
    """H18: only the first coding reached the chart, and the finding was missing."""
    _, found = _assessed(cast, *resources)
    assert any(it.flag == "DDI_MAOI_BP" for it in found.findings)


def test_a_medicine_nobody_names_is_unknown_and_not_harmless(cast: Cast) -> None:
    _, found = _assessed(cast, _order(medicationReference={"reference": "Medication/777"}))
    assert any("Medication/777" in it and "unknown, not safe" in it for it in found.not_understood)


def test_no_information_leaves_the_list_to_be_asked(cast: Cast) -> None:
    """H16: not asked is never no."""
    ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    facts, _ = _assessed(cast, _allergy(code=samples.concept(ips, "no-allergy-info", "No information")))
    assert facts.allergies_asked is Answer.NOT_ASKED
    assert facts.allergies == ()


def test_a_possible_psychosis_counts_until_somebody_has_looked(cast: Cast) -> None:
    """A differential diagnosis is marked, and met by the rule all the same."""
    possible = samples.about(
        "Condition",
        id="c2",
        code=samples.concept(samples.ICD, "F20.9", "Schizophrenia"),
        verificationStatus=samples.status("differential"),
        clinicalStatus=samples.status("active"),
    )
    facts, found = _assessed(cast, possible)
    assert any("(unconfirmed: differential)" in it.text for it in facts.problems)
    assert found.outcome == "exclude"
