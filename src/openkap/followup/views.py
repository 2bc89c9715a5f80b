"""The patient's check-in page, and the clinic's page of check-ins."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.routes import ClinicRequest
from openkap.followup import actions, queries, rules
from openkap.followup.forms import CheckInForm
from openkap.followup.models import CheckIn
from openkap.people import queries as people
from openkap.tenancy.models import Clinic
from openkap.ui.pages import page, submitted


def own_check_in(request: ClinicRequest, token: str) -> HttpResponse:
    """The person answers through their link; a worrying answer shows help at once."""
    check_in = CheckIn.objects.select_related("answer").filter(id=request.link.subject_id).first()
    if check_in is None or check_in.patient_id != request.link.patient_id:
        raise Http404
    clinic = Clinic.objects.get(id=check_in.clinic_id)
    if hasattr(check_in, "answer"):
        found = rules.concerns(check_in.answer.answers)
        return page(
            request, "followup/thanks.html", {"concerns": found, "urgent": any(it.urgent for it in found)}
        )
    form = CheckInForm(request.POST or None, kind=rules.Kind(check_in.kind))
    if submitted(request, form):
        actions.answer(
            check_in.id,
            answers=form.answers(),
            words=form.cleaned_data["words"],
            by=request.actor,
            at=request.at,
        )
        return redirect("followup:own_check_in", token=token)
    context = {"form": form, "check_in": check_in, "clinic": clinic, "token": token}
    return page(request, "followup/own_check_in.html", context)


def check_ins(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Every check-in of a person, with what was answered."""
    rows = [(row, row.state_at(request.at)) for row in queries.of_patient(patient)]
    shown = [
        (
            row,
            state,
            rules.concerns(row.answer.answers) if state is rules.State.ANSWERED else [],
            settings.OPENKAP_SITE_URL + actions.link_path(row),
        )
        for row, state in rows
    ]
    return page(request, "followup/check_ins.html", {"rows": shown, "patient": people.get(patient)})


def by_phone(request: ClinicRequest, check_in: uuid.UUID) -> HttpResponse:
    """A member of staff has called, and writes down what the person said."""
    row = CheckIn.objects.select_related("patient").get(id=check_in)
    form = CheckInForm(request.POST or None, kind=rules.Kind(row.kind))
    if submitted(request, form):
        actions.answer(
            check_in,
            answers=form.answers(),
            words=form.cleaned_data["words"],
            by_phone=True,
            by=request.actor,
            at=request.at,
        )
        return redirect("followup:check_ins", patient=row.patient_id)
    return page(request, "followup/by_phone.html", {"form": form, "check_in": row, "patient": row.patient})
