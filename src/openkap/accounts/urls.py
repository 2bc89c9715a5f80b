"""Sign-in, second factors, invitations, and the people of the clinic."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from openkap.accounts.grants import anyone, roles, signed_in, staff
from openkap.accounts.routes import outside, route
from openkap.accounts.views import entering, team
from openkap.accounts.views import sign_in as sign_in_views


class Alphanumeric(StringConverter):
    """Letters and digits alone: the part of a link before its first hyphen."""

    regex = "[0-9A-Za-z]+"


register_converter(Alphanumeric, "alphanumeric")

administrator = roles("administrator")
namers = roles("administrator", "prescriber")

# allauth's own pages, each declared. They check by themselves that someone is signed in where
# that is needed, and they never show a patient.
sign_in = [
    outside("sign-in/", account.login, name="account_login", get=anyone, post=anyone),
    outside("sign-out/", sign_in_views.sign_out, name="account_logout", get=anyone, post=anyone),
    outside("sign-in/inactive/", account.account_inactive, name="account_inactive", get=anyone),
    outside("sign-in/closed/", account.signup, name="account_signup", get=anyone),
    outside("sign-in/again/", account.reauthenticate, name="account_reauthenticate", get=anyone, post=anyone),
    outside("address/", sign_in_views.address, name="account_email", get=anyone, post=anyone),
    outside(
        "address/sent/", account.email_verification_sent, name="account_email_verification_sent", get=anyone
    ),
    outside(
        "address/<str:key>/", account.confirm_email, name="account_confirm_email", get=anyone, post=anyone
    ),
    outside("password/", account.password_change, name="account_change_password", get=anyone, post=anyone),
    outside("password/set/", account.password_set, name="account_set_password", get=anyone, post=anyone),
    outside("password/lost/", account.password_reset, name="account_reset_password", get=anyone, post=anyone),
    outside(
        "password/lost/sent/", account.password_reset_done, name="account_reset_password_done", get=anyone
    ),
    outside(
        "password/new/<alphanumeric:uidb36>-<str:key>/",
        sign_in_views.new_password,
        name="account_reset_password_from_key",
        get=anyone,
        post=anyone,
    ),
    outside(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        get=anyone,
    ),
    outside("second-factor/", mfa.index, name="mfa_index", get=anyone),
    outside(
        "sign-in/second-factor/",
        sign_in_views.second_factor,
        name="mfa_authenticate",
        get=anyone,
        post=anyone,
    ),
    outside(
        "sign-in/again/second-factor/", mfa.reauthenticate, name="mfa_reauthenticate", get=anyone, post=anyone
    ),
    outside("second-factor/app/", totp.activate_totp, name="mfa_activate_totp", get=anyone, post=anyone),
    outside(
        "second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp", get=anyone, post=anyone
    ),
    outside("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", get=anyone),
    outside(
        "second-factor/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        get=anyone,
        post=anyone,
    ),
    outside(
        "second-factor/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
        get=anyone,
    ),
    outside("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn", get=anyone),
    outside("passkeys/add/", sign_in_views.add_passkey, name="mfa_add_webauthn", get=anyone, post=anyone),
    outside(
        "passkeys/again/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        get=anyone,
        post=anyone,
    ),
    outside(
        "passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
        get=anyone,
        post=anyone,
    ),
    outside(
        "passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn", get=anyone, post=anyone
    ),
    outside("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn", get=anyone, post=anyone),
]

rooms = [
    outside("sign-in/lost/", sign_in_views.lost_access, name="lost_access", get=anyone),
    outside("words.js", entering.words, name="words", get=anyone),
    route("places/", name="places", show=team.places, do=team.choose_place, get=signed_in, post=signed_in),
    route("device-key/", name="device_key", show=team.device_key, quiet=True, get=signed_in),
    route(
        "team/",
        name="team",
        show=team.team,
        do=team.invite,
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route(
        "team/invitations/<uuid:invitation>/withdraw/",
        name="withdraw",
        show=team.team,
        do=team.withdraw,
        post=administrator.with_step_up(),
    ),
    route(
        "team/<uuid:membership>/end/",
        name="end",
        show=team.end,
        do=team.end_membership,
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route(
        "team/<uuid:membership>/second-factor/",
        name="lost_factor",
        show=team.lost_factor,
        do=team.vouch,
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route(
        "clinic/particulars/",
        name="particulars",
        show=team.particulars,
        do=team.change_particulars,
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route("duties/", name="duties", show=team.duties_page, get=staff),
    route(
        "duties/<str:kind>/name/",
        name="name_duty",
        show=team.duties_page,
        do=team.name_duty,
        post=namers.with_step_up(),
    ),
    route(
        "duties/<uuid:duty>/end/",
        name="end_duty",
        show=team.end_duty,
        do=team.take_duty_away,
        get=namers,
        post=namers.with_step_up(),
    ),
    outside("invitation/<str:token>/", entering.invitation, name="invitation", get=anyone, post=anyone),
    outside("lost-factor/<str:token>/", entering.factor_reset, name="factor_reset", get=anyone, post=anyone),
]

urlpatterns = [*sign_in, path("", include((rooms, "accounts")))]
