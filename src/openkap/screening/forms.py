"""What people type into a screening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.kernel.answer import Answer
from openkap.protocols.pack import Question
from openkap.screening.models import Outcome

ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("not_asked", _("Not asked"))]


class AnswersForm(forms.Form):
    """The pack's questions, each yes, no or not asked. Nothing is ticked beforehand that nobody has said."""

    def __init__(
        self, *args: Any, questions: list[Question], known: dict[str, Answer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.name] = forms.ChoiceField(
                label=question.ask,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=known.get(question.name, Answer.NOT_ASKED).value,
            )

    def given(self) -> dict[str, tuple[Answer, str]]:
        """The answers somebody gave; “not asked” is no answer and is not written."""
        return {
            name: (Answer(value), "")
            for name, value in self.cleaned_data.items()
            if Answer(value) is not Answer.NOT_ASKED
        }


class DecideForm(forms.Form):
    """What the prescriber decides."""

    outcome = forms.ChoiceField(label=_("I decide"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when you decide otherwise than the findings come to."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)


class SecondForm(forms.Form):
    """The second prescriber's signature."""

    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)
