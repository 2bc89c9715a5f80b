"""What people type about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.people.models import Sex
from openkap.ui.fields import DayField, PhoneField


class ParticularsForm(forms.Form):
    """A person's particulars."""

    needed_too = ("given_name", "family_name")
    given_name = forms.CharField(
        label=_("Given name"), max_length=80, required=False, help_text=_("One of the two names is needed.")
    )
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=30, required=False)
    birth_date = DayField(label=_("Birth date"), widget=forms.DateInput(attrs={"type": "date"}))
    sex = forms.ChoiceField(
        label=_("Sex, for clinical use"),
        choices=Sex.choices,
        initial=Sex.UNKNOWN,
        help_text=_("It decides cut-offs and reference ranges, nothing else."),
    )
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SearchFirstForm(forms.Form):
    """Who somebody is, typed to see whether they are here already."""

    needed_too = ("given_name", "family_name", "birth_date", "phone")
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    birth_date = DayField(
        label=_("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("given_name", "").strip() and not typed.get("family_name", "").strip():
            raise forms.ValidationError(_("Type at least one name."))
        return typed


class NewPatientForm(ParticularsForm):
    """A new person; the box is asked for only when someone here may be the same person."""

    not_the_same = forms.BooleanField(
        label=_("I have looked: none of the people above is this person"), required=False
    )


class EscortForm(forms.Form):
    """Who takes the patient home."""

    name = forms.CharField(label=_("Escort's name"), max_length=120)
    phone = PhoneField(label=_("Phone that reaches them"))
    relation = forms.CharField(label=_("Who they are to the patient"), max_length=60, required=False)


class CareTeamForm(forms.Form):
    """A member of staff to join the care team."""

    membership = forms.UUIDField(label=_("Who joins the care team"), widget=forms.Select)

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["membership"].widget.choices = choices


class LostAccessForm(forms.Form):
    """By what the person was recognised who cannot get in any more."""

    why = forms.CharField(
        label=_("How you know that it is them"),
        max_length=300,
        help_text=_("By voice, in person, by a call back to the number on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SiteForm(forms.Form):
    """A building the clinic works in."""

    name = forms.CharField(label=_("Name of the site"), max_length=120)
    address = forms.CharField(label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class RoomForm(forms.Form):
    """A room of one of the sites."""

    site = forms.ChoiceField(label=_("Site"))
    name = forms.CharField(label=_("Name of the room"), max_length=60)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = sites


class InvitePatientForm(forms.Form):
    """Where the person's invitation belongs to."""

    email = forms.EmailField(label=_("Their own e-mail"), help_text=_("They sign in with it."))
