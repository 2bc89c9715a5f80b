"""What people type into a chart."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.chart.models import ListKind
from openkap.ui.fields import NumberField


class EntryForm(forms.Form):
    """One problem, medicine or allergy."""

    kind = forms.ChoiceField(label=_("List"), choices=ListKind.choices)
    text = forms.CharField(label=_("What it is"), max_length=300)
    icd10 = forms.CharField(
        label=_("ICD-10-CM code, for a problem"),
        max_length=10,
        required=False,
        help_text=_("Such as F33.1. Without a code the rules cannot read a problem."),
    )
    dose_text = forms.CharField(label=_("Dose and times, for a medicine"), max_length=200, required=False)
    reaction = forms.CharField(label=_("What happened, for an allergy"), max_length=200, required=False)

    def clean_icd10(self) -> str:
        """An ICD-10-CM code in its usual writing."""
        code = str(self.cleaned_data["icd10"]).strip().upper()
        plain = code.replace(".", "")
        if code and not (
            plain[:1].isalpha() and plain[1:2].isdigit() and plain.isalnum() and 3 <= len(plain) <= 7
        ):
            raise forms.ValidationError(
                _("“%(code)s” is not an ICD-10-CM code. They look like F33.1."), params={"code": code}
            )
        return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain


class VoidForm(forms.Form):
    """Why an entry is wrong."""

    why = forms.CharField(label=_("Why it is wrong"), max_length=300)


class MeasurementForm(forms.Form):
    """Weight, height and a blood pressure, taken now."""

    needed_too = ("weight_kg", "height_cm", "systolic", "diastolic")
    weight_kg = NumberField(label=_("Weight, kg"), required=False)
    height_cm = NumberField(label=_("Height, cm"), required=False)
    systolic = NumberField(label=_("Systolic pressure, mmHg"), required=False)
    diastolic = NumberField(label=_("Diastolic pressure, mmHg"), required=False)
    confirmed = forms.BooleanField(label=_("I have weighed again and the weight is right"), required=False)
