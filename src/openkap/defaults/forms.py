"""Proposing and signing the clinic's numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.defaults import loading


class ProposalForm(forms.Form):
    """Another value for one of the clinic's numbers."""

    number = forms.ChoiceField(label=_("Which number"))
    value = forms.IntegerField(label=_("Value"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["number"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (group.title, [(it.key, f"{it.says} … {it.unit}".strip()) for it in group.numbers])
            for group in loading.groups()
        ]


class ShippedForm(forms.Form):
    """Which numbers, and by whom."""

    numbers = forms.MultipleChoiceField(
        label=_("Numbers to sign as they ship"), widget=forms.CheckboxSelectMultiple
    )
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


class NameForm(forms.Form):
    """A name, as signature."""

    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)
