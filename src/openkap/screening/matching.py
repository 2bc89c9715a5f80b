"""Pure: whether a problem, a medicine or an allergy is one a row of the pack speaks of.

Every code and every name an entry carries is looked at (hazards H17, H18): the words it was written in, the
displays of its codes, brand names, and each coding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openkap.kernel.answer import Answer
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _
from openkap.protocols.pack import Drug, Pack, Substance, Trigger
from openkap.screening.facts import Coded, Facts, Medicine, Problem

YES, NO = _("{question} Yes"), _("{question} No")
DENIED = frozenset({"no", "not", "never", "denies", "denied", "negative", "without", "family", "ruled"})
ICD = ("icd10cm", "icd10")


def words_of(text: str) -> set[str]:
    """The words of a text, in lower case; numbers count as words (“Theo-24”)."""
    return set(re.findall(r"[a-zà-ÿ]+|[0-9]+", text.casefold()))


def named_in(name: str, text: str) -> bool:
    """Whether all words of a name stand in a text."""
    return words_of(name) <= words_of(text)


def is_named(names: Iterable[str], entry: Coded) -> bool:
    """Whether one of these names stands in one of the entry's."""
    return any(named_in(name, told) for name in names for told in entry.names)


def is_icd(code: str, prefixes: Iterable[str]) -> bool:
    """Whether an ICD-10 code is one of these or lies below one (F33 holds F33.1)."""
    plain = code.upper().replace(".", "")
    return any(plain.startswith(prefix.upper().replace(".", "")) for prefix in prefixes)


def is_coded(problem: Problem, *, icd: Iterable[str], snomed: Iterable[str]) -> bool:
    """Whether one of the problem's codes is one of these."""
    prefixes, concepts = tuple(icd), tuple(snomed)
    return any(
        is_icd(code, prefixes) if system in ICD else system == "snomed" and code in concepts
        for system, code in problem.codes
    )


def is_substance(entry: Coded, name: str, *, also: Substance) -> bool:
    """Whether an entry is this substance: by its name, another name, or a code."""
    if is_named((name, *also.names), entry):
        return True
    return any(
        (system == "rxnorm" and code in also.rxnorm) or (system == "atc" and code.startswith(also.atc))
        for system, code in entry.codes
    )


def is_drug(medicine: Medicine, drug: Drug, *, table: Mapping[str, Substance]) -> bool:
    """Whether a medicine is this drug: by one of its codes, or by one of its names standing in the words."""
    also = table.get(drug.name, Substance())
    own = (drug.rxnorm,) if drug.rxnorm else ()
    both = Substance(also.names, (*also.rxnorm, *own), (*also.atc, *drug.atc))
    return is_substance(medicine, drug.name, also=both)


def is_active(problem: Problem, pack: Pack) -> bool:
    """Whether a problem is active: a code that says “in remission” is a history."""
    return problem.active and not is_coded(problem, icd=pack.remission.icd10cm, snomed=())


def _holds_by_words(problem: Problem, when: Trigger, *, active: bool) -> bool:
    """Whether the problem's own words name it. A name that is denied, or a relative's, is not one."""
    told = [it for it in problem.names if not words_of(it) & DENIED]
    if not any(named_in(name, it) for name in when.words for it in told):
        return False
    if when.icd10cm_ever or when.snomed_ever:
        return True
    return not when.icd10cm_past if active else bool(when.icd10cm_past)


def problems_that_trigger(when: Trigger, facts: Facts, *, pack: Pack) -> list[Problem]:
    """The problems a trigger speaks of, by every code and every name."""
    problems = []
    for problem in facts.problems:
        active = is_active(problem, pack)
        now = active and is_coded(problem, icd=when.icd10cm, snomed=when.snomed)
        past = not active and is_coded(problem, icd=when.icd10cm_past, snomed=())
        ever = is_coded(problem, icd=when.icd10cm_ever, snomed=when.snomed_ever)
        if now or past or ever or _holds_by_words(problem, when, active=active):
            problems.append(problem)
    return problems


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a row holds, in the words that were asked.

    `settled` says that all there is is a problem the person's own answer has settled: known, and no reason.
    """

    because: tuple[str, ...] = ()
    settled: bool = False

    def __bool__(self) -> bool:
        return bool(self.because)


def reasons(when: Trigger, facts: Facts, *, pack: Pack) -> Reasons:
    """Why a row of the pack holds; empty when it does not."""
    asked = {question.name: question.ask for question in pack.questions}
    answered = [
        render(YES, {"question": asked.get(name, name)}) for name in when.yes_to if facts.is_yes(name)
    ]
    answered += [render(NO, {"question": asked.get(name, name)}) for name in when.no_to if facts.is_no(name)]
    answered += _allergies(when, facts, pack=pack)
    if _is_of_age(when, facts.age):
        answered.append(render(_("age {age}"), {"age": facts.age}))
    problems = [it.in_words for it in problems_that_trigger(when, facts, pack=pack)]
    if (answered or problems) and _is_covered(when, facts, pack=pack):
        return Reasons()
    if when.asks and problems and not answered:
        return _asked_instead(when.asks, problems, facts=facts, ask=asked.get(when.asks, when.asks))
    return Reasons((*answered, *problems))


def _is_of_age(when: Trigger, age: int | None) -> bool:
    """Whether the age alone is a reason: under the one the row names, or from it on."""
    if age is None:
        return False
    return age < when.age_under or bool(when.age_from and age >= when.age_from)


def _asked_instead(name: str, problems: list[str], *, facts: Facts, ask: str) -> Reasons:
    """A problem whose code does not say what the row says: the answer decides, and until then it counts."""
    given = facts.answers.get(name)
    if given is not None and given.answer is Answer.NO:
        return Reasons((*problems, render(_("asked: {question} No"), {"question": ask})), settled=True)
    return Reasons((*problems, render(_("only on record; ask: {question}"), {"question": ask})))


def _allergies(when: Trigger, facts: Facts, *, pack: Pack) -> list[str]:
    table = pack.substances.table
    return [
        render(_("allergy: {what}"), {"what": it.in_words})
        for it in facts.allergies
        if any(is_substance(it, name, also=table.get(name, Substance())) for name in when.allergy)
    ]


def _is_covered(when: Trigger, facts: Facts, *, pack: Pack) -> bool:
    """Whether a medicine is taken with which there is no reason."""
    table = pack.substances.table
    return any(
        is_substance(it, name, also=table.get(name, Substance()))
        for name in when.unless_medicine
        for it in facts.medicines
    )
