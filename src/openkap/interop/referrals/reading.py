"""Pure: what of a referral goes into the chart, and what is only kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from openkap.chart import rules as chart
from openkap.interop.fhir.bundle import Understood
from openkap.interop.fhir.observation import ResultRead
from openkap.kernel.measured import objections_to_time
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection
from openkap.people.rules import folded


@dataclass(frozen=True, slots=True)
class Sorted:
    """The results of a bundle: those for the chart, and those only kept, with the reason."""

    charted: tuple[ResultRead, ...]
    kept: tuple[tuple[ResultRead, str], ...]


def sort_results(understood: Understood, *, at: datetime) -> Sorted:
    """What is impossible, in a wrong unit or of the future is not charted; it stays, with the reason."""
    born = understood.patient.birth_date
    earliest = datetime.combine(born, time(), tzinfo=UTC) - timedelta(days=1) if born else None
    charted, kept = [], []
    for result in understood.results:
        found = chart.objections_to_result(code=result.code.code, value=result.value, unit=result.unit)
        found += objections_to_time(result.measured_at, at=at, not_before=earliest)
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


def objections_to_joining(understood: Understood, *, name: str, birth_date: date) -> list[Objection]:
    """Why a referral is not taken into a record that is here: it speaks of another person (H29)."""
    told = understood.patient
    found = []
    if told.birth_date is not None and told.birth_date != birth_date:
        text = (
            f"The referral is about somebody born {told.birth_date:%-d %b %Y}; {name} was born "
            f"{birth_date:%-d %b %Y}. Correct the particulars first if one of them is wrong."
        )
        found.append(Objection("birth_date", text, "whose"))
    parts = {folded(part) for part in (told.given_name, told.family_name) if part}
    if parts and not any(part and part in folded(name) for part in parts):
        who = f"{told.given_name} {told.family_name}".strip()
        found.append(Objection("name", f"The referral is about {who}, and this record is {name}'s.", "whose"))
    return found


def objections_to_taking(understood: Understood) -> list[Objection]:
    """What must be known before a person can be taken in from a referral."""
    patient = understood.patient
    found = []
    if patient.birth_date is None:
        found.append(Objection("birth_date", "The referral has no birth date; take the person in by hand."))
    if not (patient.given_name or patient.family_name):
        found.append(Objection("name", "The referral has no name; take the person in by hand."))
    return found
