"""What people type into the pages of accounts."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Membership
from openkap.accounts.roles import Role
from openkap.tenancy.models import Clinic
from openkap.ui.fields import PhoneField


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in Role.choices if choice[0] != Role.PATIENT]
    )


class ClinicForm(forms.Form):
    """What the clinic is called, how it is reached, its clock and its profile."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("On every page, letter and paper."))
    phone = PhoneField(label=_("Phone patients can reach"), help_text=_("Shown on every page of a patient."))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Every time is shown by this clock."))
    profile = forms.ChoiceField(
        label=_("Profile"),
        choices=Clinic.Profile.choices,
        help_text=_("United States: pounds, feet and Nov 25 beside kilograms, centimetres and 25 Nov."),
    )

    before_session = forms.CharField(
        label=_("Before a session, in the clinic's words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "A line for each thing: what to eat, drink and take, and until when. Agree on it with the "
            "medical director. Patients read it on their own page."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class DutyForm(forms.Form):
    """Whom to name for a duty, and the name of who names them, as signature."""

    membership = forms.UUIDField(label=_("Who"), widget=forms.Select)
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].widget.choices = [(str(it.id), str(it)) for it in members]


class WhyAccessForm(forms.Form):
    """A reason, in words."""

    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def with_key_looked_at(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Whether a device made the key for this page just now, and made sure that it was its owner."""
    credential = cleaned.get("credential")
    if credential:
        auth.parse_registration_response(credential)
        if not auth.complete_registration(credential).is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
    return cleaned


class AcceptForm(forms.Form):
    """The invited person's own name, and how they will sign in: by a key of this device, or by a password."""

    needed_too = ("password",)

    name = forms.CharField(label=_("Your name"), max_length=120)
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        help_text=_("At least 12 characters. A few words in a row are easier to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or {}
        if not cleaned.get("credential") and not cleaned.get("password"):
            self.add_error("password", _("Choose a password, or use your face, finger or device code above."))
        return cleaned if self.errors else with_key_looked_at(cleaned)


class KeyForm(forms.Form):
    """A key that the person's device has just made."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Made for this page, by its owner."""
        return with_key_looked_at(super().clean() or {})


class PasswordForm(forms.Form):
    """The password one signs in with."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
