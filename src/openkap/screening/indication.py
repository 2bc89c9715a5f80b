"""Pure: what the treatment is for in this person, and what is found when this protocol is not for it.

No indication, no course: without a diagnosis nobody signs; with another one than the protocol is for, a mild
first episode, too few trials or acute thoughts of suicide, a prescriber sees it and says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from openkap.protocols.pack import Condition, IndicationRule, Pack
from openkap.screening import matching
from openkap.screening.facts import Facts, Missing, Problem

MENTAL_DISORDERS = "F"  # the chapter of ICD-10 in which a diagnosis for this treatment stands


def evidence(facts: Facts, pack: Pack) -> Iterator[Condition]:
    """The conditions of the protocol that the person has now."""
    now = [problem for problem in facts.problems if matching.is_active(problem, pack)]
    for row in pack.conditions:
        if any(_is(problem, row) for problem in now):
            yield row


def without_evidence(facts: Facts, pack: Pack) -> Iterator[Condition]:
    """The conditions for which nothing speaks, of problems that are no better known condition as well.

    A chronic PTSD is coded like a trauma in childhood: what is known of PTSD is what holds.
    """
    now = [problem for problem in facts.problems if matching.is_active(problem, pack)]
    known = [row for row in pack.conditions if row.grade != "N"]
    open_ones = [problem for problem in now if not any(_is(problem, row) for row in known)]
    for row in pack.conditions:
        if row.grade == "N" and any(_is(problem, row) for problem in open_ones):
            yield row


def _is(problem: Problem, row: Condition) -> bool:
    return matching.is_coded(problem, icd=row.icd10cm, snomed=row.snomed)


def diagnoses(facts: Facts, pack: Pack) -> list[Problem]:
    """The active problems that could be what the treatment is for."""
    icd = [MENTAL_DISORDERS, *(code for row in pack.conditions for code in row.icd10cm)]
    snomed = [code for row in pack.conditions for code in row.snomed]
    active = [it for it in facts.problems if matching.is_active(it, pack)]
    return [it for it in active if matching.is_coded(it, icd=icd, snomed=snomed)]


def missing(pack: Pack, facts: Facts) -> list[Missing]:
    """The diagnosis, when the list of problems was asked for and holds none."""
    if not facts.problems_asked.known or diagnoses(facts, pack):
        return []
    return [Missing("indication", row.text) for row in pack.indication_rules if row.kind == "missing"]


def reasons(facts: Facts, pack: Pack) -> Iterator[tuple[IndicationRule, tuple[str, ...]]]:
    """The rows of the protocol that say it is not for this person, or not yet, each with why."""
    here, known = {row.id for row in evidence(facts, pack)}, diagnoses(facts, pack)
    for row in pack.indication_rules:
        if row.kind == "not_indicated" and known and not here & set(pack.indications):
            yield row, tuple(it.in_words for it in known)
        if row.kind == "trigger" and (not row.in_condition or here & set(row.in_condition)):
            met = matching.reasons(row.when, facts, pack=pack)
            if met:
                yield row, met.because
