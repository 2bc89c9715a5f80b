"""The pages of alerts: what one must answer, answering it, what was answered, and who covers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from openkap.accounts import duties
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL
from openkap.alerts import actions, causes, covering, queries
from openkap.alerts.forms import AlertHandOverForm, AnswerForm, CoverForm, hours_in_words, initial_of
from openkap.alerts.models import Alert
from openkap.alerts.numbers import AlertNumbers
from openkap.defaults import queries as defaults
from openkap.people import queries as people
from openkap.ui.pages import page, paged
from openkap.ui.typed import bound, read


def alerts(request: ClinicRequest) -> HttpResponse:
    """Mine first, then what colleagues still have to answer among the people I may open."""
    context = {
        "mine": queries.open_for(request.actor),
        "others": queries.open_of_others(request.actor),
        "now": request.at,
        "on_call": covering.on_call_rows(),
        "mail_is_set_up": settings.OPENKAP_MAIL_IS_SET_UP,
    }
    return page(request, "alerts/alerts.html", context)


def closed(request: ClinicRequest) -> HttpResponse:
    """What has been answered among the people I may open, with who did what and when."""
    context = {"rows": paged(request, queries.closed_for(request.actor))}
    return page(request, "alerts/closed.html", context)


def of_patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Every alert about one person, open and answered."""
    context = {
        "patient": people.get(patient),
        "open": queries.open_of_patient(patient),
        "rows": paged(request, queries.closed_of_patient(patient)),
        "now": request.at,
    }
    return page(request, "alerts/of_patient.html", context)


def waiting(request: ClinicRequest) -> HttpResponse:
    """How many alerts wait for this person, as a number: the menu of an open page keeps up by it."""
    member = request.actor.membership_id
    return HttpResponse(str(queries.waiting_for(member) if member else 0), content_type="text/plain")


def _seen(request: ClinicRequest, alert: uuid.UUID) -> Alert:
    seen_alert = queries.one(request.actor, alert)
    if seen_alert is None:
        raise Http404
    return seen_alert


def _answer_form(request: ClinicRequest) -> AnswerForm:
    return bound(request, "answer", AnswerForm)


def _hand_over_form(request: ClinicRequest, alert: Alert) -> AlertHandOverForm:
    may_answer = queries.who_may_take_over(alert.patient_id, owner_id=alert.owner_id)
    choices = [(str(m.id), f"{m.user.name}, {m.get_role_display().lower()}") for m in may_answer]
    return bound(request, "hand_over", AlertHandOverForm, choices=choices)


def alert(request: ClinicRequest, alert: uuid.UUID) -> HttpResponse:
    """One alert: what it is, what the person answered, whose it is, what has happened, and the next act."""
    seen_alert = _seen(request, alert)
    over = _hand_over_form(request, seen_alert)
    choices = list(over.fields["to"].widget.choices)
    context = {
        "alert": seen_alert,
        "patient": seen_alert.patient,
        "facts": causes.facts_behind(seen_alert),
        "plan": queries.last_plan(seen_alert.patient_id, besides=seen_alert.id)
        if seen_alert.patient_id
        else None,
        "reply": _answer_form(request),
        "over": over,
        "choices": choices,
        "is_mine": seen_alert.owner_id == request.actor.membership_id,
        "numbers": defaults.of(AlertNumbers),
        "may_take": str(request.actor.membership_id) in dict(choices),
        "now": request.at,
    }
    return page(request, "alerts/alert.html", context)


def acknowledge(request: ClinicRequest, alert: uuid.UUID) -> HttpResponse:
    """Say that one has seen it, or take it."""
    actions.acknowledge(_seen(request, alert).id, by=request.actor, at=request.at)
    return redirect("alerts:alert", alert=alert)


def answer(request: ClinicRequest, alert: uuid.UUID) -> HttpResponse:
    """Close it with an answer."""
    typed = read(_answer_form(request))
    actions.answer(_seen(request, alert).id, **typed, by=request.actor, at=request.at)
    messages.success(request, _("Closed with your answer. It stays below and in the chart."))
    return redirect("alerts:alert", alert=alert)


def hand_over(request: ClinicRequest, alert: uuid.UUID) -> HttpResponse:
    """Give it to somebody else who may answer it."""
    typed = read(_hand_over_form(request, _seen(request, alert)))
    actions.hand_over(alert, to_membership_id=typed["to"], why=typed["why"], by=request.actor, at=request.at)
    messages.success(request, _("Handed over."))
    return redirect("alerts:alerts")


ALERT_FORMS = {"acknowledge": acknowledge, "answer": answer, "hand_over": hand_over}


def _cover_form(request: ClinicRequest) -> CoverForm:
    rows = Membership.objects.filter(role__in=CLINICAL, ended_at__isnull=True, user__is_active=True)
    members = [(str(member.id), str(member)) for member in rows.select_related("user").order_by("user__name")]
    return bound(request, "cover", CoverForm, members=members, initial=initial_of(covering.in_force()))


def cover(request: ClinicRequest) -> HttpResponse:
    """Opening hours, who is on call, crisis lines: what is in force, and signing anew."""
    in_force = covering.in_force()
    context = {
        "form": _cover_form(request),
        "cover": in_force,
        "hours": hours_in_words(in_force) if in_force else [],
        "on_call": covering.on_call_rows(),
        "director": duties.medical_director(),
        "help": covering.help_of(request.clinic, at=request.at),
    }
    return page(request, "alerts/cover.html", context)


def sign_cover(request: ClinicRequest) -> HttpResponse:
    """Sign the hours, the people on call and the crisis lines anew."""
    form = _cover_form(request)
    typed_name = read(form)["typed_name"]
    actions.sign_cover(form.new_cover(), typed_name=typed_name, by=request.actor, at=request.at)
    messages.success(request, _("Signed and in force."))
    return redirect("alerts:cover")
