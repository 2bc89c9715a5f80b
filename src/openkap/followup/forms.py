"""The answers of a check-in."""

from __future__ import annotations

from typing import Any

from django import forms

from openkap.followup import rules


class CheckInForm(forms.Form):
    """The questions of one check-in, as large choices."""

    words = forms.CharField(
        label="Anything you want to say", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kind: rules.CheckInKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in rules.questions_of(kind):
            self.fields[question.name] = forms.ChoiceField(
                label=question.text, choices=question.choices, widget=forms.RadioSelect
            )
        self.order_fields([*(question.name for question in rules.questions_of(kind)), "words"])

    def answers(self) -> dict[str, str]:
        """The answers alone, by question."""
        return {name: value for name, value in self.cleaned_data.items() if name != "words"}
