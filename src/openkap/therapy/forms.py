"""What people type at a therapy visit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.therapy.models import Mode
from openkap.ui.fields import MomentField

_AREA = forms.Textarea(attrs={"rows": 4})


class PreparationForm(forms.Form):
    """Hopes, concerns and earlier experiences."""

    needed_too = ("hopes", "concerns")

    hopes = forms.CharField(label=_("What do you hope for?"), required=False, widget=_AREA)
    concerns = forms.CharField(label=_("What worries you?"), required=False, widget=_AREA)
    earlier_states = forms.CharField(
        label=_("Earlier altered states, good or bad, and anything that was too much"),
        required=False,
        widget=_AREA,
    )


class GoalForm(forms.Form):
    """A goal in the person's own words."""

    text = forms.CharField(label=_("A goal, in the person's own words"), max_length=300)


class PracticeForm(forms.Form):
    """Something small to do between visits."""

    text = forms.CharField(label=_("Practice"), max_length=300)
    how_often = forms.CharField(label=_("How often"), max_length=80)


class VisitForm(forms.Form):
    """A visit that was held."""

    held_at = MomentField(
        label=_("Held at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=50)
    mode = forms.ChoiceField(label=_("How you met"), choices=Mode.choices)
    note = forms.CharField(
        label=_("Note for the team"),
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("What the team needs to know. It becomes part of the main record."),
    )


class IntegrationForm(VisitForm):
    """An integration visit, tied to the session it follows."""

    session_number = forms.TypedChoiceField(label=_("After which session"), coerce=int)

    def __init__(self, *args: object, numbers: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(number, _("Session %(number)d") % {"number": number}) for number in numbers]
        self.fields["session_number"].choices = choices  # type: ignore[attr-defined]


class AddendumForm(forms.Form):
    """Something added later."""

    text = forms.CharField(label=_("What is added"), widget=_AREA)
