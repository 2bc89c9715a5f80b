"""What therapy shows on pages over many apps: sessions and visits, as they followed one another."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.dosing import queries as dosing
from openkap.people.models import Patient
from openkap.therapy import queries
from openkap.ui.cards import Drawn


def sessions_and_visits(request: ClinicRequest, patient: Patient) -> Drawn:
    """The dosing sessions of a person and the visits around them, newest first."""
    context = {
        "sessions": dosing.of_patient(patient.id),
        "visits": list(queries.visits_of_patient(patient.id)),
    }
    return Drawn("therapy/card_sessions.html", context)
