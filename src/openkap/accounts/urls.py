"""Sign-in, second factors, invitations, and the people of the clinic."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from openkap.accounts.doors import door
from openkap.accounts.grants import anyone, roles, signed_in, staff
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
    door("sign-in/", account.login, name="account_login", get=anyone, post=anyone),
    door("sign-out/", entering.sign_out, name="account_logout", get=anyone, post=anyone),
    door("sign-in/inactive/", account.account_inactive, name="account_inactive", get=anyone),
    door("sign-in/closed/", account.signup, name="account_signup", get=anyone),
    door("sign-in/again/", account.reauthenticate, name="account_reauthenticate", get=anyone, post=anyone),
    door("address/", entering.address, name="account_email", get=anyone, post=anyone),
    door(
        "address/sent/", account.email_verification_sent, name="account_email_verification_sent", get=anyone
    ),
    door("address/<str:key>/", account.confirm_email, name="account_confirm_email", get=anyone, post=anyone),
    door("password/", account.password_change, name="account_change_password", get=anyone, post=anyone),
    door("password/set/", account.password_set, name="account_set_password", get=anyone, post=anyone),
    door("password/lost/", account.password_reset, name="account_reset_password", get=anyone, post=anyone),
    door("password/lost/sent/", account.password_reset_done, name="account_reset_password_done", get=anyone),
    door(
        "password/new/<alphanumeric:uidb36>-<str:key>/",
        entering.new_password,
        name="account_reset_password_from_key",
        get=anyone,
        post=anyone,
    ),
    door(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        get=anyone,
    ),
    door("second-factor/", mfa.index, name="mfa_index", get=anyone),
    door("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate", get=anyone, post=anyone),
    door(
        "sign-in/again/second-factor/", mfa.reauthenticate, name="mfa_reauthenticate", get=anyone, post=anyone
    ),
    door("second-factor/app/", totp.activate_totp, name="mfa_activate_totp", get=anyone, post=anyone),
    door("second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp", get=anyone, post=anyone),
    door("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", get=anyone),
    door(
        "second-factor/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        get=anyone,
        post=anyone,
    ),
    door(
        "second-factor/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
        get=anyone,
    ),
    door("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn", get=anyone),
    door("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn", get=anyone, post=anyone),
    door(
        "passkeys/again/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        get=anyone,
        post=anyone,
    ),
    door(
        "passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
        get=anyone,
        post=anyone,
    ),
    door(
        "passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn", get=anyone, post=anyone
    ),
    door("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn", get=anyone, post=anyone),
]

rooms = [
    door("places/", team.places, name="places", get=signed_in, post=signed_in),
    door("device-key/", team.device_key, name="device_key", quiet=True, get=signed_in),
    door("team/", team.team, name="team", get=administrator, post=administrator.with_step_up()),
    door(
        "team/invitations/<uuid:invitation>/withdraw/",
        team.withdraw,
        name="withdraw",
        post=administrator.with_step_up(),
    ),
    door(
        "team/<uuid:membership>/end/",
        team.end,
        name="end",
        get=administrator,
        post=administrator.with_step_up(),
    ),
    door(
        "team/<uuid:membership>/second-factor/",
        team.lost_factor,
        name="lost_factor",
        get=administrator,
        post=administrator.with_step_up(),
    ),
    door("duties/", team.all_duties, name="duties", get=staff),
    door("duties/<str:kind>/name/", team.name_duty, name="name_duty", post=namers.with_step_up()),
    door("duties/<uuid:duty>/end/", team.end_duty, name="end_duty", get=namers, post=namers.with_step_up()),
    door("invitation/<str:token>/", entering.invitation, name="invitation", get=anyone, post=anyone),
    door("lost-factor/<str:token>/", entering.factor_reset, name="factor_reset", get=anyone, post=anyone),
]

urlpatterns = [*sign_in, path("", include((rooms, "accounts")))]
