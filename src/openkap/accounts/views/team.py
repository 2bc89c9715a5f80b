"""The pages of accounts: one's places, the clinic's team, and accepting an invitation."""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from openkap.accounts import actions, duties, joining, queries
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.forms import ClinicForm, DutyForm, InviteForm, WhyAccessForm
from openkap.accounts.models import Duty, DutyKind, Membership
from openkap.accounts.places import Place, places_of
from openkap.accounts.roles import Role
from openkap.accounts.sealing import device_key as device_key_of
from openkap.kernel.refusal import refuse_if
from openkap.ui.pages import page
from openkap.ui.typed import bound, read, sent


def places(request: ClinicRequest) -> HttpResponse:
    """The places one works in, to choose one of them."""
    return page(request, "accounts/places.html", {"places": _places_of(request)})


def _places_of(request: ClinicRequest) -> list[Place]:
    return places_of(request.actor.user_id, at=request.at) if request.actor.user_id else []


def choose_place(request: ClinicRequest) -> HttpResponse:
    """Work in another place from now on."""
    wanted = sent(request, "membership")
    own = {str(place.membership_id) for place in _places_of(request)}
    refuse_if(joining.objections_to_place(is_own=wanted in own))
    request.session["membership"] = wanted
    return redirect("/")


def device_key(request: ClinicRequest) -> HttpResponse:
    """The key under which this person's browser keeps entries and drafts; there it is in memory alone."""
    key = base64.b64encode(device_key_of(request.actor.user_id)).decode()
    return JsonResponse({"key": key})


def team(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """Who works here, and inviting one more."""
    invitations = [
        (invitation, request.build_absolute_uri(queries.entry_path(invitation)))
        for invitation in queries.open_invitations(request.at)
    ]
    context = {
        "form": bound(request, "team", InviteForm),
        "members": queries.team(with_ended=True),
        "secured": queries.with_second_factor(),
        "invitations": invitations,
        "resets": [
            (reset, link and request.build_absolute_uri(link))
            for reset, link in queries.open_resets(request.at)
            if reset.membership.role != Role.PATIENT
        ],
        "mails": settings.OPENKAP_MAIL_IS_SET_UP,
    }
    return page(request, "accounts/team.html", context)


def invite(request: ClinicRequest) -> HttpResponse:
    """Invite someone to work here."""
    typed = read(bound(request, "team", InviteForm))
    invitation = actions.invite(**typed, by=request.actor, at=request.at)
    how = (
        _("A link is on its way") if settings.OPENKAP_MAIL_IS_SET_UP else _("Give them the link shown below")
    )
    messages.success(request, _("%(name)s is invited. %(how)s.") % {"name": invitation.name, "how": how})
    return redirect("accounts:team")


def withdraw(request: ClinicRequest, invitation: uuid.UUID) -> HttpResponse:
    """Take an invitation back."""
    actions.withdraw_invitation(invitation, by=request.actor, at=request.at)
    return redirect("accounts:team")


def _member(membership: uuid.UUID) -> Membership:
    member = Membership.objects.select_related("user").filter(id=membership).first()
    if member is None:
        raise Http404
    return member


def end(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """Why a person's access ends."""
    context = {"form": bound(request, "end", WhyAccessForm), "member": _member(membership)}
    return page(request, "accounts/end.html", context)


def end_membership(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """End a person's access."""
    why = read(bound(request, "end", WhyAccessForm))["why"]
    actions.end_membership(_member(membership).id, why=why, by=request.actor, at=request.at)
    return redirect("accounts:team")


def lost_factor(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """A person has lost their second factor: who vouches for it, and why."""
    context = {"form": bound(request, "lost_factor", WhyAccessForm), "member": _member(membership)}
    return page(request, "accounts/lost_factor.html", context)


def vouch(request: ClinicRequest, membership: uuid.UUID) -> HttpResponse:
    """Vouch that a person has lost their second factor; they get a link, and say so too."""
    why = read(bound(request, "lost_factor", WhyAccessForm))["why"]
    actions.vouch_for_lost_factor(_member(membership).id, why=why, by=request.actor, at=request.at)
    return redirect("accounts:team")


def _duty_form(request: ClinicRequest, kind: str, *, is_sent: bool) -> DutyForm:
    """The form that names somebody for a duty: one for each kind, on one page."""
    name, members = "name_duty" if is_sent else "", _nameable(request, kind)
    return bound(request, name, DutyForm, members=members, auto_id=f"{kind}_%s")


def duties_page(request: ClinicRequest, kind: str = "") -> HttpResponse:
    """Who is named for what, and naming. `kind` is the duty whose form was refused."""
    director = duties.is_director(request.actor)
    may = {
        DutyKind.MEDICAL_DIRECTOR: request.actor.role == "administrator",
        DutyKind.INDEPENDENT_CHECK: director,
    }
    kinds = [
        {
            "kind": duty,
            "held": duties.held(duty),
            "may_name": may[duty],
            "form": _duty_form(request, duty, is_sent=duty == kind),
        }
        for duty in DutyKind
    ]
    return page(request, "accounts/duties.html", {"kinds": kinds})


def _nameable(request: ClinicRequest, kind: str) -> list[Membership]:
    """Whom this person could name: nobody names themself."""
    return [one for one in duties.can_be_named(kind) if one.user_id != request.actor.user_id]


def name_duty(request: ClinicRequest, kind: str) -> HttpResponse:
    """Name a person for a duty, signed."""
    if kind not in DutyKind.values:
        raise Http404
    typed = read(_duty_form(request, kind, is_sent=True))
    actions.name_duty(
        typed["membership"], kind=kind, typed_name=typed["typed_name"], by=request.actor, at=request.at
    )
    return redirect("accounts:duties")


def _duty(duty: uuid.UUID) -> Duty:
    row = Duty.objects.select_related("membership__user").filter(id=duty).first()
    if row is None:
        raise Http404
    return row


def end_duty(request: ClinicRequest, duty: uuid.UUID) -> HttpResponse:
    """Why a duty is taken away."""
    context = {"form": bound(request, "end_duty", WhyAccessForm), "duty": _duty(duty)}
    return page(request, "accounts/end_duty.html", context)


def take_duty_away(request: ClinicRequest, duty: uuid.UUID) -> HttpResponse:
    """Take a duty away."""
    why = read(bound(request, "end_duty", WhyAccessForm))["why"]
    actions.end_duty(_duty(duty).id, why=why, by=request.actor, at=request.at)
    return redirect("accounts:duties")


def _particulars_form(request: ClinicRequest) -> ClinicForm:
    clinic = request.clinic
    known = {"name": clinic.name, "phone": clinic.phone, "zone": clinic.zone, "profile": clinic.profile}
    known["before_session"] = clinic.before_session
    return bound(request, "particulars", ClinicForm, initial=known)


def particulars(request: ClinicRequest) -> HttpResponse:
    """What the clinic is called, how it is reached, its clock and its profile."""
    return page(request, "accounts/particulars.html", {"form": _particulars_form(request)})


def change_particulars(request: ClinicRequest) -> HttpResponse:
    """Change the clinic's particulars."""
    actions.change_particulars(**read(_particulars_form(request)), by=request.actor, at=request.at)
    return redirect("accounts:particulars")
