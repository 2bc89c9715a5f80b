"""The patient's check-in page, and the clinic's page of check-ins."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.followup import actions, queries, rules
from openkap.followup.forms import CheckInForm
from openkap.followup.models import CheckIn
from openkap.people import queries as people
from openkap.ui.pages import page
from openkap.ui.typed import bound, read


def _own(request: ClinicRequest) -> CheckIn:
    """The check-in the link was made for."""
    check_in = CheckIn.objects.select_related("answer").filter(id=request.link.subject_id).first()
    if check_in is None or check_in.patient_id != request.link.patient_id:
        raise Http404
    return check_in


def _form(request: ClinicRequest, check_in: CheckIn, *, name: str) -> CheckInForm:
    return bound(request, name, CheckInForm, kind=rules.CheckInKind(check_in.kind))


def own_check_in(request: ClinicRequest, token: str) -> HttpResponse:
    """The person answers through their link; a worrying answer shows help at once."""
    check_in = _own(request)
    if hasattr(check_in, "answer"):
        concerns = rules.concerns(check_in.answer.answers)
        context = {"concerns": concerns, "urgent": any(it.urgent for it in concerns)}
        return page(request, "followup/thanks.html", context)
    context = {
        "form": _form(request, check_in, name="own_check_in"),
        "check_in": check_in,
        "clinic": request.clinic,
        "token": token,
    }
    return page(request, "followup/own_check_in.html", context)


def answer_own(request: ClinicRequest, token: str) -> HttpResponse:
    """Keep what the person answered. Sent once more, it shows what was kept."""
    check_in = _own(request)
    if not hasattr(check_in, "answer"):
        form = _form(request, check_in, name="own_check_in")
        words = read(form)["words"]
        actions.answer(check_in.id, answers=form.answers(), words=words, by=request.actor, at=request.at)
    return redirect("followup:own_check_in", token=token)


def check_ins(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Every check-in of a person, with what was answered; what waits stands first."""
    rows = [(row, row.state_at(request.at)) for row in queries.of_patient(patient)]
    rows.sort(key=lambda line: rules.in_order(line[1], due_at=line[0].due_at))
    shown = [
        (
            row,
            state,
            rules.concerns(row.answer.answers) if state is rules.CheckInState.ANSWERED else [],
            settings.OPENKAP_SITE_URL + actions.link_path(row),
        )
        for row, state in rows
    ]
    return page(request, "followup/check_ins.html", {"rows": shown, "patient": people.get(patient)})


def _row(check_in: uuid.UUID) -> CheckIn:
    return CheckIn.objects.select_related("patient").get(id=check_in)


def by_phone(request: ClinicRequest, check_in: uuid.UUID) -> HttpResponse:
    """The questions of a check-in, for a member of staff who calls."""
    row = _row(check_in)
    form = _form(request, row, name="by_phone")
    return page(request, "followup/by_phone.html", {"form": form, "check_in": row, "patient": row.patient})


def answer_by_phone(request: ClinicRequest, check_in: uuid.UUID) -> HttpResponse:
    """A member of staff has called, and writes down what the person said."""
    row = _row(check_in)
    form = _form(request, row, name="by_phone")
    actions.answer(
        check_in,
        words=read(form)["words"],
        answers=form.answers(),
        by_phone=True,
        by=request.actor,
        at=request.at,
    )
    return redirect("followup:check_ins", patient=row.patient_id)
