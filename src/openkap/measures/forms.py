"""Giving a measure out, and typing a score in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from openkap.measures.instruments import ALL
from openkap.ui.fields import DayField

Choices = list[tuple[str, str]]


class _Owned(forms.Form):
    """A form that names the measure and the person who answers for what it says."""

    measure = forms.ChoiceField(label=_("Measure"))

    def __init__(self, *args: Any, measures: Choices, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("measure", measures), ("owner", owners)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class AssignForm(_Owned):
    """Which measure, for what, until when, and who answers for it."""

    occasion = forms.CharField(label=_("Occasion"), max_length=60, required=False)
    due_on = DayField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ChoiceField(
        label=_("Who answers for it"), help_text=_("An alert from these answers goes to this person.")
    )


def _where_asked() -> str:
    """Which measures ask about death or self-harm, and where."""
    asking = (
        _("%(name)s, question %(items)s") % {"name": it.name, "items": ", ".join(it.critical)}
        for it in ALL.values()
        if it.critical
    )
    return "; ".join(asking)


class ScoreForm(_Owned):
    """A total from paper."""

    total = forms.DecimalField(label=_("Total"), max_digits=5, decimal_places=0)
    critical = forms.IntegerField(
        label=_("Answer to the question about death or self-harm"),
        required=False,
        help_text=lazy(_where_asked, str)(),
    )
    occasion = forms.CharField(label=_("Occasion"), max_length=60, required=False)
    owner = forms.ChoiceField(label=_("Who answers for it"))
