"""What people type into the pages of accounts."""

from __future__ import annotations

from typing import Any

from django import forms

from openkap.accounts.models import Membership
from openkap.accounts.roles import Role


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(
        label="Role", choices=[choice for choice in Role.choices if choice[0] != Role.PATIENT]
    )


class DutyForm(forms.Form):
    """Whom to name for a duty, and the name of who names them, as signature."""

    membership = forms.UUIDField(label="Who", widget=forms.Select)
    typed_name = forms.CharField(label="Your name, to sign", max_length=120)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].widget.choices = [(str(it.id), str(it)) for it in members]


class WhyAccessForm(forms.Form):
    """A reason, in words."""

    why = forms.CharField(label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(forms.Form):
    """The invited person's own name and password."""

    name = forms.CharField(label="Your name", max_length=120)
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. A few words in a row are easier to keep in mind.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasswordForm(forms.Form):
    """The password one signs in with."""

    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
