"""May this person be treated: what worsens, what never improves, what nobody can sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.defaults.loading import shipped
from openkap.kernel.answer import Answer
from openkap.protocols import loading
from openkap.screening import deciding, matching, rules
from openkap.screening.facts import Facts, Given, Medicine, Problem, from_dict
from openkap.screening.numbers import ScreeningNumbers
from tests.packs import BUNDLED

PACK = loading.load_bundled(BUNDLED)
TODAY = date(2026, 11, 24)
SIGNED = frozenset(row.id for _, rows in PACK.rows() for row in rows)
HEALTHY_NO = {"capacity", "escort", "trials_two"}


def _well(**more) -> Facts:
    """A person of 41 with depression about whom everything was asked today, and nothing stands against."""
    answers = {
        q.name: Given(Answer.YES if q.name in HEALTHY_NO else Answer.NO, TODAY) for q in PACK.questions
    }
    facts = Facts(
        today=TODAY,
        age=41,
        sex="female",
        answers=answers,
        problems=(Problem("Depression", (("icd10cm", "F33.1"),)),),
        problems_asked=Answer.YES,
        medicines_asked=Answer.NO,
        allergies_asked=Answer.NO,
    )
    return replace(facts, **more)


def _worst(facts: Facts, signed=SIGNED) -> int:
    return rules.OUTCOMES.index(rules.assess(facts, pack=PACK, signed=signed).outcome)


def _triggered(row) -> Facts:
    """The well person, with just what makes this row hold."""
    when = row.when
    if when.yes_to:
        return _well(answers={**_well().answers, when.yes_to[0]: Given(Answer.YES, TODAY)})
    if when.no_to:
        return _well(answers={**_well().answers, when.no_to[0]: Given(Answer.NO, TODAY)})
    if when.age_under:
        return _well(age=when.age_under - 1)
    if when.icd10cm_past:
        return _well(problems=(Problem("past", (("icd10cm", when.icd10cm_past[0]),), active=False),))
    return _well(problems=(Problem("now", (("icd10cm", (when.icd10cm or when.icd10cm_ever)[0]),)),))


def test_a_person_against_whom_nothing_stands_is_eligible_and_signable():
    found = rules.assess(_well(), pack=PACK, signed=SIGNED)
    assert (found.outcome, found.findings, found.missing, found.signable) == ("eligible", (), (), True)
    assert [row.id for row in found.evidence] == ["TRD"]


@pytest.mark.parametrize("row", PACK.contraindications, ids=lambda row: row.id)
def test_every_contraindication_gives_its_outcome_rule_and_status(row):
    """H17: each row of the pack is held, with its source and status."""
    found = rules.assess(_triggered(row), pack=PACK, signed=SIGNED)
    mine = next(it for it in found.findings if it.rule == row.id)
    assert (mine.outcome, mine.flag, mine.status) == (row.outcome, row.flag, row.status)
    assert mine.because
    assert rules.OUTCOMES.index(found.outcome) >= rules.OUTCOMES.index(row.outcome)


@pytest.mark.parametrize("row", PACK.interactions, ids=lambda row: row.id)
def test_every_interaction_is_found_by_name_and_by_code(row):
    """H18: each drug of the table, by its name in a sentence and by its codes."""
    for drug in row.drugs:
        named = Medicine(f"{drug.name.upper()} 10 mg tablet, one at night")
        coded = [Medicine("?", (("rxnorm", drug.rxnorm),))] if drug.rxnorm else []
        coded += [Medicine("?", (("atc", code),)) for code in drug.atc]
        for medicine in (named, *coded):
            facts = _well(medicines=(medicine,), medicines_asked=Answer.YES)
            found = rules.assess(facts, pack=PACK, signed=SIGNED)
            mine = next(it for it in found.findings if it.rule == row.id)
            assert mine.outcome == rules.OUTCOME_OF_SEVERITY[row.severity]


def test_theophylline_cannot_be_decided_against():
    facts = _well(medicines=(Medicine("Theophylline SR 200 mg"),), medicines_asked=Answer.YES)
    found = rules.assess(facts, pack=PACK)
    told = deciding.objections_to_deciding("eligible", reason="she needs it", assessment=found)
    assert [it.code for it in told] == ["NOBODY_MAY"]


@given(data=st.data())
@settings(max_examples=60)
def test_one_more_contraindication_never_improves_anything(data):
    rows = data.draw(st.lists(st.sampled_from(PACK.contraindications), unique_by=lambda row: row.id))
    answers, problems, age = dict(_well().answers), list(_well().problems), 41
    worst = 0
    for row in rows:
        one = _triggered(row)
        answers |= {name: it for name, it in one.answers.items() if it != _well().answers[name]}
        problems += [it for it in one.problems if it not in problems]
        age = min(age, one.age)
        now = _worst(_well(answers=answers, problems=tuple(problems), age=age))
        assert now >= worst
        assert now >= rules.OUTCOMES.index(row.outcome)
        worst = now


@given(st.sets(st.sampled_from([q.name for q in PACK.questions if not q.day_only]), min_size=1))
def test_what_is_unknown_never_beats_what_is_known_to_be_well(forgotten):
    """H16: not asked is not no; with anything missing nobody signs."""
    answers = {name: it for name, it in _well().answers.items() if name not in forgotten}
    found = rules.assess(_well(answers=answers), pack=PACK, signed=SIGNED)
    assert not found.signable
    assert {it.name for it in found.missing} == forgotten
    told = deciding.objections_to_deciding_now(found, is_prescriber=True)
    assert {it.code for it in told} & {"NOT_ASKED", "NOT_ASKED_MORE"}


@pytest.mark.parametrize("part", ["problems_asked", "medicines_asked", "allergies_asked"])
def test_a_list_nobody_asked_about_is_missing(part):
    assert len(rules.missing(PACK, _well(**{part: Answer.NOT_ASKED}))) == 1


def test_an_old_no_is_asked_again_and_an_old_yes_still_counts():
    """An answer holds for its days; a danger once named is not forgotten by waiting."""
    pregnancy = next(q for q in PACK.questions if q.name == "pregnancy")
    old = TODAY - timedelta(days=pregnancy.days_valid + 1)
    was_no = _well(answers={**_well().answers, "pregnancy": Given(Answer.NO, old)})
    assert [(it.name, it.expired) for it in rules.missing(PACK, was_no)] == [("pregnancy", True)]
    was_yes = _well(answers={**_well().answers, "pregnancy": Given(Answer.YES, old)})
    assert rules.assess(was_yes, pack=PACK).outcome == "exclude"


def test_a_man_is_not_asked_about_pregnancy():
    names = {q.name for q in rules.asked_of(PACK, _well(sex="male"))}
    assert "pregnancy" not in names
    assert "pregnancy" in {q.name for q in rules.asked_of(PACK, _well(sex="unknown"))}


def test_an_unsigned_row_without_a_source_warns_and_never_silently_stops():
    """H45: it counts, it shows, and a prescriber may decide with a reason."""
    for row in PACK.contraindications:
        if row.acts_fully(frozenset()) or row.outcome not in ("exclude", "defer"):
            continue
        mine = next(it for it in rules.assess(_triggered(row), pack=PACK).findings if it.rule == row.id)
        assert (mine.level, mine.override, mine.outcome) == ("warn", "allowed", row.outcome)


def test_going_against_an_exclusion_needs_a_reason_and_a_second_prescriber():
    row = next(it for it in PACK.contraindications if it.id == "RC_HEPATIC_C_RAC")
    found = rules.assess(_triggered(row), pack=PACK, signed=SIGNED)
    told = deciding.objections_to_deciding("eligible", reason=" ", assessment=found)
    assert [it.code for it in told] == ["WHY_MILDER"]
    assert deciding.objections_to_deciding("eligible", reason="hepatology agrees", assessment=found) == []
    assert deciding.needs_second("eligible", found)
    assert not deciding.needs_second("exclude", found)


def test_what_no_rule_can_read_is_said_to_be_unknown():
    facts = _well(
        problems=(Problem("Weak legs", (("icd9", "780.79"),)),),
        medicines=(Medicine("Zorbamycin"),),
        medicines_asked=Answer.YES,
    )
    told = " ".join(rules.assess(facts, pack=PACK).not_understood)
    assert "Weak legs" in told
    assert "Zorbamycin: not in the interaction table; unknown, not safe" in told


def test_a_drug_is_not_found_inside_another_word():
    drug = next(d for row in PACK.interactions for d in row.drugs if d.name == "oxybate")
    assert not matching.is_drug(Medicine("foxybaterin"), drug, table={})
    assert matching.is_drug(Medicine("sodium oxybate"), drug, table={})


@pytest.mark.parametrize(
    ("code", "prefix", "fits"),
    [("F33.1", "F33", True), ("F331", "F33.1", True), ("F33", "F33.1", False), ("I711", "I71", True)],
)
def test_a_code_lies_below_its_chapter(code, prefix, fits):
    assert matching.is_icd(code, [prefix]) is fits


def test_bipolar_disorder_with_lithium_is_no_finding():
    bipolar = Problem("Bipolar", (("icd10cm", "F31.4"),))
    bare = rules.assess(_well(problems=(bipolar,)), pack=PACK)
    held = rules.assess(
        _well(problems=(bipolar,), medicines=(Medicine("Lithium carbonate"),), medicines_asked=Answer.YES),
        pack=PACK,
    )
    assert "BIPOLAR_NO_MOOD_STABILIZER" in {it.flag for it in bare.findings}
    assert "BIPOLAR_NO_MOOD_STABILIZER" not in {it.flag for it in held.findings}


def test_the_worst_finding_comes_first():
    facts = _well(
        answers={**_well().answers, "pregnancy": Given(Answer.YES, TODAY), "airway": Given(Answer.YES, TODAY)}
    )
    found = rules.assess(facts, pack=PACK, signed=SIGNED).findings
    outcomes = [rules.OUTCOMES.index(it.outcome) for it in found]
    assert outcomes == sorted(outcomes, reverse=True)


@pytest.mark.parametrize("row", PACK.contraindications, ids=lambda row: row.id)
def test_kept_facts_give_the_same_answer_again(row):
    """H44: a decision can be replayed from what was kept with it."""
    facts = _triggered(row)
    again = from_dict(facts.as_dict())
    assert again == facts
    assert rules.assess(again, pack=PACK) == rules.assess(facts, pack=PACK)


def test_a_decision_holds_until_the_first_answer_has_to_be_asked_again():
    assert rules.valid_until(PACK, _well(), numbers=shipped(ScreeningNumbers)) == TODAY + timedelta(days=14)
    assert rules.valid_until(PACK, _well(sex="male"), numbers=shipped(ScreeningNumbers)) == TODAY + timedelta(
        days=30
    )
