"""The writers of the chart."""

from openkap.chart.actions.entries import NewEntry, add_entry, answer_facts, answer_list, void_entry
from openkap.chart.actions.importing import import_entries
from openkap.chart.actions.results import NewResult, add_result, void_result

__all__ = [
    "NewEntry",
    "NewResult",
    "add_entry",
    "add_result",
    "answer_facts",
    "answer_list",
    "import_entries",
    "void_entry",
    "void_result",
]
