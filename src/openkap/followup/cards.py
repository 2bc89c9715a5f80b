"""What followup shows on pages over many apps: what was answered, and who did not answer."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.followup import queries, rules
from openkap.people.models import Patient
from openkap.ui.cards import Drawn


def answered(request: ClinicRequest, patient: Patient) -> Drawn:
    """The check-ins this person has answered, with what gives concern."""
    check_ins = [(it, list(rules.concerns(it.answer.answers))) for it in queries.answered(patient.id)]
    return Drawn("followup/card_check_ins.html", {"check_ins": check_ins, "patient": patient})


def unanswered(request: ClinicRequest) -> Drawn | None:
    """The check-ins nobody has answered, among the people this actor may open."""
    check_ins = queries.unanswered(request.actor, now=request.at)
    return Drawn("followup/card_unanswered.html", {"check_ins": check_ins}) if check_ins else None
