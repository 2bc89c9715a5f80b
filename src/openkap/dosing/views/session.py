"""Leaving, the summary, the rooms now, and the monitors."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.chart import queries as chart
from openkap.dosing import actions, facts, forms
from openkap.dosing.discharge import ASKED_AT_DISCHARGE, earliest, objections_to_discharge
from openkap.dosing.live import glances, live
from openkap.dosing.reasons import DosingReason
from openkap.dosing.views.before import zone_of
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Reason
from openkap.kernel.wording import translated
from openkap.people import queries as people
from openkap.tenancy.models import Clinic
from openkap.ui.documents import render_pdf
from openkap.ui.pages import page
from openkap.ui.typed import bound, read
from openkap.watch import actions as watch_actions
from openkap.watch import facts as watch_facts
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session
from openkap.watch.plausibility import NAMES
from openkap.watch.series import rows_on_paper

NOT_CHARTED_PRINTED = 40


def _discharge_form(request: ClinicRequest, session: Session) -> forms.DischargeForm:
    escort = people.escort_of(session.patient_id)
    return bound(
        request, "discharge", forms.DischargeForm, initial={"escort_name": escort.name if escort else ""}
    )


# Where in the room what stands against a discharge is mended.
MENDED_AT: dict[Reason, str] = {
    DosingReason.DOSE_RUNNING: "#part-dose",
    DosingReason.PRESSURE_MISSING: "?open=vitals",
    DosingReason.BP_NOT_SETTLED: "?open=vitals",
    DosingReason.BP_LOW: "?open=vitals",
    DosingReason.BP_FALLEN: "?open=vitals",
    DosingReason.SPO2_MISSING: "?open=vitals",
    DosingReason.SPO2_LOW: "?open=vitals",
    DosingReason.MOAAS_MISSING: "?open=alertness",
    DosingReason.NOT_ALERT: "?open=alertness",
    DosingReason.ONE_MARK_OPEN: "#part-marks",
    DosingReason.MARKS_OPEN: "#part-marks",
}


def discharge(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """May the person be discharged? Everything that stands against it, and what is asked at discharge."""
    row = watch_queries.get(session)
    person, rule = facts.discharge_facts(row, at=request.at), facts.discharge_rule_of(row)
    against = objections_to_discharge(person, rule, at=request.at)
    context = {
        "session": row,
        "patient": row.patient,
        "form": _discharge_form(request, row),
        "close": bound(request, "close", forms.WhySessionForm),
        "against_advice": bound(request, "against_advice", forms.AgainstAdviceForm),
        "objections": [
            (it, MENDED_AT.get(it.reason, "")) for it in against if it.reason not in ASKED_AT_DISCHARGE
        ],
        "earliest": earliest(person, rule),
        "rule": rule,
        "discharge": getattr(row, "discharge", None),
        "dose": facts.dose_of(row),
    }
    with timezone.override(zone_of(request)):
        return page(request, "dosing/discharge.html", context)


def discharge_patient(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The person goes home with their escort."""
    typed = read(_discharge_form(request, watch_queries.get(session)))
    name = typed.pop("escort_name")
    answers = {key: Answer(value) for key, value in typed.items()}
    actions.discharge(session, escort_name=name, by=request.actor, at=request.at, **answers)
    return redirect("dosing:discharge", session=session)


def close(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Close a session in which no dose was given."""
    typed = read(bound(request, "close", forms.WhySessionForm))
    actions.close_session(session, why=typed["why"], by=request.actor, at=request.at)
    return redirect("dosing:discharge", session=session)


def go_against_advice(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The person leaves although something stands against it."""
    typed = read(bound(request, "against_advice", forms.AgainstAdviceForm))
    actions.go_against_advice(session, **typed, by=request.actor, at=request.at)
    return redirect("dosing:discharge", session=session)


DISCHARGE_FORMS = {"discharge": discharge_patient, "close": close, "against_advice": go_against_advice}


def board(request: ClinicRequest) -> HttpResponse:
    """The rooms now. Whom one may not open stays a room that is in use."""
    return _board(request, "dosing/board.html")


def board_now(request: ClinicRequest) -> HttpResponse:
    """The same, for an open board that keeps up by itself."""
    return _board(request, "dosing/board_rooms.html")


def _board(request: ClinicRequest, template: str) -> HttpResponse:
    now = watch_queries.rooms_now()
    seen = watch_queries.visible_among(request.actor, [session.id for _, session in now if session])
    shown = glances([session for _, session in now if session and session.id in seen], at=request.at)
    rooms = [(room, session, shown.get(session.id) if session else None) for room, session in now]
    with timezone.override(zone_of(request)):
        return page(request, template, {"rooms": rooms, "at": request.at})


def _monitor_form(request: ClinicRequest) -> forms.MonitorForm:
    return bound(request, "monitors", forms.MonitorForm, rooms=people.rooms())


def monitors(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """The clinic's monitors, and with whom each is paired."""
    rows = watch_queries.monitors()
    paired = [row.paired.session_id for row in rows if row.paired]  # type: ignore[attr-defined]
    seen = watch_queries.visible_among(request.actor, paired)
    context = {"monitors": rows, "form": _monitor_form(request), "seen": seen}
    return page(request, "dosing/monitors.html", context)


def add_monitor(request: ClinicRequest) -> HttpResponse:
    """The clinic has one more monitor."""
    typed = read(_monitor_form(request))
    room = typed.pop("room")
    watch_actions.add_monitor(**typed, room_id=room.id if room else None, by=request.actor, at=request.at)
    return redirect("dosing:monitors")


def retire(request: ClinicRequest, monitor: uuid.UUID) -> HttpResponse:
    """A monitor goes out of use."""
    watch_actions.retire_monitor(monitor, by=request.actor, at=request.at)
    return redirect("dosing:monitors")


def unpair(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The monitor is taken off the person."""
    watch_actions.unpair(session, by=request.actor, at=request.at)
    return redirect("dosing:before" if _not_started(session) else "dosing:room", session=session)


def _not_started(session: uuid.UUID) -> bool:
    return facts.dose_of(Session.objects.get(id=session)) is None


def summary(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """The session on paper."""
    row = watch_queries.get(session)
    state = live(row, at=request.at)
    answer, allergies = chart.allergy_line(row.patient_id)
    doubted = watch_facts.values_of([row]).exclude(standing="plausible").order_by("measured_at", "id")
    context = {
        "session": row,
        "patient": row.patient,
        "clinic": Clinic.objects.get(id=row.clinic_id),
        "room": state,
        "doses": [
            (one.order, facts.dose_state(one, at=request.at), list(one.steps.all()))
            for one in facts.doses_of(row)
        ],
        "rows": rows_on_paper(state.series),
        "not_charted": [
            (one, translated(NAMES.get(one.code, one.code))) for one in doubted[:NOT_CHARTED_PRINTED]
        ],
        "more_not_charted": max(doubted.count() - NOT_CHARTED_PRINTED, 0),
        "marks": list(row.marks.all()),
        "errors": [one for one in state.entries if one.error],
        "discharge": getattr(row, "discharge", None),
        "allergy_answer": answer,
        "allergies": allergies,
        "protocol": watch_facts.protocol_of(row).name,
        "printed_by": request.actor,
        "at": request.at,
    }
    with timezone.override(zone_of(request)):
        pdf = render_pdf("dosing/summary.typ", context)
    headers = {"Content-Disposition": f'inline; filename="session-{row.at:%Y-%m-%d}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
