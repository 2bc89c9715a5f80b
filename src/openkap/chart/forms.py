"""What people type into a chart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.chart.models import ListKind
from openkap.kernel.parsing import NotANumber, parse_decimal
from openkap.kernel.units import centimetres_of_feet, kilograms_of_pounds
from openkap.ui.fields import NumberField, PressureField


class ProblemForm(forms.Form):
    """One problem. Without a code the rules read it by its name alone."""

    text = forms.CharField(label=_("Problem"), max_length=300)
    icd10 = forms.CharField(
        label=_("ICD-10-CM code"),
        max_length=10,
        required=False,
        help_text=_("Such as F33.1. Without a code the rules cannot read a problem."),
    )

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


class MedicineForm(forms.Form):
    """One medicine, with how much of it and when."""

    text = forms.CharField(label=_("Medicine"), max_length=300)
    dose_text = forms.CharField(label=_("Dose and times"), max_length=200, required=False)


class AllergyForm(forms.Form):
    """One allergy, with what happened."""

    text = forms.CharField(label=_("Allergic to"), max_length=300)
    reaction = forms.CharField(label=_("What happened"), max_length=200, required=False)


ENTRY_FORMS: dict[ListKind, type[forms.Form]] = {
    ListKind.PROBLEM: ProblemForm,
    ListKind.MEDICINE: MedicineForm,
    ListKind.ALLERGY: AllergyForm,
}
ADD = {
    ListKind.PROBLEM: _("Add a problem"),
    ListKind.MEDICINE: _("Add a medicine"),
    ListKind.ALLERGY: _("Add an allergy"),
}


class VoidForm(forms.Form):
    """Why an entry is wrong."""

    why = forms.CharField(label=_("Why it is wrong"), max_length=300)


class MeasurementForm(forms.Form):
    """Weight, height and a blood pressure, taken now; in pounds and feet where the clinic says them so."""

    needed_too = ("weight", "height", "pressure")
    weight = NumberField(label=_("Weight"), required=False)
    weight_unit = forms.ChoiceField(
        label=_("Weighed in"), choices=[("kg", _("kilograms")), ("lb", _("pounds"))], widget=forms.RadioSelect
    )
    height = forms.CharField(label=_("Height"), max_length=20, required=False)
    height_unit = forms.ChoiceField(
        label=_("Measured in"),
        choices=[("cm", _("centimetres")), ("ft", _("feet and inches, such as 5'11"))],
        widget=forms.RadioSelect,
    )
    pressure = PressureField(label=_("Blood pressure"), required=False)
    confirmed = forms.BooleanField(label=_("I have weighed again and the weight is right"), required=False)

    def __init__(self, *args: Any, imperial: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"weight_unit": "lb" if imperial else "kg", "height_unit": "ft" if imperial else "cm"}

    def clean_height(self) -> str:
        """As it was typed; what it is depends on its unit, which comes after it."""
        return str(self.cleaned_data["height"]).strip()

    def clean(self) -> dict[str, Any]:
        """Kilograms and centimetres, whatever it was measured in."""
        data = super().clean() or {}
        weight, height = data.get("weight"), data.get("height")
        data["weight_kg"] = weight
        if weight is not None and data.get("weight_unit") == "lb":
            data["weight_kg"] = kilograms_of_pounds(weight)
        read = centimetres_of_feet if data.get("height_unit") == "ft" else parse_decimal
        try:
            data["height_cm"] = read(height) if height else None
        except NotANumber as error:
            self.add_error("height", str(error))
        data["systolic"], data["diastolic"] = data.get("pressure") or (None, None)
        return data
