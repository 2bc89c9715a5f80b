"""What people type into the pages of alerts."""

from __future__ import annotations

from django import forms

from openkap.alerts.rules import OUTCOMES


class AnswerForm(forms.Form):
    """What was done, and what came of it."""

    outcome = forms.ChoiceField(
        label="What came of it", choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(label="What you did", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class HandOverForm(forms.Form):
    """Who takes it, and why."""

    to = forms.UUIDField(label="To whom", widget=forms.Select)
    why = forms.CharField(label="Why", max_length=300)

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].widget.choices = choices
