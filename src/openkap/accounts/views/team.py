"""The pages of accounts: one's places, the clinic's team, and accepting an invitation."""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect

from openkap.accounts import actions, duties, queries
from openkap.accounts.forms import DutyForm, InviteForm, WhyForm
from openkap.accounts.models import Duty, DutyKind, Membership
from openkap.accounts.routes import ClinicRequest
from openkap.accounts.sealing import device_key as device_key_of
from openkap.tenancy.gates import places_of
from openkap.ui.pages import page, refusal_of, submitted


def places(request: ClinicRequest) -> HttpResponse:
    """Choose the place one works in now."""
    known = places_of(request.actor.user_id, at=request.at) if request.actor.user_id else []
    if request.method == "POST":
        wanted = request.POST.get("membership", "")
        if wanted in {str(place.membership_id) for place in known}:
            request.session["membership"] = wanted
            return redirect("/")
    return page(request, "accounts/places.html", {"places": known})


def device_key(request: ClinicRequest) -> HttpResponse:
    """The key under which this person's browser keeps entries and drafts; there it is in memory alone."""
    key = base64.b64encode(device_key_of(request.actor.user_id)).decode()
    return JsonResponse({"key": key})


def team(request: ClinicRequest) -> HttpResponse:
    """Who works here, and inviting one more."""
    form = InviteForm(request.POST or None)
    if submitted(request, form):
        invitation = actions.invite(**form.cleaned_data, by=request.actor, at=request.at)
        how = "A link is on its way" if settings.OPENKAP_MAIL_IS_SET_UP else "Give them the link shown below"
        messages.success(request, f"{invitation.name} is invited. {how}.")
        return redirect("accounts:team")
    return _team(request, form)


def _team(request: ClinicRequest, form: InviteForm) -> HttpResponse:
    invitations = [
        (invitation, request.build_absolute_uri(queries.entry_path(invitation)))
        for invitation in queries.open_invitations(request.at)
    ]
    context = {
        "form": form,
        "members": queries.team(with_ended=True),
        "secured": queries.with_second_factor(),
        "invitations": invitations,
        "resets": [
            (reset, request.build_absolute_uri(queries.entry_path(reset)))
            for reset in actions.open_resets(request.at)
        ],
        "mails": settings.OPENKAP_MAIL_IS_SET_UP,
    }
    return page(request, "accounts/team.html", context)


def withdraw(request: ClinicRequest, invitation: uuid.UUID) -> HttpResponse:
    """Take an invitation back."""
    if refusal_of(request) is None:
        actions.withdraw_invitation(invitation, by=request.actor, at=request.at)
        return redirect("accounts:team")
    return _team(request, InviteForm(None))


def _member(membership: uuid.UUID) -> Membership:
    found = Membership.objects.select_related("user").filter(id=membership).first()
    if found is None:
        raise Http404
    return found


def end(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """End a person's access."""
    member, form = _member(membership), WhyForm(request.POST or None)
    if submitted(request, form):
        actions.end_membership(membership, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("accounts:team")
    return page(request, "accounts/end.html", {"form": form, "member": member})


def lost_factor(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """Vouch that a person has lost their second factor; they get a link, and say so too."""
    member, form = _member(membership), WhyForm(request.POST or None)
    if submitted(request, form):
        why = form.cleaned_data["why"]
        actions.vouch_for_lost_factor(membership, why=why, by=request.actor, at=request.at)
        return redirect("accounts:team")
    return page(request, "accounts/lost_factor.html", {"form": form, "member": member})


def all_duties(request: ClinicRequest) -> HttpResponse:
    """Who is named for what, and naming."""
    return _duties(request)


def _duties(request: ClinicRequest, **used: DutyForm) -> HttpResponse:
    director = duties.is_director(request.actor)
    may = {
        DutyKind.MEDICAL_DIRECTOR: request.actor.role == "administrator",
        DutyKind.INDEPENDENT_CHECK: director,
    }
    kinds = [
        {
            "kind": kind,
            "held": duties.held(kind),
            "may_name": may[kind],
            "form": used.get(kind) or DutyForm(members=_nameable(request, kind)),
        }
        for kind in DutyKind
    ]
    return page(request, "accounts/duties.html", {"kinds": kinds, "used": next(iter(used.values()), None)})


def _nameable(request: ClinicRequest, kind: str) -> list[Membership]:
    """Whom this person could name: nobody names themself."""
    return [one for one in duties.can_be_named(kind) if one.user_id != request.actor.user_id]


def name_duty(request: ClinicRequest, kind: str) -> HttpResponse:
    """Name a person for a duty, signed."""
    if kind not in DutyKind.values:
        raise Http404
    form = DutyForm(request.POST or None, members=_nameable(request, kind))
    if submitted(request, form):
        actions.name_duty(
            form.cleaned_data["membership"],
            kind=kind,
            typed_name=form.cleaned_data["typed_name"],
            by=request.actor,
            at=request.at,
        )
        return redirect("accounts:duties")
    return _duties(request, **{kind: form})


def end_duty(request: ClinicRequest, duty: uuid.UUID) -> HttpResponse:
    """Take a duty away."""
    row = Duty.objects.select_related("membership__user").filter(id=duty).first()
    if row is None:
        raise Http404
    form = WhyForm(request.POST or None)
    if submitted(request, form):
        actions.end_duty(duty, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("accounts:duties")
    return page(request, "accounts/end_duty.html", {"form": form, "duty": row})
