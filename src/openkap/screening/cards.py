"""What screening shows on pages over many apps: decisions that wait for a second signature."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.people.models import Patient
from openkap.screening import queries
from openkap.ui.cards import Drawn


def second_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """The decision about this person, while another prescriber has to sign it."""
    decisions = queries.decisions(patient.id)
    if not decisions or not queries.waits_for_second(decisions[0]):
        return None
    return Drawn("screening/card_second.html", {"decision": decisions[0]})


def second_on_the_day(request: ClinicRequest) -> Drawn | None:
    """Decisions that this prescriber can sign, among the people they may open."""
    decisions = queries.waiting_for_second(request.actor)
    return Drawn("screening/line_second.html", {"decisions": decisions}) if decisions else None
