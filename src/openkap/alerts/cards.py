"""What alerts shows on pages over many apps: what waits for an answer."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.alerts import queries
from openkap.alerts.models import Severity
from openkap.notices import queries as notices
from openkap.people.models import Patient
from openkap.ui.cards import Drawn


def open_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """The alerts about this person that nobody has answered yet."""
    alerts = [alert for alert in queries.all_of_patient(patient.id) if alert.answered_at is None]
    alerts.sort(key=lambda alert: (alert.severity != Severity.URGENT, alert.due_at))
    return Drawn("alerts/card_open.html", {"alerts": alerts, "actor": request.actor}) if alerts else None


def yours(request: ClinicRequest) -> Drawn | None:
    """What this person has to answer, and what of theirs could not be sent; no card without either."""
    membership = request.actor.membership_id
    alerts = queries.open_for(request.actor)
    failed = notices.failed_of(membership) if membership else []
    if not alerts and not failed:
        return None
    context = {"alerts": alerts, "failed_notices": failed, "now": request.at}
    return Drawn("alerts/card_yours.html", context)
