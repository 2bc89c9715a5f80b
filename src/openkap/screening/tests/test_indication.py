"""No indication, no course: what the treatment is for is known, and it is what the protocol is for."""

from __future__ import annotations

import pytest

from openkap.kernel.answer import Answer
from openkap.protocols import loading
from openkap.screening import deciding, rules
from openkap.screening.facts import Facts, Given, Problem
from openkap.screening.tests.test_rules import PACK, SIGNED, TODAY, _well
from tests.packs import BUNDLED


def _assess(facts: Facts) -> rules.Assessment:
    return rules.assess(facts, pack=PACK, signed=SIGNED)


def _coded(*codes: str, active: bool = True) -> Facts:
    return _well(problems=tuple(Problem("x", (("icd10cm", it),), active=active) for it in codes))


def _answered(name: str, answer: Answer, *codes: str) -> Facts:
    facts = _coded(*(codes or ("F33.1",)))
    return _well(answers={**facts.answers, name: Given(answer, TODAY)}, problems=facts.problems)


@pytest.mark.parametrize(
    "facts",
    [
        _well(problems=()),
        _well(problems=(Problem("Depression"),)),
        _coded("I10"),
        _coded("F33.1", active=False),
        _coded("F33.42"),
    ],
    ids=["none", "without a code", "another organ", "ended", "in remission"],
)
def test_without_a_diagnosis_nobody_signs(facts: Facts) -> None:
    """The trial: no diagnosis at all came out “eligible”."""
    found = _assess(facts)
    assert [it.name for it in found.missing] == ["indication"]
    assert not found.signable
    told = deciding.objections_to_deciding_now(found, is_prescriber=True)
    assert "NOT_ASKED" in {it.code for it in told}


def test_while_the_list_was_not_asked_for_that_is_what_is_missing() -> None:
    found = _assess(_well(problems=(), problems_asked=Answer.NOT_ASKED))
    assert [it.name for it in found.missing] == ["list_problem"]


@pytest.mark.parametrize(
    ("codes", "rows"),
    [
        (("F33.1",), set()),
        (("F33.2", "F43.12"), set()),
        (("F31.4",), {"RC_BIPOLAR_NO_MS"}),
        (("F43.12",), {"IND_NOT_THIS_PACK"}),
        (("F10.10",), {"IND_NOT_THIS_PACK"}),
        (("M79.7",), {"IND_NOT_THIS_PACK", "FIBROMYALGIA"}),
        (("F32.0",), {"IND_NOT_THIS_PACK", "IND_MILD"}),
        (("F33.1", "R45.851"), {"IND_ACUTE_SI"}),
    ],
)
def test_a_diagnosis_the_protocol_is_not_for_is_a_finding(codes, rows) -> None:
    """The trial: F32.0, F10.10 and R45.851 came out “eligible”, without a finding."""
    found = _assess(_coded(*codes))
    assert {it.rule for it in found.findings if it.outcome != "eligible"} == rows
    assert found.signable
    assert found.outcome == ("conditional" if rows else "eligible")


def test_depression_by_snomed_is_what_the_protocol_is_for() -> None:
    found = _assess(_well(problems=(Problem("Depression", (("snomed", "370143000"),)),)))
    assert (found.outcome, found.missing) == ("eligible", ())


def test_fewer_than_two_trials_is_a_finding_in_depression_and_not_in_bipolar_depression() -> None:
    def met(*codes: str) -> set[str]:
        return {it.rule for it in _assess(_answered("trials_two", Answer.NO, *codes)).findings}

    assert "IND_TRIALS" in met("F33.1")
    assert "IND_TRIALS" not in met("F31.4")


def test_acute_thoughts_of_suicide_are_a_finding() -> None:
    found = _assess(_answered("suicide_acute", Answer.YES))
    [mine] = [it for it in found.findings if it.rule == "IND_ACUTE_SI"]
    assert (mine.outcome, mine.level, mine.override) == ("conditional", "warn", "allowed")
    assert mine.because == ("Acute thoughts of suicide, a plan, or intent now? Yes",)


def test_suicide_risk_failed_trials_and_bipolar_history_are_asked() -> None:
    assert {"suicide_acute", "trials_two", "bipolar_ever"} <= {
        it.name for it in rules.asked_of(PACK, _well())
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"indications": ["NOTHING"]}, "there is no condition “NOTHING”"),
        ({"in_condition": ["NOTHING"]}, "there is no condition “NOTHING”"),
        ({"asks": "nobody_asks"}, "nobody asks for “nobody_asks”"),
        ({"asks": "airway"}, "a yes to “airway” must be a reason"),
    ],
)
def test_a_pack_whose_indication_makes_no_sense_does_not_load(change, words) -> None:
    body = {**loading.bundled_body(BUNDLED)}
    if "indications" in change:
        body["indications"] = change["indications"]
    if "in_condition" in change:
        first, *others = body["indication_rules"]
        body["indication_rules"] = [{**first, **change}, *others]
    if "asks" in change:
        first, *others = body["contraindications"]
        body["contraindications"] = [{**first, "when": {**first["when"], **change}}, *others]
    with pytest.raises(loading.PackError) as caught:
        loading.load(body)
    assert any(words in it for it in caught.value.errors)
