"""What a list says after entries came, went and were told by another system (H16)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from openkap.chart import actions, queries, rules
from openkap.chart.actions.entries import NewEntry
from openkap.chart.reasons import ChartReason
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def test_one_of_two_entries_that_proved_wrong_leaves_the_list_asked(cast: Cast) -> None:
    by = {"by": cast.sam, "at": NOW}
    first = actions.add_entry(cast.amara.id, kind="allergy", text="latex", **by)
    actions.add_entry(cast.amara.id, kind="allergy", text="penicillin", **by)
    actions.void_entry(first.id, why="another person's", **by)
    assert queries.allergy_line(cast.amara.id) == (Answer.YES, ["penicillin"])


def test_another_systems_none_does_not_hide_what_stands_here(cast: Cast) -> None:
    by = {"by": cast.kit, "at": NOW}
    actions.add_entry(cast.amara.id, kind="allergy", text="latex", **by)
    none = NewEntry(kind="allergy", text="No known allergies")
    actions.import_entries(cast.amara.id, entries=[none], results=[], source="another system", **by)
    assert queries.allergy_line(cast.amara.id) == (Answer.YES, ["latex"])


def test_a_result_may_be_words(cast: Cast) -> None:
    code = Code("loinc", "2106-3", "Pregnancy test, urine")
    row = actions.add_result(
        cast.amara.id, code=code, value_text="negative", measured_at=NOW, by=cast.sam, at=NOW
    )
    assert (row.value, row.value_text) == (None, "negative")


def test_an_entry_has_words_and_a_value_nobody_knows_limits_of_is_kept() -> None:
    assert [it.reason for it in rules.objections_to_entry("problem", "  ")] == [ChartReason.TEXT_MISSING]
    assert rules.objections_to_result(code="0000-0", value=Decimal(-1), unit="mmol/L") == []


def test_a_pressure_is_typed_whole() -> None:
    blank = dict.fromkeys((rules.SYSTOLIC, rules.DIASTOLIC, rules.WEIGHT))
    half = rules.objections_to_measurements({**blank, rules.SYSTOLIC: Decimal(120)})
    assert [it.reason for it in half] == [ChartReason.PRESSURE_INCOMPLETE]
    whole = {**blank, rules.SYSTOLIC: Decimal(120), rules.DIASTOLIC: Decimal(80)}
    assert rules.objections_to_measurements(whole) == []
    assert rules.objections_to_measurements({**blank, rules.WEIGHT: Decimal(70)}) == []


def test_only_a_pair_that_is_exchanged_stands_out() -> None:
    """H30: of what another system told at one moment; a pressure alone, and anything else, is no pair."""
    told = [
        (NOW, rules.SYSTOLIC, Decimal(122)),
        (NOW, rules.DIASTOLIC, Decimal(76)),
        (NOW, rules.WEIGHT, Decimal(72)),
        (NOW + HOUR, rules.SYSTOLIC, Decimal(76)),
        (NOW + HOUR, rules.DIASTOLIC, Decimal(122)),
        (NOW + 2 * HOUR, rules.DIASTOLIC, Decimal(80)),
    ]
    against = rules.exchanged_pressures(told)
    assert {moment: it.reason for moment, it in against.items()} == {
        NOW + HOUR: ChartReason.PRESSURES_EXCHANGED
    }
