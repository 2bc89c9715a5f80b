"""What people type is read without guessing, or asked again."""

from __future__ import annotations

import pytest
from django import forms

from openkap.ui.fields import DayField, MomentField


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_nobody_lives_in_is_a_slip(typed: str) -> None:
    """A moment in the year 1 of a device's clock was a fault of ours."""
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)
    for text in (typed, f"{typed}T12:00:00"):
        with pytest.raises(forms.ValidationError):
            MomentField().clean(text)


def test_a_day_of_a_life_is_read() -> None:
    assert DayField().clean("1985-03-12").isoformat() == "1985-03-12"
    assert MomentField().clean("2026-11-25T10:00:00").year == 2026
