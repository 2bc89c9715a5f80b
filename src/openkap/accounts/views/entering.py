"""The ways in: an invitation, a lost second factor, a new password, and out again.

None of them signs anybody in by a password alone where a second factor is set up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.i18n import JavaScriptCatalog

from openkap.accounts import actions, entrance, joining, passkeys
from openkap.accounts.actor import Actor
from openkap.accounts.forms import AcceptForm, KeyForm, PasswordForm
from openkap.accounts.links import FACTOR_RESET, INVITATION, BadLink, EntryLink, read_entry
from openkap.accounts.models import FactorReset, Invitation, User
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from openkap.ui.typed import told_of


def _entry(token: str, purpose: str) -> EntryLink:
    life = {INVITATION: actions.INVITATION_LIFE, FACTOR_RESET: actions.RESET_LIFE}[purpose]
    try:
        return read_entry(token, purpose=purpose, life=life)
    except BadLink as error:
        raise Http404 from error


def _tried(act: Callable[[], Any]) -> tuple[Any, Refused | None]:
    try:
        return act(), None
    except Refused as refusal:
        return None, refusal


_catalogue = JavaScriptCatalog.as_view(packages=["openkap.ui"])


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with a new sign-in, or as the person who signs in with this address already."""
    entry = _entry(token, INVITATION)
    with inside(entry.clinic_id, role="link"):
        invitation_row = Invitation.objects.filter(id=entry.subject_id).first()
        clinic = Clinic.objects.get(id=entry.clinic_id)
        if invitation_row is None:
            raise Http404
        known = actions.needs_sign_in(invitation_row, mailed=entry.mailed)
    context = {
        "row": invitation_row,
        "clinic": clinic,
        "usable": _usable(invitation_row),
        "path": request.path,
    }
    if known is not None:
        return _as_known_person(request, entry, known, context=context)
    return _as_new_person(request, entry, invitation_row, context=context)


def _usable(row: Invitation) -> bool:
    return row.accepted_at is None and row.withdrawn_at is None and row.expires_at > timezone.now()


def _as_new_person(
    request: HttpRequest, entry: EntryLink, invitation: Invitation, *, context: dict[str, Any]
) -> HttpResponse:
    form: Form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    refusal = None
    if request.method == "POST" and form.is_valid():
        user, refusal = _tried(lambda: _made(entry, form))
        if refusal is None:
            return _in(request, user, by_key=bool(form.cleaned_data["credential"]))
    told_of(request, form, refusal=refusal)
    holder = passkeys.who_will_hold_it(invitation, actions.who_signs_in_as(invitation.email))
    shown = {"form": form, "js_data": passkeys.options_for(holder)}
    status = 422 if refusal or form.errors else 200
    return render(request, "accounts/invitation.html", {**context, **shown}, status=status)


def _in(request: HttpRequest, user: User, *, by_key: bool) -> HttpResponse:
    """Signed in for the first time. Nobody is asked again for what they have just given."""
    if by_key:
        passkeys.sign_in(request, user, Authenticator.objects.get(user=user, type="webauthn"))
        return redirect("mfa_view_recovery_codes")
    perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))
    record_authentication(request, user, method="password", reauthenticated=True)
    return redirect("mfa_add_webauthn")


def _made(entry: EntryLink, form: Form) -> User:
    by = Actor.link(entry.clinic_id, form.cleaned_data["name"])
    with inside(entry.clinic_id, role="link"):
        return actions.accept_invitation(
            entry.subject_id, **form.cleaned_data, mailed=entry.mailed, by=by, at=timezone.now()
        )


def _as_known_person(
    request: HttpRequest, entry: EntryLink, known: User, *, context: dict[str, Any]
) -> HttpResponse:
    here = entrance.who_is_in(request)
    refusal = None
    if request.method == "POST" and here is not None:
        by = Actor(entry.clinic_id, "link", here.name, user_id=here.pk)

        def join() -> User:
            with inside(entry.clinic_id, role="link"):
                return actions.join_by_invitation(entry.subject_id, user=here, by=by, at=timezone.now())

        _, refusal = _tried(join)
        if refusal is None:
            return redirect("accounts:places")
    back = urlencode({"next": request.path})
    context |= {
        "known": True,
        "is_here": here is not None and here.pk == known.pk,
        "other": here if here is not None and here.pk != known.pk else None,
        "sign_in": f"{reverse('account_login')}?{back}",
    }
    told_of(request, Form(), refusal=refusal)
    return render(request, "accounts/invitation_known.html", context, status=422 if refusal else 200)


def factor_reset(request: HttpRequest, token: str) -> HttpResponse:
    """The person whom a clinic vouched for lets their lost second factor fall."""
    entry = _entry(token, FACTOR_RESET)
    at = timezone.now()
    with inside(entry.clinic_id, role="link"):
        reset = FactorReset.objects.select_related("membership__user").filter(id=entry.subject_id).first()
        clinic = Clinic.objects.get(id=entry.clinic_id)
    if reset is None:
        raise Http404
    usable = reset.used_at is None and reset.withdrawn_at is None and reset.expires_at > at
    context = {"clinic": clinic, "usable": usable, "path": request.path}
    if reset.membership.user.has_usable_password():
        return _reset_with_password(request, entry, reset.membership.user, context=context)
    return _reset_with_key(request, entry, reset.membership.user, context=context)


def _reset_with_password(
    request: HttpRequest, entry: EntryLink, user: User, *, context: dict[str, Any]
) -> HttpResponse:
    form, refusal = PasswordForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        _, refusal = _tried(lambda: _dropped(request, entry, user, password=password))
        if refusal is None:
            logout(request)
            return redirect("account_login")
    told_of(request, form, refusal=refusal)
    status = 422 if refusal or form.errors else 200
    return render(request, "accounts/factor_reset.html", {**context, "form": form}, status=status)


def _reset_with_key(
    request: HttpRequest, entry: EntryLink, user: User, *, context: dict[str, Any]
) -> HttpResponse:
    """Another passkey takes the place of the lost one, and they are in."""
    form, refusal = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        logout(request)
        _, refusal = _tried(lambda: _dropped_with(entry, user, credential=form.cleaned_data["credential"]))
        if refusal is None:
            return _in(request, User.objects.get(pk=user.pk), by_key=True)
    told = passkeys.options_for(user) if context["usable"] else {}
    told_of(request, form, refusal=refusal)
    shown = {**context, "form": form, "js_data": told}
    status = 422 if refusal or form.errors else 200
    return render(request, "accounts/factor_reset_key.html", shown, status=status)


def _dropped_with(entry: EntryLink, user: User, **proof: Any) -> None:
    with inside(entry.clinic_id, role="link"):
        actions.drop_second_factor(
            entry.subject_id,
            **proof,
            mailed=entry.mailed,
            by=Actor.link(entry.clinic_id, user.name),
            at=timezone.now(),
        )


def _dropped(request: HttpRequest, entry: EntryLink, user: User, *, password: str) -> None:
    """Check the password as the sign-in page does, limited and recorded, and let the factor fall."""
    try:
        user_signed_in = get_adapter(request).authenticate(request, email=user.email, password=password)
    except ValidationError as error:  # too many tries
        raise joining.too_many_tries(error.messages) from error
    if user_signed_in is None or user_signed_in.pk != user.pk:
        raise joining.wrong_password()
    _dropped_with(entry, user, password=password)


def words(request: HttpRequest) -> HttpResponse:
    """What the scripts of a page say, in its language."""
    answer = _catalogue(request)
    assert isinstance(answer, HttpResponse)
    return answer
