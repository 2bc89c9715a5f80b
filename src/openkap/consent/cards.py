"""What consent shows on pages over many apps: whether the person agrees, and what they chose."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.consent import queries
from openkap.people.models import Patient
from openkap.ui.cards import Drawn

ASKS = (queries.last_choices,)


def choices(request: ClinicRequest, patient: Patient) -> Drawn:
    """Whether there is a valid consent, and the person's choices in words."""
    context = {
        "consent": queries.valid_among(queries.signed(patient.id)),
        "choices": queries.choices_in_words(patient.id),
        "patient": patient,
    }
    return Drawn("consent/card_choices.html", context)
