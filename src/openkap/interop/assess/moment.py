"""What a measurement and the complaints of this moment say, by the protocol's thresholds. Pure.

One measurement cannot say that it holds on repeat: what would then be a stop is told at once, with what to
do.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openkap.interop.assess.case import AssessCase
from openkap.interop.assess.findings import CaseFinding, finding
from openkap.protocols.pack import Pack, Test, Threshold
from openkap.protocols.surroundings import KnownEvent

OUTCOME_OF_ACT = {
    "note": "conditional",
    "decide": "conditional",
    "pause": "conditional",
    "hold": "defer",
    "look_now": "defer",
    "stop": "defer",
}


def crossed(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """Every threshold that is crossed now."""
    values, base, complaints = _values(case), _baseline(case), set(complaints_of(case, pack))
    for row in pack.thresholds:
        if not _is_in_phase(row, case):
            continue
        because = [_in_words(test, values) for test in row.tests if _holds(test, values, base=base)]
        alone = sorted(complaints & set(row.symptoms_alone))
        together = sorted(complaints & set(row.symptoms_with))
        if row.needs_symptoms and not together:
            because = []
        if because or alone:
            told = [*because, *(name.replace("_", " ") for name in (*alone, *together))]
            outcome = OUTCOME_OF_ACT[row.acts]
            yield finding(row, outcome, flag=row.flag, signed=signed, action=row.action, because=told)


def _is_in_phase(row: Threshold, case: AssessCase) -> bool:
    """Before the dose there is no minute; from its start on there is one."""
    return row.phase == "any" or (row.phase == "during") == ("minute" in case)


def _values(case: AssessCase) -> dict[str, Decimal]:
    told = {name: case.number(name) for name in ("hr", "spo2", "rr", "moaas")}
    pressure = case.pressure("bp")
    if pressure is not None:
        told |= {"sbp": pressure.sbp, "dbp": pressure.dbp}
    return {name: value for name, value in told.items() if value is not None}


def _baseline(case: AssessCase) -> dict[str, Decimal]:
    pressure = case.pressure("bp_pre")
    return {"sbp": pressure.sbp, "dbp": pressure.dbp} if pressure else {}


def _holds(test: Test, values: dict[str, Decimal], *, base: dict[str, Decimal]) -> bool:
    measured = values.get(test.field)
    if measured is None or not test.holds(measured, baseline=base.get(test.field)):
        return False
    return all(_holds(one, values, base=base) for one in test.also)


def _in_words(test: Test, values: dict[str, Decimal]) -> str:
    return f"{test.field} {values[test.field]}"


def complaints_of(case: AssessCase, pack: Pack) -> Iterator[str]:
    """The complaints a threshold speaks of, by the words they were told in; how bad is not known."""
    for text in case.get("symptoms", ()):
        yield from (it.name for it in pack.symptoms if it.is_meant_by(text, grade=it.grade_from))


def events(case: AssessCase, pack: Pack, *, findings: list[CaseFinding]) -> list[dict[str, Any]]:
    """The adverse events that the facts speak of, to be charted by a person; graded where a number grades."""
    flags = {it.flag for it in findings}
    told = []
    for row in pack.known_events:
        grade = _pressure_grade(row, case)
        words = row.text.split(":")[0].casefold()
        named = any(words in text.casefold() or text.casefold() in words for text in case.get("symptoms", ()))
        if grade or named or flags & set(row.flags):
            told.append(
                {
                    "rule": row.id,
                    "term": row.text,
                    "grade": grade or None,
                    "serious": row.serious,
                    "acute": row.acute,
                    "source": [source.key for source in row.sources],
                }
            )
    return told


def _pressure_grade(row: KnownEvent, case: AssessCase) -> int:
    """The grade of a raised pressure during a session: one that is higher than before the dose."""
    now, before = case.pressure("bp"), case.pressure("bp_pre")
    if now is None or "minute" not in case:
        return 0
    if before is not None and now.sbp <= before.sbp and now.dbp <= before.dbp:
        return 0
    held = [it.grade for it in row.pressure_grades if now.sbp >= it.sbp_from or now.dbp >= it.dbp_from]
    return max(held, default=0)
