"""Form fields that read what people type without guessing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.kernel.parsing import NotANumber, parse_decimal, parse_phone, parse_pressure


class NumberField(forms.CharField):
    """A number as people type it: a point or a comma as decimal sign, never thousands (hazard H38)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_decimal(text)
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error


class PressureField(forms.CharField):
    """Both numbers of a blood pressure in one field, as everybody types them: 122/76."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "122/76"})

    def clean(self, value: Any) -> tuple[Decimal, Decimal] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_pressure(text)
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error


class PhoneField(forms.CharField):
    """A phone number that a telephone could take. A public line may have three digits."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def __init__(self, *args: Any, is_line: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, max_length=40, **kwargs)
        self.is_line = is_line

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return parse_phone(text, is_line=self.is_line) if text else ""
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error


FIRST_YEAR, LAST_YEAR = 1900, 2199
NO_TIME = _("This is no day of a life: look at the year.")


class DayField(forms.DateField):
    """A day of somebody's life: a year nobody lives in is a slip, and nothing can be reckoned with it."""

    def to_python(self, value: Any) -> date | None:
        parsed: date | None = super().to_python(value)
        if parsed is not None and not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            raise forms.ValidationError(NO_TIME, code="invalid")
        return parsed


class ClockField(forms.TimeField):
    """A time of day by a clock of 24 hours, as people type it: 9:30, 09.30, 0930. A browser's own control may
    show 12 hours, and then 9:30 in the evening is one tap from the morning."""

    widget = forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "autocomplete": "off"})
    input_formats = ("%H:%M", "%H.%M", "%H%M")
    default_error_messages = {"invalid": _("Type the time as 09:30, on a clock of 24 hours.")}


class MomentField(forms.DateTimeField):
    """A moment of somebody's life, in the clinic's zone unless it says its own."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            parsed: datetime | None = super().to_python(value)
        except OverflowError as error:
            raise forms.ValidationError(NO_TIME, code="invalid") from error
        if parsed is not None and not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            raise forms.ValidationError(NO_TIME, code="invalid")
        return parsed
