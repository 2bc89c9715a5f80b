"""The writers of the chart."""

from openkap.chart.actions.entries import NewEntry, add_entry, answer_facts, answer_list, void_entry
from openkap.chart.actions.importing import take_in
from openkap.chart.actions.results import NewResult, add_result, void_result

__all__ = [
    "NewEntry",
    "NewResult",
    "add_entry",
    "add_result",
    "answer_facts",
    "answer_list",
    "take_in",
    "void_entry",
    "void_result",
]
