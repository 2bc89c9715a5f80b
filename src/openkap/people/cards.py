"""What people shows on pages over many apps: who takes the person home, and who cares for them."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.people import queries
from openkap.people.models import Patient
from openkap.ui.cards import Drawn

ASKS = (queries.escorts, queries.care_team)


def around(request: ClinicRequest, patient: Patient) -> Drawn:
    """The people around a patient."""
    context = {
        "escort": queries.escort_of(patient.id),
        "team": list(queries.care_team(patient.id)),
        "patient": patient,
    }
    return Drawn("people/card_people.html", context)
