"""Pure: whether a code, a medicine or an allergy is one a row of the pack speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from openkap.protocols.pack import Drug, Trigger
from openkap.screening.facts import Facts, Medicine, Problem


def words_of(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(re.findall(r"[a-zà-ÿ]+", text.casefold()))


def named_in(name: str, text: str) -> bool:
    """Whether all words of a name stand in a text."""
    return words_of(name) <= words_of(text)


def is_icd(code: str, prefixes: Iterable[str]) -> bool:
    """Whether an ICD-10-CM code is one of these or lies below one (F33 holds F33.1)."""
    plain = code.upper().replace(".", "")
    return any(plain.startswith(prefix.upper().replace(".", "")) for prefix in prefixes)


def is_coded(problem: Problem, *, icd: Iterable[str], snomed: Iterable[str]) -> bool:
    """Whether the problem has one of these codes."""
    if problem.system == "icd10cm":
        return is_icd(problem.code, icd)
    return problem.system == "snomed" and problem.code in tuple(snomed)


def is_drug(medicine: Medicine, drug: Drug) -> bool:
    """Whether a medicine is this drug: by code, or by its name standing in the words."""
    if medicine.system == "rxnorm" and drug.rxnorm and medicine.code == drug.rxnorm:
        return True
    if medicine.system == "atc" and any(medicine.code.startswith(code) for code in drug.atc):
        return True
    return named_in(drug.name, medicine.text)


def problems_that_trigger(when: Trigger, facts: Facts) -> list[Problem]:
    """The problems for which a contraindication holds."""
    found = []
    for problem in facts.problems:
        now = problem.active and is_coded(problem, icd=when.icd10cm, snomed=when.snomed)
        past = not problem.active and is_coded(problem, icd=when.icd10cm_past, snomed=())
        ever = is_coded(problem, icd=when.icd10cm_ever, snomed=when.snomed_ever)
        if now or past or ever:
            found.append(problem)
    return found


def reasons(when: Trigger, facts: Facts, *, asked: Mapping[str, str]) -> list[str]:
    """Why a contraindication holds, in the words that were asked; empty when it does not."""
    found = [f"{asked.get(name, name)} Yes" for name in when.yes_to if facts.is_yes(name)]
    found += [f"{asked.get(name, name)} No" for name in when.no_to if facts.is_no(name)]
    problems = problems_that_trigger(when, facts)
    if problems and not _is_covered(when, facts):
        found += [f"{it.text} ({it.code})" for it in problems]
    found += [f"allergy: {it}" for it in facts.allergies if any(named_in(name, it) for name in when.allergy)]
    if when.age_under and facts.age is not None and facts.age < when.age_under:
        found.append(f"age {facts.age}")
    return found


def _is_covered(when: Trigger, facts: Facts) -> bool:
    """Whether a medicine is taken with which the problem alone is no reason."""
    return any(named_in(name, it.text) for name in when.unless_medicine for it in facts.medicines)
