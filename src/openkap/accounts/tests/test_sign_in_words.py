"""Every page, message and label of the sign-in library that a person can meet is in our words."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from allauth.account import app_settings as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import app_settings as mfa
from django.template.loader import get_template

from openkap.accounts.adapter import SAID
from openkap.accounts.sign_in_forms import InOurWords
from tests.architecture.reading import SOURCE

LIBRARY = Path(allauth.__file__).parent / "templates"
# What nobody meets: signing up, phones, codes by mail, several addresses; and frames of no use to our pages.
NOT_MET = {
    "account/base_confirm_code.html", "account/base_entrance.html", "account/base_manage.html",
    "account/base_manage_email.html", "account/base_manage_password.html", "account/base_manage_phone.html",
    "account/confirm_email_verification_code.html", "account/confirm_login_code.html",
    "account/confirm_password_reset_code.html", "account/confirm_phone_verification_code.html",
    "account/email.html", "account/phone_change.html", "account/request_login_code.html",
    "account/signup.html", "account/signup_by_passkey.html", "account/verified_email_required.html",
    "account/snippets/already_logged_in.html", "account/snippets/warn_no_email.html",
    "account/email/account_already_exists_message.txt", "account/email/account_already_exists_subject.txt",
    "account/email/email_confirmation_signup_message.txt",
    "account/email/email_confirmation_signup_subject.txt",
    "account/email/login_code_message.txt", "account/email/login_code_subject.txt",
    "account/email/password_reset_code_message.txt", "account/email/password_reset_code_subject.txt",
    "account/email/password_reset_message.txt", "account/email/password_reset_subject.txt",
    "account/email/unknown_account_message.txt", "account/email/unknown_account_subject.txt",
    "account/messages/cannot_delete_primary_email.txt", "account/messages/email_deleted.txt",
    "account/messages/login_code_sent.txt", "account/messages/phone_verification_sent.txt",
    "account/messages/phone_verified.txt", "account/messages/primary_email_set.txt",
    "account/messages/unverified_primary_email.txt", "mfa/base_entrance.html", "mfa/base_manage.html",
    "mfa/recovery_codes/base.html", "mfa/totp/base.html", "mfa/trust.html", "mfa/webauthn/base.html",
    "mfa/webauthn/signup_form.html", "mfa/webauthn/snippets/login_script.html",
    "mfa/webauthn/snippets/scripts.html",
}  # fmt: skip
NOT_SAID = {
    "cannot_remove_primary_email", "duplicate_email", "invalid_login", "max_email_addresses",
    "phone_password_mismatch", "phone_taken", "select_only_one", "unknown_phone", "unverified_primary_email",
    "username_blacklisted", "username_password_mismatch", "username_taken",
}  # fmt: skip


def _of_the_library() -> list[str]:
    found = [*LIBRARY.glob("account/**/*"), *LIBRARY.glob("mfa/**/*")]
    return sorted(str(it.relative_to(LIBRARY)) for it in found if it.is_file())


@pytest.mark.parametrize("name", _of_the_library())
def test_a_template_that_somebody_can_meet_is_ours(name):
    ours = Path(str(get_template(name).template.origin)).is_relative_to(SOURCE)
    assert ours is not (name in NOT_MET), name


def test_every_form_of_the_sign_in_and_every_sentence_of_it_is_ours():
    forms = [*account.FORMS.values(), *mfa.FORMS.values()]
    assert len(forms) == 11
    for path in forms:
        module, name = path.rsplit(".", 1)
        assert issubclass(getattr(__import__(module, fromlist=[name]), name), InOurWords)
    assert set(DefaultAccountAdapter.error_messages) - NOT_SAID == set(SAID)
