"""What people type into a course."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.courses.models import WeightBasis
from openkap.courses.plan_rules import SessionPlan
from openkap.kernel.quantity import plain
from openkap.protocols.administration import AmountSteps, DoseRow, Infusion, Injections
from openkap.protocols.pack import Pack
from openkap.ui.fields import ClockField, DayField, NumberField


def fitting(value: Decimal | None, *, digits: int, places: int) -> Decimal | None:
    """The number, when the record keeps every digit of it: what is signed is what is stored (H02)."""
    if value is None or (value == round(value, places) and abs(value) < 10 ** (digits - places)):
        return value
    raise forms.ValidationError(
        _("Up to %(before)d digits before the decimal sign and %(after)d after it."),
        params={"before": digits - places, "after": places},
    )


class OpenCourseForm(forms.Form):
    """A new course: under which protocol, from when, how often."""

    pack_version = forms.UUIDField(label=_("Protocol"), widget=forms.Select)
    first_day = DayField(label=_("First session"), widget=forms.DateInput(attrs={"type": "date"}))
    per_week = forms.IntegerField(label=_("Sessions a week"), min_value=1, max_value=7)
    goal = forms.CharField(label=_("What it is for, in the person's words"), max_length=300, required=False)

    def __init__(self, *args: Any, packs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack_version"].widget.choices = packs


class PlanForm(forms.Form):
    """Day, time and room of every session that was not held; time and room may wait."""

    def __init__(
        self, *args: Any, plans: Sequence[SessionPlan], rooms: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [plan.number for plan in plans]
        for plan in plans:
            self.fields[f"day_{plan.number}"] = DayField(
                label=_("Day"), initial=plan.day, widget=forms.DateInput(attrs={"type": "date"})
            )
            self.fields[f"time_{plan.number}"] = ClockField(
                label=_("Time, as 09:30"), initial=plan.time, required=False
            )
            self.fields[f"room_{plan.number}"] = forms.UUIDField(
                label=_("Room"),
                initial=plan.room,
                required=False,
                widget=forms.Select(choices=[("", _("not yet")), *rooms]),
            )

    def lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields, session by session."""
        names = ("day", "time", "room")
        return [(number, [self[f"{name}_{number}"] for name in names]) for number in self.numbers]

    def wanted(self) -> list[SessionPlan]:
        """What was typed, session by session."""
        typed = self.cleaned_data
        return [
            SessionPlan(number, typed[f"day_{number}"], typed[f"time_{number}"], typed[f"room_{number}"])
            for number in self.numbers
        ]


class OrderForm(forms.Form):
    """An order, with the fields that its protocol's way of giving has.

    The dose is typed in the protocol's unit and confirmed in mg (H02).
    """

    needed_too: tuple[str, ...] = ("confirmed_mg", "typed_name")
    dose = NumberField()
    infusion_minutes = NumberField(label=_("Over how many minutes"))
    formulary_item = forms.UUIDField(label=_("Product"), widget=forms.Select)
    weight_basis = forms.ChoiceField(label=_("Weight the dose is counted by"), choices=WeightBasis.choices)
    diluted = forms.BooleanField(label=_("It is diluted before use"), required=False)
    weight_confirmed = forms.BooleanField(
        label=_("The weight has been checked again and is right"), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed beyond a limit or outside the range of the sources."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    confirmed_mg = NumberField(label=_("Confirm the dose, in mg"), required=False)
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120, required=False)

    def __init__(self, *args: Any, vials: list[tuple[str, str]], pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formulary_item"].widget.choices = vials
        self._fit_dose(pack.dose)
        without = set() if isinstance(pack.dose.administration, Infusion) else {"infusion_minutes"}
        without |= set() if pack.dose.by_weight else {"weight_basis", "weight_confirmed"}
        without |= set() if pack.dilution else {"diluted"}
        for name in without:
            del self.fields[name]

    def _fit_dose(self, dose: DoseRow) -> None:
        """The dose in the protocol's unit, one of its steps where it has steps, and further doses."""
        unit, how = dose.amount.usual.unit, dose.administration
        self.fields["dose"].label = _("Dose, %(unit)s") % {"unit": unit}
        if isinstance(dose.amount, AmountSteps):
            steps = [(plain(it.value), str(it)) for it in dose.amount.amounts]
            self.fields["dose"] = forms.TypedChoiceField(label=_("Dose"), choices=steps, coerce=Decimal)
        most = how.most if isinstance(how, Injections) else 1
        further = {
            f"dose_{number}": NumberField(
                label=_("Dose %(number)d, if it may be given, %(unit)s") % {"number": number, "unit": unit},
                required=False,
            )
            for number in range(2, most + 1)
        }
        first, *others = self.fields.items()
        self.fields = {**dict([first]), **further, **dict(others)}

    def asked_first(self) -> list[forms.BoundField]:
        """What is typed before the order is worked out; the rest comes with the signature."""
        return [self[name] for name in self.fields if name not in ("reason", "confirmed_mg", "typed_name")]

    def further(self) -> tuple[Decimal, ...]:
        """The doses that may be given after the first one, in their order."""
        typed = (self.cleaned_data[name] for name in self.fields if name.startswith("dose_"))
        return tuple(amount for amount in typed if amount is not None)

    def clean(self) -> dict[str, Any]:
        """As many digits as the record keeps."""
        typed = super().clean() or self.cleaned_data
        for name in self.fields:
            if name.startswith("dose") or name == "infusion_minutes":
                try:
                    fitting(typed.get(name), digits=6, places=1 if name == "infusion_minutes" else 3)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return typed


class SignOrderForm(forms.Form):
    """A name, as signature."""

    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)


class WhyOrderForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=300)
