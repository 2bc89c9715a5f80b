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
from openkap.accounts.routes import route
from openkap.accounts.views import entering, team


class Alphanumeric(StringConverter):
    """Letters and digits alone: the part of a link before its first hyphen."""

    regex = "[0-9A-Za-z]+"


register_converter(Alphanumeric, "alphanumeric")

administrator = roles("administrator")
namers = roles("administrator", "prescriber")

# allauth's own pages, each declared. They check by themselves that someone is signed in where
# that is needed, and they never show a patient.
sign_in = [
    route("sign-in/", account.login, name="account_login", get=anyone, post=anyone),
    route("sign-out/", entering.sign_out, name="account_logout", get=anyone, post=anyone),
    route("sign-in/inactive/", account.account_inactive, name="account_inactive", get=anyone),
    route("sign-in/closed/", account.signup, name="account_signup", get=anyone),
    route("sign-in/again/", account.reauthenticate, name="account_reauthenticate", get=anyone, post=anyone),
    route("address/", entering.address, name="account_email", get=anyone, post=anyone),
    route(
        "address/sent/", account.email_verification_sent, name="account_email_verification_sent", get=anyone
    ),
    route("address/<str:key>/", account.confirm_email, name="account_confirm_email", get=anyone, post=anyone),
    route("password/", account.password_change, name="account_change_password", get=anyone, post=anyone),
    route("password/set/", account.password_set, name="account_set_password", get=anyone, post=anyone),
    route("password/lost/", account.password_reset, name="account_reset_password", get=anyone, post=anyone),
    route("password/lost/sent/", account.password_reset_done, name="account_reset_password_done", get=anyone),
    route(
        "password/new/<alphanumeric:uidb36>-<str:key>/",
        entering.new_password,
        name="account_reset_password_from_key",
        get=anyone,
        post=anyone,
    ),
    route(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        get=anyone,
    ),
    route("second-factor/", mfa.index, name="mfa_index", get=anyone),
    route("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate", get=anyone, post=anyone),
    route(
        "sign-in/again/second-factor/", mfa.reauthenticate, name="mfa_reauthenticate", get=anyone, post=anyone
    ),
    route("second-factor/app/", totp.activate_totp, name="mfa_activate_totp", get=anyone, post=anyone),
    route(
        "second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp", get=anyone, post=anyone
    ),
    route("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", get=anyone),
    route(
        "second-factor/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        get=anyone,
        post=anyone,
    ),
    route(
        "second-factor/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
        get=anyone,
    ),
    route("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn", get=anyone),
    route("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn", get=anyone, post=anyone),
    route(
        "passkeys/again/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        get=anyone,
        post=anyone,
    ),
    route(
        "passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
        get=anyone,
        post=anyone,
    ),
    route(
        "passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn", get=anyone, post=anyone
    ),
    route("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn", get=anyone, post=anyone),
]

rooms = [
    route("places/", team.places, name="places", get=signed_in, post=signed_in),
    route("device-key/", team.device_key, name="device_key", quiet=True, get=signed_in),
    route("team/", team.team, name="team", get=administrator, post=administrator.with_step_up()),
    route(
        "team/invitations/<uuid:invitation>/withdraw/",
        team.withdraw,
        name="withdraw",
        post=administrator.with_step_up(),
    ),
    route(
        "team/<uuid:membership>/end/",
        team.end,
        name="end",
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route(
        "team/<uuid:membership>/second-factor/",
        team.lost_factor,
        name="lost_factor",
        get=administrator,
        post=administrator.with_step_up(),
    ),
    route("duties/", team.all_duties, name="duties", get=staff),
    route("duties/<str:kind>/name/", team.name_duty, name="name_duty", post=namers.with_step_up()),
    route("duties/<uuid:duty>/end/", team.end_duty, name="end_duty", get=namers, post=namers.with_step_up()),
    route("invitation/<str:token>/", entering.invitation, name="invitation", get=anyone, post=anyone),
    route("lost-factor/<str:token>/", entering.factor_reset, name="factor_reset", get=anyone, post=anyone),
]

urlpatterns = [*sign_in, path("", include((rooms, "accounts")))]
