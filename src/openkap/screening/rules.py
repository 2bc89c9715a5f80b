"""Pure: may this person be treated? Findings with rule, source and status, and what is still missing.

The worst finding decides. What is not known worsens nothing and lets nobody sign. A row that no source has
verified and no medical director has signed is shown and counts, but is never a silent hard stop (H45).
The rule in prose: docs/algorithms/eligibility.md. Held against H16, H17 and H18.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openkap.kernel.answer import Answer
from openkap.kernel.evidence import Status
from openkap.kernel.wording import render, translated
from openkap.kernel.wording import sentence as _
from openkap.protocols.pack import (
    Condition,
    Contraindication,
    IndicationRule,
    Interaction,
    Pack,
    Question,
    Row,
)
from openkap.screening import indication, matching, unread
from openkap.screening.facts import Facts, Given, Missing
from openkap.screening.numbers import ScreeningNumbers

Acting = Contraindication | Interaction | IndicationRule
OUTCOMES = ("eligible", "conditional", "defer", "exclude")
LEVELS = ("block", "warn", "info")
LISTS = {
    "problem": _("Problems: ask for the whole list."),
    "medicine": _("Medicines: ask for the whole list."),
    "allergy": _("Allergies: ask for the whole list."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one row of the pack says about this person."""

    flag: str
    rule: str
    level: str
    outcome: str
    override: str
    text: str
    because: tuple[str, ...]
    status: Status
    sources: tuple[str, ...]

    @property
    def override_words(self) -> str:
        """Who may decide otherwise."""
        if self.level == "info":
            return ""
        return translated(_OVERRIDE_WORDS[self.override])


_OVERRIDE_WORDS = {
    "allowed": _("a prescriber may decide otherwise, with a reason"),
    "second_prescriber": _("deciding otherwise needs a second prescriber"),
    "not_allowed": _("nobody can decide otherwise"),
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer of a screening: what it comes to, why, and what is missing."""

    outcome: str
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    evidence: tuple[Condition, ...]
    not_understood: tuple[str, ...]
    known_without_row: tuple[str, ...] = ()

    @property
    def signable(self) -> bool:
        """Whether a prescriber may sign: nothing that is needed is missing."""
        return not self.missing


def asked_of(pack: Pack, facts: Facts) -> list[Question]:
    """The questions that concern this person at a screening."""
    return [question for question in _concerning(pack, facts) if not question.day_only]


def _concerning(pack: Pack, facts: Facts) -> list[Question]:
    return [it for it in pack.questions if it.unless_sex != facts.sex or not it.unless_sex]


def missing(pack: Pack, facts: Facts) -> list[Missing]:
    """Every fact that is needed and not known today."""
    asked = {
        "problem": facts.problems_asked,
        "medicine": facts.medicines_asked,
        "allergy": facts.allergies_asked,
    }
    gaps = [Missing(f"list_{key}", translated(LISTS[key])) for key in asked if not asked[key].known]
    if facts.age is None:
        gaps.append(Missing("age", translated(_("The birth date."))))
    gaps += indication.missing(pack, facts)
    for question in asked_of(pack, facts):
        if not facts.is_fresh(question):
            gaps.append(Missing(question.name, question.ask, expired=facts.expires(question) is not None))
    return gaps


def assess(facts: Facts, *, pack: Pack, signed: frozenset[str] = frozenset()) -> Assessment:
    """Hold the facts against every row of the pack."""
    findings = [
        *_contraindications(facts, pack, signed=signed),
        *_interactions(facts, pack, signed=signed),
        *_conditions(facts, pack),
        *(
            _found(row, row.outcome, because=because, signed=signed)
            for row, because in indication.reasons(facts, pack)
        ),
    ]
    findings.sort(key=lambda it: (-OUTCOMES.index(it.outcome), LEVELS.index(it.level), it.rule))
    worst = max((OUTCOMES.index(it.outcome) for it in findings), default=0)
    return Assessment(
        outcome=OUTCOMES[worst],
        findings=tuple(findings),
        missing=tuple(missing(pack, facts)),
        evidence=tuple(indication.evidence(facts, pack)),
        not_understood=tuple(unread.not_understood(facts, pack)),
        known_without_row=tuple(unread.known_without_row(facts, pack)),
    )


def _named(row: Row) -> tuple[str, ...]:
    return tuple(source.what for source in row.sources)


def weigh(outcome: str, *, override: str = "", full: bool) -> tuple[str, str]:
    """Level and override of a finding: by its outcome, and whether its row is verified or signed (`full`)."""
    if outcome == "eligible":
        return "info", "allowed"
    if outcome == "conditional" or not full:
        return "warn", "allowed"
    if outcome == "exclude":
        return "block", override or "second_prescriber"
    return "block", override or "allowed"


def _found(row: Acting, outcome: str, *, because: Sequence[str], signed: frozenset[str]) -> Finding:
    own = "" if isinstance(row, IndicationRule) else row.override
    level, override = weigh(outcome, override=own, full=row.acts_fully(signed))
    return Finding(
        flag=row.flag,
        rule=row.id,
        level=level,
        outcome=outcome,
        override=override,
        text=row.text,
        because=tuple(because),
        status=row.status,
        sources=_named(row),
    )


def _contraindications(facts: Facts, pack: Pack, *, signed: frozenset[str]) -> Iterator[Finding]:
    for row in pack.contraindications:
        met = matching.reasons(row.when, facts, pack=pack)
        if met:
            yield _found(row, "eligible" if met.settled else row.outcome, because=met.because, signed=signed)


OUTCOME_OF_SEVERITY = {
    "contraindicated": "exclude",
    "major": "conditional",
    "moderate": "conditional",
    "minor": "eligible",
    "none": "eligible",
}


def _interactions(facts: Facts, pack: Pack, *, signed: frozenset[str]) -> Iterator[Finding]:
    asked = {question.name: question.ask for question in pack.questions}
    table = pack.substances.table
    for row in pack.interactions:
        because = [
            it.text
            for it in facts.medicines
            if any(matching.is_drug(it, drug, table=table) for drug in row.drugs)
        ]
        because += [
            render(matching.YES, {"question": asked.get(name, name)})
            for name in row.yes_to
            if facts.is_yes(name)
        ]
        if because:
            yield _found(row, OUTCOME_OF_SEVERITY[row.severity], because=because, signed=signed)


def _conditions(facts: Facts, pack: Pack) -> Iterator[Finding]:
    for row in indication.without_evidence(facts, pack):
        yield Finding(
            flag="EVIDENCE_WEAK_OR_NONE",
            rule=row.id,
            level="warn",
            outcome="conditional",
            override="allowed",
            text=row.text,
            because=(row.id,),
            status=row.status,
            sources=_named(row),
        )


def valid_until(pack: Pack, facts: Facts, *, numbers: ScreeningNumbers) -> date:
    """Until when a decision holds: the first day on which an answer it rests on has to be asked again.

    Answers of a day (alcohol today) are asked on the day of the dose and do not count here.
    """
    ends = [
        facts.expires(question)
        for question in asked_of(pack, facts)
        if question.days_valid >= numbers.answers_bind_days
    ]
    return min(day for day in ends if day is not None)


def of_the_day(pack: Pack, facts: Facts, *, numbers: ScreeningNumbers) -> list[Question]:
    """The questions whose answer holds too short a time for a decision to rest on: asked before each dose."""
    return [it for it in _concerning(pack, facts) if it.day_only or it.days_valid < numbers.answers_bind_days]


def on_yes(name: str, *, pack: Pack, today: date, signed: frozenset[str]) -> tuple[Finding, ...]:
    """What the pack says when nothing is known but a yes to this question."""
    facts = Facts(today=today, answers={name: Given(Answer.YES, today)})
    findings = assess(facts, pack=pack, signed=signed).findings
    return tuple(it for it in findings if it.outcome != "eligible")


@dataclass(frozen=True, slots=True)
class DayMeaning:
    """What an answer of the day means: the rows that speak of it, and whether one blocks for good."""

    against: str = ""
    blocks: bool = False


def meaning_today(
    name: str, answer: Answer, *, pack: Pack, today: date, signed: frozenset[str]
) -> DayMeaning:
    """What stands against a dose because of this answer, each row with its status."""
    rows = [row for row in pack.day_rules if (row.question, row.answer) == (name, answer.value)]
    findings = on_yes(name, pack=pack, today=today, signed=signed) if answer is Answer.YES else ()
    told = [(row.text, row.id, row.status) for row in rows] + [
        (it.text, it.rule, it.status) for it in findings
    ]
    return DayMeaning(
        " ".join(
            render(_("{text} (rule {rule}, {status})"), {"text": text, "rule": rule, "status": status.words})
            for text, rule, status in told
        ),
        any(row.blocks for row in rows) or any(it.override == "not_allowed" for it in findings),
    )


def answered(pack: Pack, facts: Facts) -> dict[str, Answer]:
    """The answers that hold today, for the page."""
    return {q.name: facts.answers[q.name].answer for q in asked_of(pack, facts) if facts.is_fresh(q)}
