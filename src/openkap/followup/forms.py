"""The answers of a check-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.followup import rules
from openkap.kernel.wording import translated


class CheckInForm(forms.Form):
    """The questions of one check-in, as large choices."""

    words = forms.CharField(
        label=_("Anything you want to say"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kind: rules.CheckInKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in rules.questions_of(kind):
            self.fields[question.name] = forms.ChoiceField(
                label=translated(question.text),
                choices=[(value, translated(label)) for value, label in question.choices],
                widget=forms.RadioSelect,
            )
        self.order_fields([*(question.name for question in rules.questions_of(kind)), "words"])

    def answers(self) -> dict[str, str]:
        """The answers alone, by question."""
        return {name: value for name, value in self.cleaned_data.items() if name != "words"}
