"""What alerts shows on pages over many apps: what waits for an answer, and what was answered."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.alerts import queries
from openkap.notices import queries as notices
from openkap.people.models import Patient
from openkap.ui.cards import Drawn

SHOWN_ON_CHART = 3


def open_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """The alerts about this person that nobody has answered yet."""
    alerts = queries.open_of_patient(patient.id)
    return Drawn("alerts/card_open.html", {"alerts": alerts}) if alerts else None


def answered(request: ClinicRequest, patient: Patient) -> Drawn:
    """The last alerts about this person that were answered."""
    rows = queries.closed_of_patient(patient.id)[:SHOWN_ON_CHART]
    return Drawn("alerts/card_answered.html", {"closed_alerts": rows, "patient": patient})


def yours(request: ClinicRequest) -> Drawn | None:
    """What this person has to answer, and what of theirs could not be sent; no card without either."""
    membership = request.actor.membership_id
    alerts = queries.open_for(request.actor)
    failed = notices.failed_of(membership) if membership else []
    if not alerts and not failed:
        return None
    context = {"alerts": alerts, "failed_notices": failed, "now": request.at}
    return Drawn("alerts/card_yours.html", context)
