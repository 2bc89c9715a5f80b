"""What chart shows on pages over many apps: problems, medicines, allergies and values."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.chart import queries
from openkap.chart.models import ListKind
from openkap.people.models import Patient
from openkap.ui.cards import Drawn

ASKS = queries.LISTS

LISTS = {"problem": ListKind.PROBLEM, "medicine": ListKind.MEDICINE, "allergy": ListKind.ALLERGY}


def lists(request: ClinicRequest, patient: Patient) -> Drawn:
    """The three lists, each with whether it was asked for, and the last value of each kind."""
    known = queries.lists_of([patient.id])[patient.id]
    context = {
        "problems": known.of(ListKind.PROBLEM),
        "medicines": known.of(ListKind.MEDICINE),
        "allergies": known.of(ListKind.ALLERGY),
        "lists": {name: known.answer(kind).value for name, kind in LISTS.items()},
        "results": list(queries.last_results(patient.id).values()),
        "patient": patient,
    }
    return Drawn("chart/card_lists.html", context)
