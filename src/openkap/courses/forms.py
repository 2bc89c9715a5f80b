"""What people type into a course."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from openkap.courses.models import WeightBasis
from openkap.ui.fields import DayField, NumberField


def fitting(value: Decimal | None, *, digits: int, places: int) -> Decimal | None:
    """The number, when the record keeps every digit of it: what is signed is what is stored (H02)."""
    if value is None or (value == round(value, places) and abs(value) < 10 ** (digits - places)):
        return value
    raise forms.ValidationError(
        f"Up to {digits - places} digits before the decimal sign and {places} after it."
    )


class OpenForm(forms.Form):
    """A new course: under which protocol, from when, how often."""

    pack_version = forms.UUIDField(label="Protocol", widget=forms.Select)
    first_day = DayField(label="First session", widget=forms.DateInput(attrs={"type": "date"}))
    per_week = forms.IntegerField(label="Sessions a week", min_value=1, max_value=7)
    goal = forms.CharField(label="What it is for, in the person's words", max_length=300, required=False)

    def __init__(self, *args: Any, packs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack_version"].widget.choices = packs


class OrderForm(forms.Form):
    """An order. The dose is typed in mg/kg and confirmed in mg (H02)."""

    dose_mg_per_kg = NumberField(label="Dose, mg/kg")
    infusion_minutes = NumberField(label="Over how many minutes")
    formulary_item = forms.UUIDField(label="Vial", widget=forms.Select)
    weight_basis = forms.ChoiceField(label="Weight the dose is counted by", choices=WeightBasis.choices)
    diluted = forms.BooleanField(label="It is diluted before use", required=False)
    weight_confirmed = forms.BooleanField(
        label="The weight has been checked again and is right", required=False
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Needed beyond a limit or outside the range of the sources.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    confirmed_mg = NumberField(label="Confirm the dose, in mg", required=False)
    typed_name = forms.CharField(label="Your name, to sign", max_length=120, required=False)

    def __init__(self, *args: Any, vials: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formulary_item"].widget.choices = vials

    def clean_dose_mg_per_kg(self) -> Decimal | None:
        """As many digits as the record keeps."""
        return fitting(self.cleaned_data["dose_mg_per_kg"], digits=6, places=3)

    def clean_infusion_minutes(self) -> Decimal | None:
        """As many digits as the record keeps."""
        return fitting(self.cleaned_data["infusion_minutes"], digits=6, places=1)


class SignForm(forms.Form):
    """A name, as signature."""

    typed_name = forms.CharField(label="Your name, to sign", max_length=120)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="Why", max_length=300)
