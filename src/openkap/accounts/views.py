"""The pages of accounts: one's places, the clinic's team, and accepting an invitation."""

from __future__ import annotations

import uuid

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openkap.accounts import actions, duties, queries
from openkap.accounts.actor import Actor
from openkap.accounts.doors import Entered
from openkap.accounts.forms import AcceptForm, DutyForm, InviteForm, WhyForm
from openkap.accounts.models import Duty, DutyKind, Invitation, Membership
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from openkap.tenancy.gates import places_of
from openkap.tenancy.models import Clinic
from openkap.ui.pages import page, refusal_of, submitted

INVITATION_SALT = "openkap.invitation"


def invitation_url(invitation: Invitation) -> str:
    """The path of an invitation's page, signed."""
    token = signing.dumps([invitation.clinic_id.hex, invitation.id.hex], salt=INVITATION_SALT)
    return reverse("accounts:invitation", args=[token])


def places(request: Entered) -> HttpResponse:
    """Choose the place one works in now."""
    known = places_of(request.actor.user_id, at=request.at) if request.actor.user_id else []
    if request.method == "POST":
        wanted = request.POST.get("membership", "")
        if wanted in {str(place.membership_id) for place in known}:
            request.session["membership"] = wanted
            return redirect("/")
    return page(request, "accounts/places.html", {"places": known})


def team(request: Entered) -> HttpResponse:
    """Who works here, and inviting one more."""
    form = InviteForm(request.POST or None)
    if submitted(request, form):
        invitation = actions.invite(**form.cleaned_data, by=request.actor, at=request.at)
        messages.success(request, f"{invitation.name} is invited. Give them the link shown below.")
        return redirect("accounts:team")
    return _team(request, form)


def _team(request: Entered, form: InviteForm) -> HttpResponse:
    invitations = [
        (invitation, request.build_absolute_uri(invitation_url(invitation)))
        for invitation in queries.open_invitations(request.at)
    ]
    context = {
        "form": form,
        "members": queries.team(with_ended=True),
        "secured": queries.with_second_factor(),
        "invitations": invitations,
    }
    return page(request, "accounts/team.html", context)


def withdraw(request: Entered, invitation: uuid.UUID) -> HttpResponse:
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


def end(request: Entered, membership: uuid.UUID) -> HttpResponse:
    """End a person's access."""
    member, form = _member(membership), WhyForm(request.POST or None)
    if submitted(request, form):
        actions.end_membership(membership, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("accounts:team")
    return page(request, "accounts/end.html", {"form": form, "member": member})


def reset_second_factor(request: Entered, membership: uuid.UUID) -> HttpResponse:
    """Take away a lost second factor."""
    member, form = _member(membership), WhyForm(request.POST or None)
    if submitted(request, form):
        actions.reset_second_factor(membership, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("accounts:team")
    return page(request, "accounts/reset_second_factor.html", {"form": form, "member": member})


def invitation(request: Entered, token: str) -> HttpResponse:
    """Accept an invitation: name, password, and on to the second factor."""
    try:
        clinic_hex, key = signing.loads(token, salt=INVITATION_SALT, max_age=actions.INVITATION_LIFE)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    clinic_id, invitation_id, at = uuid.UUID(clinic_hex), uuid.UUID(key), timezone.now()
    form, refusal = AcceptForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        by = Actor.link(clinic_id, form.cleaned_data["name"])
        try:
            with inside(clinic_id, role="link"):
                user = actions.accept_invitation(invitation_id, **form.cleaned_data, by=by, at=at)
            get_adapter().login(request, user)
            return redirect("mfa_activate_totp")
        except Refused as error:
            refusal = error
    with inside(clinic_id, role="link"):
        row, clinic = Invitation.objects.get(id=invitation_id), Clinic.objects.get(id=clinic_id)
    usable = row.accepted_at is None and row.withdrawn_at is None and row.expires_at > at
    if not form.is_bound:
        form = AcceptForm(initial={"name": row.name})
    context = {"form": form, "row": row, "clinic": clinic, "usable": usable, "refusal": refusal}
    context["token"] = token
    return render(request, "accounts/invitation.html", context, status=422 if refusal else 200)


def all_duties(request: Entered) -> HttpResponse:
    """Who is named for what, and naming."""
    return _duties(request)


def _duties(request: Entered, **used: DutyForm) -> HttpResponse:
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


def _nameable(request: Entered, kind: str) -> list[Membership]:
    """Whom this person could name: nobody names themself."""
    return [one for one in duties.can_be_named(kind) if one.user_id != request.actor.user_id]


def name_duty(request: Entered, kind: str) -> HttpResponse:
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


def end_duty(request: Entered, duty: uuid.UUID) -> HttpResponse:
    """Take a duty away."""
    row = Duty.objects.select_related("membership__user").filter(id=duty).first()
    if row is None:
        raise Http404
    form = WhyForm(request.POST or None)
    if submitted(request, form):
        actions.end_duty(duty, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("accounts:duties")
    return page(request, "accounts/end_duty.html", {"form": form, "duty": row})
