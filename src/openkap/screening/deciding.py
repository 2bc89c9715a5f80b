"""Pure: what stands against a decision whether a person may be treated, and when a second one signs it."""

from __future__ import annotations

from openkap.kernel.refusal import Objection, Refused
from openkap.screening.reasons import ScreeningReason
from openkap.screening.rules import OUTCOMES, Assessment, Finding

QUESTIONS_NAMED = 6


def goes_against(outcome: str, finding: Finding) -> bool:
    """Whether a decision is milder than a finding."""
    return OUTCOMES.index(outcome) < OUTCOMES.index(finding.outcome)


def needs_second(outcome: str, assessment: Assessment) -> bool:
    """Whether a second prescriber must sign too."""
    return any(it.override == "second_prescriber" and goes_against(outcome, it) for it in assessment.findings)


def _not_asked(questions: list[str]) -> Objection:
    """What was not asked yet: the first few, and how many more."""
    few, more = questions[:QUESTIONS_NAMED], len(questions) - QUESTIONS_NAMED
    if more > 0:
        return ScreeningReason.NOT_ASKED_MORE(questions=few, more=more)
    return ScreeningReason.NOT_ASKED(questions=few)


def no_such_pack() -> Refused:
    """The protocol is not one of the clinic's."""
    return Refused(ScreeningReason.NO_SUCH_PACK())


def no_such_decision() -> Refused:
    """The decision is not this clinic's."""
    return Refused(ScreeningReason.NO_SUCH_DECISION())


def objections_to_role(*, is_prescriber: bool) -> list[Objection]:
    """Whether a person may be treated is a prescriber's decision."""
    return [] if is_prescriber else [ScreeningReason.PRESCRIBERS_ONLY()]


def objections_to_second(*, is_prescriber: bool, needed: bool, signed: bool, same: bool) -> list[Objection]:
    """What stands against a second prescriber's signature under a decision."""
    objections = objections_to_role(is_prescriber=is_prescriber)
    if not needed:
        objections.append(ScreeningReason.SECOND_NOT_NEEDED())
    if signed:
        objections.append(ScreeningReason.SECOND_SIGNED())
    if same:
        objections.append(ScreeningReason.SECOND_BY_SAME())
    return objections


def objections_to_deciding_now(assessment: Assessment, *, is_prescriber: bool) -> list[Objection]:
    """What stands against any decision just now: of this person, or on these facts."""
    objections = objections_to_role(is_prescriber=is_prescriber)
    if assessment.missing:
        objections.append(_not_asked([it.ask for it in assessment.missing]))
    return objections


def objections_to_deciding(outcome: str, *, reason: str, assessment: Assessment) -> list[Objection]:
    """What stands against signing this decision."""
    if outcome not in OUTCOMES:
        return [ScreeningReason.OUTCOME_MISSING("outcome")]
    objections = []
    for it in assessment.findings:
        if it.override == "not_allowed" and goes_against(outcome, it):
            objections.append(ScreeningReason.NOBODY_MAY("outcome", text=it.text))
    if outcome != assessment.outcome and not reason.strip():
        milder = OUTCOMES.index(outcome) < OUTCOMES.index(assessment.outcome)
        why = ScreeningReason.WHY_MILDER if milder else ScreeningReason.WHY_STRICTER
        objections.append(why("reason"))
    return objections


def no_protocol() -> Refused:
    """Nobody is screened under no protocol."""
    return Refused(ScreeningReason.NO_PROTOCOL())
