"""The facts of a file as a screening takes them, and what is needed and was not given. Pure.

Two lists that were given answer what they speak of: whoever told all active and past diagnoses was asked
for them. What no list can say (an escort, a test) is asked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from openkap.interop.assess.case import AssessCase
from openkap.kernel.answer import Answer
from openkap.protocols.pack import Pack
from openkap.screening import indication, matching
from openkap.screening.facts import Allergy, Facts, Given, Medicine, Problem

# The facts that answer a question of the protocol, by the question's name.
ASKED_AS = {
    "pregnancy": "pregnancy_test",
    "lactating": "lactating",
    "capacity": "capacity",
    "escort": "escort",
    "trials_two": "failed_adequate_trials",
    "alcohol_programme": "answers",
    "antidepressant_now": "answers",
}
ADEQUATE_TRIALS = 2  # the number the question asks for
ANTIDEPRESSANTS = "N06A"  # the ATC group
URINARY = ("dysuria", "urgency", "frequency", "haematuria", "hematuria", "bladder", "urine", "urination")
LISTS = {"dx": "problem", "history": "problem", "meds": "medicine", "allergies": "allergy"}


def facts_of(case: AssessCase, pack: Pack) -> Facts:
    """What a screening by this protocol would know."""
    facts = Facts(
        today=case.today,
        age=case.get("age"),
        sex=case.get("sex", "unknown"),
        problems=(
            *(_problem(code, active=True) for code in case.get("dx", ())),
            *(_problem(code, active=False) for code in case.get("history", ())),
        ),
        problems_asked=_asked(case, "dx"),
        medicines=tuple(_medicine(it) for it in case.get("meds", ())),
        medicines_asked=_asked(case, "meds"),
        allergies=tuple(Allergy(name) for name in case.get("allergies", ())),
        allergies_asked=_asked(case, "allergies"),
    )
    answers = {name: Given(answer, case.today) for name, answer in _answers(case, facts, pack=pack)}
    return replace(facts, answers=answers)


def _problem(code: str, *, active: bool) -> Problem:
    return Problem(code.upper(), (("icd10cm", code.upper()),), active=active)


def _medicine(told: Any) -> Medicine:
    if isinstance(told, str):
        return Medicine(told)
    pairs = (("rxnorm", told.get("rx")), ("atc", told.get("atc")))
    return Medicine(told["n"], tuple((system, code) for system, code in pairs if code))


def _asked(case: AssessCase, name: str) -> Answer:
    if name not in case:
        return Answer.NOT_ASKED
    return Answer.YES if case.get(name) else Answer.NO


def _answers(case: AssessCase, facts: Facts, *, pack: Pack) -> Iterator[tuple[str, Answer]]:
    """The answers that the facts give to the protocol's questions."""
    if "pregnancy_test" in case:
        yield "pregnancy", _yes(case.get("pregnancy_test") == "positive")
    if "failed_adequate_trials" in case:
        yield "trials_two", _yes(case.get("failed_adequate_trials") >= ADEQUATE_TRIALS)
    if "child_pugh" in case:
        yield "liver_severe", _yes(case.get("child_pugh") == "C")
        yield "liver_moderate", _yes(case.get("child_pugh") == "B")
    for name in ("lactating", "capacity", "escort"):
        if name in case:
            yield name, _yes(case.get(name))
    if has_urinary(case):
        yield "bladder", Answer.YES
    if _takes_antidepressant(facts, pack):
        yield "antidepressant_now", Answer.YES
    yield from ((name, _yes(said)) for name, said in case.get("answers", {}).items())


def _yes(said: bool) -> Answer:
    return Answer.YES if said else Answer.NO


def has_urinary(case: AssessCase) -> bool:
    """Whether one of the complaints is one of the bladder."""
    told = {word for text in case.get("symptoms", ()) for word in matching.words_of(text)}
    return bool(told & set(URINARY))


def _takes_antidepressant(facts: Facts, pack: Pack) -> bool:
    table = pack.substances.table
    known = [
        drug
        for row in pack.known_medicines
        for drug in row.drugs
        if any(code.startswith(ANTIDEPRESSANTS) for code in drug.atc)
    ]
    return any(
        any(matching.is_drug(medicine, drug, table=table) for drug in known)
        or any(system == "atc" and code.startswith(ANTIDEPRESSANTS) for system, code in medicine.codes)
        for medicine in facts.medicines
    )


def missing(case: AssessCase, facts: Facts, *, pack: Pack) -> list[str]:
    """The facts that are needed before anybody signs, by the name they are given by."""
    names = [name for name in ("age", "sex", *LISTS, "bp") if name not in case]
    if pack.dose.by_weight and "weight_kg" not in case:
        names.append("weight_kg")
    if indication.missing(pack, facts):
        names.append("indication")
    names += [named for name, named in _unanswered(facts, pack)]
    names += [] if pack.release is None else ["release"]
    return list(dict.fromkeys(names))


def _unanswered(facts: Facts, pack: Pack) -> Iterator[tuple[str, str]]:
    resistant = {row.id for row in indication.evidence(facts, pack)} & {
        name for row in pack.indication_rules for name in row.in_condition
    }
    for question in pack.questions:
        named = ASKED_AS.get(question.name)
        concerns = not question.unless_sex or question.unless_sex != facts.sex
        if named is None or not concerns or question.name in facts.answers:
            continue
        if question.name == "trials_two" and not resistant:
            continue
        yield question.name, f"answers.{question.name}" if named == "answers" else named
