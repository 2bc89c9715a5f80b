"""Pure: what of a referral goes into the chart, and what is only kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.chart import rules as chart
from openkap.interop.fhir.bundle import Understood
from openkap.interop.fhir.observation import ResultRead
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class Sorted:
    """The results of a bundle: those for the chart, and those only kept, with the reason."""

    charted: tuple[ResultRead, ...]
    kept: tuple[tuple[ResultRead, str], ...]


def sort_results(understood: Understood) -> Sorted:
    """An impossible value or a wrong unit is not charted as true; it stays in the bundle, with the reason."""
    charted, kept = [], []
    for result in understood.results:
        found = chart.objections_to_result(code=result.code.code, value=result.value, unit=result.unit)
        if found:
            kept.append((result, found[0].text))
        else:
            charted.append(result)
    return Sorted(tuple(charted), tuple(kept))


def newest(results: tuple[ResultRead, ...]) -> list[ResultRead]:
    """The newest result of each code, for the eye."""
    last: dict[str, ResultRead] = {}
    for result in results:
        known = last.get(result.code.code)
        if known is None or result.measured_at > known.measured_at:
            last[result.code.code] = result
    return sorted(last.values(), key=lambda result: result.text)


def shown(value: Decimal) -> str:
    """A value as the page says it: at most one decimal."""
    return plain(value.quantize(Decimal("0.1")))


def objections_to_taking(understood: Understood) -> list[Objection]:
    """What must be known before a person can be taken in from a referral."""
    patient = understood.patient
    found = []
    if patient.birth_date is None:
        found.append(Objection("birth_date", "The referral has no birth date; take the person in by hand."))
    if not (patient.given_name or patient.family_name):
        found.append(Objection("name", "The referral has no name; take the person in by hand."))
    return found
