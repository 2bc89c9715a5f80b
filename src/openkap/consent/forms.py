"""What people type into consent."""

from __future__ import annotations

from typing import Any

from django import forms

from openkap.consent.rules import CHOICES


class SignForm(forms.Form):
    """The person's name as signature; with a witness where staff hand over the tablet."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    typed_name = forms.CharField(label="Your full name, to sign", max_length=160)
    witness_name = forms.CharField(
        label="The witness's own name",
        help_text="You saw the person read, understand and sign.",
        max_length=160,
        required=False,
    )

    def __init__(self, *args: Any, with_witness: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_witness:
            self.fields["typed_name"].label = "The patient's full name, typed by the patient"
            self.fields["witness_name"].required = True
        else:
            del self.fields["witness_name"]


class WithdrawForm(forms.Form):
    """Taking a consent back. No reason is needed."""

    why = forms.CharField(label="Why, if you want to say", max_length=300, required=False)


class ChoicesForm(forms.Form):
    """What is welcome in a session, and what is not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CHOICES:
            if kind.options:
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.label,
                    help_text=kind.help,
                    choices=[(option.value, option.label) for option in kind.options],
                    widget=forms.RadioSelect,
                )
            else:
                self.fields[kind.name] = forms.CharField(
                    label=kind.label, help_text=kind.help, max_length=500, required=False
                )
