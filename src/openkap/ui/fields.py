"""Form fields that read what people type without guessing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from openkap.kernel.quantity import NotANumber, parse_decimal


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
