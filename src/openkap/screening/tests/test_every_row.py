"""H16, H17, H18: every row of every protocol that ships holds when what it speaks of is there, each way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from openkap.kernel.answer import Answer
from openkap.protocols import loading
from openkap.protocols.pack import Pack, Trigger
from openkap.screening import rules
from openkap.screening.facts import Allergy, Facts, Given, Medicine, Problem

TODAY = date(2026, 11, 24)
NOTHING = Facts(today=TODAY)
NAMES = loading.newest_names()
Way = tuple[str, Facts]


def _answered(name: str, answer: Answer) -> Facts:
    return replace(NOTHING, answers={name: Given(answer, TODAY)})


def _problem(text: str, system: str = "", code: str = "", *, active: bool = True) -> Facts:
    codes = ((system, code),) if code else ()
    return replace(NOTHING, problems=(Problem(text, codes, active=active),))


def _ways(when: Trigger) -> Iterator[Way]:
    """Each single thing that makes a row hold, and by itself nothing else."""
    yield from ((f"yes to {name}", _answered(name, Answer.YES)) for name in when.yes_to)
    yield from ((f"no to {name}", _answered(name, Answer.NO)) for name in when.no_to)
    for code in (*when.icd10cm, *when.icd10cm_ever):
        yield f"ICD-10-CM {code}", _problem("as coded", "icd10cm", code)
        yield f"below {code}", _problem("as coded", "icd10cm", f"{code}9" if "." in code else f"{code}.9")
    for code in (*when.icd10cm_past, *when.icd10cm_ever):
        yield f"past {code}", _problem("as coded", "icd10cm", code, active=False)
    for code in (*when.snomed, *when.snomed_ever):
        yield f"SNOMED {code}", _problem("as coded", "snomed", code)
    is_past = bool(when.icd10cm_past)
    for words in when.words:
        yield f"“{words}”", _problem(f"Known {words.upper()}, see letter", active=not is_past)
    yield from ((f"allergy to {name}", replace(NOTHING, allergies=(Allergy(name),))) for name in when.allergy)
    if when.age_under:
        yield f"under {when.age_under}", replace(NOTHING, age=when.age_under - 1)
    if when.age_from:
        yield f"from {when.age_from}", replace(NOTHING, age=when.age_from)


def _holding(facts: Facts, pack: Pack) -> dict[str, rules.Finding]:
    return {it.rule: it for it in rules.assess(facts, pack=pack).findings}


@pytest.mark.parametrize("name", NAMES)
def test_each_reason_not_to_treat_holds_by_each_of_its_ways(name: str) -> None:
    pack = loading.load_bundled(name)
    tried = 0
    for row in pack.contraindications:
        for way, facts in _ways(row.when):
            if way.startswith(("ICD", "below")) and rules.matching.is_coded(
                facts.problems[0], icd=pack.remission.icd10cm, snomed=()
            ):
                continue  # a code that says “in remission” is a history
            finding = _holding(facts, pack).get(row.id)
            assert finding is not None, (row.id, way)
            assert (finding.flag, finding.outcome) == (row.flag, row.outcome), (row.id, way)
            tried += 1
    assert tried > 100
    assert _holding(NOTHING, pack) == {}


@pytest.mark.parametrize("name", NAMES)
def test_each_other_medicine_is_known_by_name_brand_and_codes(name: str) -> None:
    pack = loading.load_bundled(name)
    for row in pack.interactions:
        for drug in row.drugs:
            brands = pack.substances.table[drug.name].names if drug.name in pack.substances.table else ()
            told = [Medicine(f"{word} 10 mg daily") for word in (drug.name, *brands)]
            told += [Medicine("as coded", (("atc", code),)) for code in drug.atc]
            told += [Medicine("as coded", (("rxnorm", drug.rxnorm),))] if drug.rxnorm else []
            for medicine in told:
                finding = _holding(replace(NOTHING, medicines=(medicine,)), pack).get(row.id)
                assert finding is not None, (row.id, medicine)
                assert finding.outcome == rules.OUTCOME_OF_SEVERITY[row.severity]


@pytest.mark.parametrize("name", NAMES)
def test_each_condition_and_each_rule_of_what_it_is_for_is_seen(name: str) -> None:
    pack = loading.load_bundled(name)
    for condition in pack.conditions:
        for code in condition.icd10cm:
            if code in pack.remission.icd10cm:
                continue
            seen = rules.assess(_problem("as coded", "icd10cm", code), pack=pack).evidence
            assert condition in seen, (condition.id, code)
    for row in (it for it in pack.indication_rules if it.kind == "trigger" and not it.in_condition):
        for way, facts in _ways(row.when):
            assert row.id in _holding(facts, pack), (row.id, way)


def test_a_chronic_ptsd_is_not_taken_for_a_history_of_trauma_alone() -> None:
    pack = loading.load_bundled(loading.newest_of("iv-eight-sessions"))
    assert "CHILDHOOD_TRAUMA" not in _holding(_problem("PTSD, chronic", "icd10cm", "F43.12"), pack)
    history = _holding(_problem("Abuse in childhood", "icd10cm", "Z62.810"), pack)
    assert history["CHILDHOOD_TRAUMA"].flag == "EVIDENCE_WEAK_OR_NONE"


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_asked_for_a_row(name: str) -> None:
    """A question that nothing turns on is asked of nobody; one with an alert has an owner at once."""
    pack = loading.load_bundled(name)
    triggers = [row.when for row in (*pack.contraindications, *pack.indication_rules)]
    used = {name for when in triggers for name in (*when.yes_to, *when.no_to)}
    used |= {name for row in pack.interactions for name in row.yes_to}
    used |= {row.question for row in pack.day_rules}
    used |= {question.name for question in pack.questions if question.alert}
    assert {question.name for question in pack.questions} == used


@pytest.mark.parametrize(
    ("name", "flag", "outcome", "override"),
    [
        ("esketamine-us-1", "ABS_ANEURYSMAL_DISEASE", "exclude", "not_allowed"),
        ("esketamine-us-1", "ABS_AVM", "exclude", "not_allowed"),
        ("esketamine-us-1", "ABS_INTRACEREBRAL_HEMORRHAGE", "exclude", "not_allowed"),
        ("esketamine-us-1", "ABS_HYPERSENSITIVITY", "exclude", "not_allowed"),
        ("esketamine-us-1", "PREGNANCY", "exclude", "second_prescriber"),
        ("esketamine-us-1", "ACTIVE_PSYCHOSIS", "defer", "allowed"),
        ("iv-depression-2", "ACTIVE_PSYCHOSIS", "exclude", "second_prescriber"),
        ("im-kap-1", "ACTIVE_PSYCHOSIS", "exclude", "allowed"),
    ],
)
def test_who_may_decide_otherwise(name: str, flag: str, outcome: str, override: str) -> None:
    """Nobody where the label forbids it, a second prescriber over a verified row, a reason over a default."""
    pack = loading.load_bundled(name)
    row = next(it for it in pack.contraindications if it.flag == flag)
    _, facts = next(iter(_ways(row.when)))
    found = _holding(facts, pack)[row.id]
    assert (found.outcome, found.override) == (outcome, override)


def test_theophylline_is_forbidden_with_racemic_ketamine_and_watched_with_esketamine() -> None:
    taking = replace(NOTHING, medicines=(Medicine("Theophylline 200 mg"),))
    racemic = _holding(taking, loading.load_bundled("im-kap-1"))["DDI_XANTH"]
    spray = _holding(taking, loading.load_bundled("esketamine-us-1"))["DDI_XANTH"]
    assert (racemic.outcome, racemic.override) == ("exclude", "not_allowed")
    assert (spray.outcome, spray.level) == ("conditional", "warn")


def test_the_problem_a_protocol_is_for_is_no_reason_against_it_and_another_one_is() -> None:
    pack = loading.load_bundled("iv-alcohol-1")
    drinks = _holding(_problem("Alcohol dependence", "icd10cm", "F10.20"), pack)
    assert "RC_SUD_SERIAL" not in drinks
    assert "IND_NOT_THIS_PACK" not in drinks
    assert "RC_SUD_SERIAL" in _holding(_problem("Opioid dependence", "icd10cm", "F11.20"), pack)
    assert "RC_SUD_SERIAL" in _holding(_answered("alcohol_programme", Answer.NO), pack)
