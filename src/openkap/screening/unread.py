"""Pure: what no rule can read of a person, and what is known and has no row. Unknown never counts as safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _
from openkap.protocols.pack import Interaction, KnownMedicines, Pack, Substance
from openkap.screening import matching
from openkap.screening.facts import Allergy, Facts, Medicine, Problem


def not_understood(facts: Facts, pack: Pack) -> Iterator[str]:
    """What no rule can read: problems, medicines and allergies. It never counts as safe (H16, H18)."""
    for problem in facts.problems:
        if not _is_read(problem, pack):
            yield render(_("{what}: no code or name the rules can read"), {"what": problem.in_words})
    for medicine in facts.medicines:
        if not _rows_of(medicine, [*pack.interactions, *pack.known_medicines], pack=pack):
            yield render(
                _("{what}: not in the interaction table; unknown, not safe"), {"what": medicine.in_words}
            )
    for allergy in facts.allergies:
        if not _is_allergen(allergy, pack):
            yield render(
                _("Allergy, {what}: no rule knows it; unknown, not safe"), {"what": allergy.in_words}
            )


def known_without_row(facts: Facts, pack: Pack) -> Iterator[str]:
    """What is known and has no interaction named, so that “unknown” means something."""
    for medicine in facts.medicines:
        known = _rows_of(medicine, pack.known_medicines, pack=pack)
        if known and not _rows_of(medicine, pack.interactions, pack=pack):
            yield render(
                _("{what}: known, and no row of this protocol names an interaction ({row})"),
                {"what": medicine.text, "row": known[0]},
            )


def _is_read(problem: Problem, pack: Pack) -> bool:
    """Whether the rules can say of a problem that it meets a row or meets none."""
    if any(system in matching.ICD for system, _ in problem.codes):
        return True
    alone = Facts(today=date.min, problems=(problem,))
    triggers = [row.when for row in pack.contraindications] + [row.when for row in pack.indication_rules]
    met = any(matching.problems_that_trigger(when, alone, pack=pack) for when in triggers)
    return met or any(matching.is_coded(problem, icd=(), snomed=row.snomed) for row in pack.conditions)


def _rows_of(medicine: Medicine, rows: Sequence[Interaction | KnownMedicines], *, pack: Pack) -> list[str]:
    table = pack.substances.table
    return [
        row.id for row in rows if any(matching.is_drug(medicine, drug, table=table) for drug in row.drugs)
    ]


def _is_allergen(allergy: Allergy, pack: Pack) -> bool:
    table, known = pack.substances.table, [it for row in pack.contraindications for it in row.when.allergy]
    return any(matching.is_substance(allergy, it, also=table.get(it, Substance())) for it in known)
