"""What people tap in the room; a device may keep it and send it later."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.kernel.ids import uuid7
from openkap.ui.fields import MomentField, NumberField, PressureField
from openkap.watch.codes import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2

_SHORT = forms.Textarea(attrs={"rows": 2})
ALERTNESS = [
    (5, _("5, answers readily when called by name")),
    (4, _("4, slow to answer")),
    (3, _("3, answers only when called loudly or again")),
    (2, _("2, answers only to a gentle shake")),
    (1, _("1, answers only to a painful squeeze")),
    (0, _("0, does not answer")),
]


GRADES = [
    (1, _("1, mild")),
    (2, _("2, moderate")),
    (3, _("3, severe")),
    (4, _("4, life-threatening")),
    (5, _("5, death")),
]


TERMS = (
    "Nausea",
    "Vomiting",
    "Dizziness",
    "Headache",
    "Anxiety",
    "Agitation",
    "Pressure rise",
    "Drowsiness",
    "Chest pain",
    "Breathlessness",
    "Severe headache",
    "Neurological deficit",
    "Arrhythmia",
    "Fainting",
)


class OutboxForm(forms.Form):
    """A form a device may keep and send later: it names its entry and says when it was tapped."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    measured_at = MomentField(
        widget=forms.HiddenInput,
        required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_id", uuid7())

    def when(self, at: datetime) -> datetime:
        """When it was tapped, or now when the page did not say."""
        return self.cleaned_data["measured_at"] or at


def _pressure_in_one(data: Any) -> Any:
    """An entry that a device kept since before the pressure had one field names its two numbers apart."""
    if not data or "pressure" in data or not any(data.get(name, "").strip() for name in ("sbp", "dbp")):
        return data
    whole = data.copy()
    upper, lower = (data.get(name, "").strip() for name in ("sbp", "dbp"))
    whole["pressure"] = f"{upper}/{lower}" if lower else upper
    return whole


class VitalsForm(OutboxForm):
    """The values of one moment. Empty means not measured."""

    needed_too = ("pressure", "heart_rate", "spo2", "breathing")
    pressure = PressureField(label=_("Blood pressure"), required=False)
    heart_rate = NumberField(label=_("Heart rate"), required=False)
    spo2 = NumberField(label=_("SpO₂, %"), required=False)
    breathing = NumberField(label=_("Breaths a minute"), required=False)
    codes = {"heart_rate": HEART_RATE, "spo2": SPO2, "breathing": BREATHING}

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_pressure_in_one(data), *args, **kwargs)
        self.fields["pressure"].widget.attrs["data-code"] = f"{SBP} {DBP}"
        for name, code in self.codes.items():
            self.fields[name].widget.attrs["data-code"] = code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) is not None for name in ("pressure", *self.codes)) and not self.errors:
            raise forms.ValidationError(_("Type at least one value."))
        return data

    def values(self) -> dict[str, Decimal]:
        """What was measured, by code."""
        data = self.cleaned_data
        given = {code: data[name] for name, code in self.codes.items() if data.get(name) is not None}
        return {**dict(zip((SBP, DBP), data.get("pressure") or (), strict=False)), **given}


class AlertnessForm(OutboxForm):
    """Alertness on the MOAA/S scale."""

    moaas = forms.TypedChoiceField(
        label=_("Alertness (MOAA/S)"), choices=ALERTNESS, coerce=int, widget=forms.RadioSelect
    )

    def values(self) -> dict[str, Decimal]:
        """What was rated, by code."""
        return {MOAAS: Decimal(self.cleaned_data["moaas"])}


class AdverseEventForm(OutboxForm):
    """Something the person felt or showed."""

    term = forms.CharField(
        label=_("What"), max_length=80, widget=forms.TextInput(attrs={"list": "terms", "autocomplete": "off"})
    )
    grade = forms.TypedChoiceField(label=_("How strong"), choices=GRADES, coerce=int)
    serious = forms.BooleanField(label=_("Serious: it needs more than this room can give"), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=_SHORT)


class WordsForm(OutboxForm):
    """What the person said."""

    text = forms.CharField(
        label=_("In their own words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    agreed = forms.BooleanField(
        label=_("They agreed beforehand that their words are written down"), required=False
    )


class PresentForm(OutboxForm):
    """Who is in the room."""

    text = forms.CharField(label=_("Who is in the room now"), max_length=1000)
