"""H17, H18: every name and code an entry carries is looked at, and a code says no more than its text."""

from __future__ import annotations

import pytest

from openkap.kernel.answer import Answer
from openkap.protocols.pack import Substance, Trigger
from openkap.screening import matching, rules
from openkap.screening.facts import Allergy, Facts, Given, Medicine, Problem
from openkap.screening.tests.test_rules import PACK, SIGNED, TODAY, _well

TABLE = PACK.substances.table
SUBSTANCES = [(name, other) for name, entry in TABLE.items() for other in entry.names]
DRUGS = {drug.name for row in PACK.interactions for drug in row.drugs}


def _assess(facts: Facts) -> rules.Assessment:
    return rules.assess(facts, pack=PACK, signed=SIGNED)


def _met(facts: Facts) -> set[str]:
    return {it.rule for it in _assess(facts).findings if it.outcome != "eligible"}


def _without(name: str, **more) -> Facts:
    """The well person, one question not asked."""
    return _well(answers={key: it for key, it in _well().answers.items() if key != name}, **more)


def _answered(answer: Answer, name: str, **more) -> Facts:
    return _well(answers={**_well().answers, name: Given(answer, TODAY)}, **more)


@pytest.mark.parametrize(
    "allergy",
    [
        Allergy("Ketalar"),
        Allergy("Spravato nasal spray"),
        Allergy("anaesthetic", (("rxnorm", "6130"),)),
        Allergy("anaesthetic", (("atc", "N01AX14"),)),
        Allergy("anaesthetic", (("snomed", "1"), ("rxnorm", "6130"))),
        Allergy("anaesthetic", (("snomed", "1"),), ("Ketamine",)),
        *(Allergy(name) for it in ("ketamine", "esketamine") for name in TABLE[it].names),
    ],
    ids=lambda it: f"{it.text} {it.codes}",
)
def test_an_allergy_to_ketamine_is_met_by_every_name_and_code(allergy: Allergy) -> None:
    """The trial: an allergy to “Ketalar” came out eligible, without a word."""
    assert {"CI_RACEMIC_VASC", "CI_KETALAR"} <= _met(_well(allergies=(allergy,)))


@pytest.mark.parametrize(("name", "brand"), [it for it in SUBSTANCES if it[0] in DRUGS])
def test_a_medicine_is_found_by_its_brand(name: str, brand: str) -> None:
    facts = _well(medicines=(Medicine(f"{brand} 5 mg, at night"),), medicines_asked=Answer.YES)
    rows = {row.id for row in PACK.interactions if name in {drug.name for drug in row.drugs}}
    assert rows <= {it.rule for it in _assess(facts).findings}
    assert _assess(facts).not_understood == ()


@pytest.mark.parametrize("name", [*TABLE["valproate"].names, *TABLE["lithium"].names])
def test_a_mood_stabiliser_is_known_by_its_brand(name: str) -> None:
    bipolar = Problem("Bipolar", (("icd10cm", "F31.4"),))
    assert "RC_BIPOLAR_NO_MS" in _met(_well(problems=(bipolar,)))
    with_it = _well(problems=(bipolar,), medicines=(Medicine(f"{name} 500 mg"),))
    assert "RC_BIPOLAR_NO_MS" not in _met(with_it)


@pytest.mark.parametrize(
    "codes", [(("rxnorm", "3322"),), (("ndc", "1"), ("rxnorm", "3322")), (("atc", "N05BA01"),)]
)
def test_a_medicine_is_found_by_any_of_its_codes(codes) -> None:
    assert "DDI_CNS" in _met(_well(medicines=(Medicine("one at night", codes),)))
    assert "DDI_CNS" in _met(
        _well(medicines=(Medicine("one at night", (("ndc", "1"),), ("Diazepam 5 MG",)),))
    )


def test_a_code_of_another_system_is_not_that_code() -> None:
    assert "DDI_CNS" not in _met(_well(medicines=(Medicine("x", (("ndc", "3322"), ("local", "N05BA01"))),)))
    assert "RC_PREG_RAC" not in _met(_well(problems=(Problem("x", (("icd10cm", "77386006"),)),)))
    assert "RC_PREG_RAC" not in _met(_well(problems=(Problem("x", (("icd9", "O09"),)),)))
    assert "RC_PREG_RAC" in _met(_well(problems=(Problem("x", (("icd10", "O09"),)),)))
    assert not matching.is_substance(Allergy("x", (("atc", "Z"),)), "ketamine", also=Substance())


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Aortic aneurysm, repaired", "CI_RACEMIC_VASC"),
        ("Schizophrenia", "RC_PSYCHOSIS_RACEMIC"),
        ("Bipolar disorder", "RC_BIPOLAR_NO_MS"),
        ("Epilepsy since childhood", "RC_SEIZURE"),
        ("Pregnant, 12 weeks", "RC_PREG_RAC"),
        ("Alcohol use disorder", "RC_SUD_SERIAL"),
        ("Obstructive sleep apnea", "RC_AIRWAY"),
    ],
)
def test_a_problem_without_a_code_is_read_by_its_name(text: str, row: str) -> None:
    asks = next(it.when.asks for it in PACK.contraindications if it.id == row)
    problem = Problem(text)
    assert row in _met(_without(asks, problems=(problem,)))
    assert row in _met(_without(asks, problems=(Problem("told elsewhere", (("local", "7"),), (text,)),)))
    assert not [it for it in _assess(_without(asks, problems=(problem,))).not_understood if text in it]


@pytest.mark.parametrize("text", ["No aneurysm", "Family history of schizophrenia", "Epilepsy ruled out"])
def test_what_is_denied_or_a_relatives_is_no_finding_and_is_said_to_be_unread(text: str) -> None:
    facts = _well(problems=(*_well().problems, Problem(text)))
    assert _met(facts) == set()
    assert any(text in it for it in _assess(facts).not_understood)


def test_a_psychosis_that_has_passed_is_a_history_also_by_its_name() -> None:
    now, past = Problem("Psychosis"), Problem("Psychosis", active=False)
    assert "RC_PSYCHOSIS_RACEMIC" in _met(_well(problems=(now,)))
    assert "RC_PSYCHOSIS_HISTORY_RAC" not in _met(_well(problems=(now,)))
    assert "RC_PSYCHOSIS_HISTORY_RAC" in _met(_well(problems=(past,)))
    assert "RC_PSYCHOSIS_RACEMIC" not in _met(_well(problems=(past,)))


ASKING = [row for row in PACK.contraindications if row.when.asks]


def test_the_rows_that_say_not_controlled_ask() -> None:
    assert {row.id for row in ASKING} >= {
        "RC_CVD",
        "RC_SEIZURE",
        "RC_THYROID",
        "RC_KETAMINE_UD",
        "RC_AIRWAY",
        "RC_ICP_RACEMIC",
    }


@pytest.mark.parametrize("row", ASKING, ids=lambda row: row.id)
def test_a_code_alone_is_asked_about_and_the_answer_decides(row) -> None:
    """The trial: any G40 was “not controlled”, treated E05 “not treated”, stable I50 “poorly controlled”."""
    code = row.when.icd10cm[0]
    problem = Problem("On record", (("icd10cm", code),))
    open_ = _assess(_without(row.when.asks, problems=(problem,)))
    mine = next(it for it in open_.findings if it.rule == row.id)
    assert mine.outcome == row.outcome
    assert any("only on record; ask:" in it for it in mine.because)
    assert row.when.asks in {it.name for it in open_.missing}
    settled = _assess(_answered(Answer.NO, row.when.asks, problems=(problem,)))
    mine = next(it for it in settled.findings if it.rule == row.id)
    assert (mine.outcome, mine.level) == ("eligible", "info")
    assert code in " ".join(mine.because)
    assert any("No" in it for it in mine.because)
    confirmed = _assess(_answered(Answer.YES, row.when.asks, problems=(problem,)))
    mine = next(it for it in confirmed.findings if it.rule == row.id)
    assert mine.outcome == row.outcome
    assert not any("only on record" in it for it in mine.because)


@pytest.mark.parametrize("code", ["F10.21", "F11.21", "F19.21", "F1021"])
def test_a_dependence_in_remission_is_a_history_and_not_active(code: str) -> None:
    facts = _well(problems=(*_well().problems, Problem("In remission", (("icd10cm", code),))))
    assert "RC_SUD_SERIAL" not in _met(facts)
    assert "RC_SUD_HISTORY_RAC" in _met(facts)


def test_a_dependence_that_is_not_in_remission_is_active() -> None:
    facts = _well(problems=(*_well().problems, Problem("Alcohol dependence", (("icd10cm", "F10.20"),))))
    assert "RC_SUD_SERIAL" in _met(facts)
    assert "RC_SUD_HISTORY_RAC" not in _met(facts)


def test_a_bipolar_disorder_by_snomed_by_history_or_in_remission_needs_a_mood_stabiliser() -> None:
    for facts in (
        _well(problems=(Problem("x", (("snomed", "13746004"),)),)),
        _well(problems=(Problem("x", (("icd10cm", "F31.76"),)),)),
        _well(problems=(Problem("x", (("icd10cm", "F31.4"),), active=False),)),
        _answered(Answer.YES, "bipolar_ever"),
    ):
        assert "RC_BIPOLAR_NO_MS" in _met(facts)
    covered = _answered(Answer.YES, "bipolar_ever", medicines=(Medicine("Lithium 300 mg"),))
    assert "RC_BIPOLAR_NO_MS" not in _met(covered)


def test_unknown_allergies_and_medicines_are_listed_and_known_ones_are_said_to_be_known() -> None:
    facts = _well(
        allergies=(Allergy("Latex", (("snomed", "111088007"),)), Allergy("Ketalar")),
        medicines=(Medicine("Sertraline 50 mg"), Medicine("Zorbamycin"), Medicine("Valium")),
    )
    found = _assess(facts)
    assert found.not_understood == (
        "Zorbamycin: not in the interaction table; unknown, not safe",
        "Allergy, Latex (111088007): no rule knows it; unknown, not safe",
    )
    assert found.known_without_row == (
        "Sertraline 50 mg: known, and no row of this protocol names an interaction (KM_ANTIDEPRESSANT)",
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("Moclobemide", "DDI_MAOI"),
        ("Zyvox", "DDI_MAOI"),
        ("Temazepam", "DDI_CNS"),
        ("Restoril", "DDI_BZD_EFF"),
    ],
)
def test_what_the_trial_found_missing_is_in_the_table(name: str, row: str) -> None:
    assert row in {it.rule for it in _assess(_well(medicines=(Medicine(name),))).findings}


@pytest.mark.parametrize("system", ["aaa", "local", "ndc", "zzz"])
def test_a_code_counts_only_in_its_own_system(system: str) -> None:
    """Whatever the system is called: the same figures in another list are another thing."""
    assert "RC_PREG_RAC" not in _met(_well(problems=(Problem("x", ((system, "77386006"),)),)))
    assert "RC_PREG_RAC" not in _met(_well(problems=(Problem("x", ((system, "O09"),)),)))
    for code in ("6130", "N01AX14"):
        assert "CI_KETALAR" not in _met(_well(allergies=(Allergy("x", ((system, code),)),)))


@pytest.mark.parametrize("ever", [{"icd10cm_ever": ("I71",)}, {"snomed_ever": ("1",)}])
@pytest.mark.parametrize("active", [True, False])
def test_what_counts_at_any_time_counts_by_its_name_at_any_time(ever, active: bool) -> None:
    facts = _well(problems=(Problem("Aneurysm", active=active),))
    assert matching.reasons(Trigger(words=("aneurysm",), **ever), facts, pack=PACK)


@pytest.mark.parametrize(
    ("when", "active", "meets"),
    [
        (Trigger(words=("aneurysm",), icd10cm=("I71",)), True, True),
        (Trigger(words=("aneurysm",), icd10cm=("I71",)), False, False),
        (Trigger(words=("aneurysm",), icd10cm_past=("I71",)), True, False),
        (Trigger(words=("aneurysm",), icd10cm_past=("I71",)), False, True),
    ],
)
def test_by_its_name_too_now_is_now_and_past_is_past(when: Trigger, active: bool, meets: bool) -> None:
    facts = _well(problems=(Problem("Aneurysm", active=active),))
    assert bool(matching.reasons(when, facts, pack=PACK)) is meets


@pytest.mark.parametrize(("age", "meets"), [(17, True), (18, False), (None, False)])
def test_the_age_floor_is_the_birthday_itself(age: int | None, meets: bool) -> None:
    assert ("RC_PEDS_RAC" in _met(_well(age=age))) is meets
