"""What people type into consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.consent.actions import CapacityTalk
from openkap.consent.documents import Document
from openkap.consent.rules import ABILITIES, CHOICES


class HandOverForm(forms.Form):
    """A clinician hands the screen to the person, and signs that they made sure who it is."""

    identity_checked = forms.BooleanField(
        label=_("I have asked for the full name and the date of birth"), required=False
    )
    typed_name = forms.CharField(label=_("Your own name, to sign"), max_length=120)


class SignConsentForm(forms.Form):
    """The person's name as signature."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    typed_name = forms.CharField(label=_("Your full name, to sign"), max_length=160)


class CapacityForm(forms.Form):
    """What a prescriber found in the talk: the four abilities, what was explained again, and the outcome."""

    abilities = forms.MultipleChoiceField(
        label=_("What you found"),
        choices=[(code, _(words)) for code, words in ABILITIES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    explained_again = forms.MultipleChoiceField(
        label=_("What you explained again"), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(
        label=_("Words for the record"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the person could not decide."),
    )
    could_decide = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("yes", _("The person could decide")), ("no", _("The person could not decide now"))],
        widget=forms.RadioSelect,
    )
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(element.id, element.title) for element in document.elements]
        self.fields["explained_again"].choices = choices  # type: ignore[attr-defined]

    def talk(self) -> CapacityTalk:
        """What was typed, ready to be signed."""
        typed = self.cleaned_data
        return CapacityTalk(
            could_decide=typed["could_decide"] == "yes",
            abilities=frozenset(typed["abilities"]),
            explained_again=frozenset(typed["explained_again"]),
            note=typed["note"],
        )


class WithdrawForm(forms.Form):
    """Taking a consent back. No reason is needed."""

    why = forms.CharField(label=_("Why, if you want to say"), max_length=300, required=False)


class ChoicesForm(forms.Form):
    """What is welcome in a session, and what is not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CHOICES:
            if kind.options:
                self.fields[kind.name] = forms.ChoiceField(
                    label=_(kind.label),
                    help_text=_(kind.help),
                    choices=[(option.value, _(option.label)) for option in kind.options],
                    widget=forms.RadioSelect,
                )
            else:
                self.fields[kind.name] = forms.CharField(
                    label=_(kind.label), help_text=_(kind.help), max_length=500, required=False
                )
