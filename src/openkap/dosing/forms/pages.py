"""What people type on the pages around the room."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.kernel.answer import Answer
from openkap.kernel.ids import uuid7
from openkap.kernel.wording import translated
from openkap.people.models import Room
from openkap.ui.fields import MomentField, NumberField
from openkap.watch.models import Monitor
from openkap.watch.readings import NAMES

_YES_NO = [(Answer.YES.value, _("Yes")), (Answer.NO.value, _("No"))]


_SHORT = forms.Textarea(attrs={"rows": 2})


class ErrorForm(forms.Form):
    """What was wrong with an entry, and the right value where there is one."""

    why = forms.CharField(label=_("What was wrong"), max_length=300, widget=_SHORT)

    def __init__(self, *args: Any, codes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {f"v_{number}": code for number, code in enumerate(codes)}
        for name, code in self.codes.items():
            self.fields[name] = NumberField(
                label=_("%(name)s, as it was") % {"name": translated(NAMES.get(code, code))}, required=False
            )

    def values(self) -> dict[str, Decimal]:
        """The right values, by code."""
        data = self.cleaned_data
        return {code: data[name] for name, code in self.codes.items() if data.get(name) is not None}


class StartForm(forms.Form):
    """The person is asked for their name and year of birth, and what they say is typed (H01)."""

    initials = forms.CharField(
        label=_("Initials"), max_length=6, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_id", uuid7())


class OwnPromiseForm(forms.Form):
    """The person's own name under their promise, in their own sign-in."""

    signed_name = forms.CharField(label=_("Write your full name"), max_length=160)


class PromiseForm(forms.Form):
    """The person's own name under their promise, on the clinic's screen, and who saw them sign."""

    signed_name = forms.CharField(label=_("The person writes their full name"), max_length=160)
    witness_name = forms.CharField(label=_("Witness: your own name, you saw them sign"), max_length=120)


class CheckForm(forms.Form):
    """What the checker reads off the vial and, where the order is an infusion, off the pump."""

    strength = NumberField(label=_("The vial says, mg/mL"))
    rate = NumberField(label=_("The pump says, mg/h"))

    def __init__(self, *args: Any, has_pump: bool, is_counted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_counted:
            self.fields["strength"].label = _("The packet says, mg in one tablet")
        if not has_pump:
            del self.fields["rate"]


class ReviewForm(forms.Form):
    """What was new when the medicines were gone through."""

    note = forms.CharField(
        label=_("Anything new since last time"), max_length=500, required=False, widget=_SHORT
    )


class ReasonForm(forms.Form):
    """A reason in the person's own words."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_SHORT)


class DecisionForm(ReasonForm):
    """A prescriber's reason to go on, about what, and when the pressure was taken that the page showed."""

    about = forms.CharField(widget=forms.HiddenInput, max_length=60)

    seen_at = MomentField(
        widget=forms.HiddenInput,
        required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"],
    )


class WhySessionForm(forms.Form):
    """Why a session is closed."""

    why = forms.CharField(label=_("Why"), max_length=300, widget=_SHORT)


class RestForm(forms.Form):
    """How much of what was left is given, and why."""

    dose_mg = NumberField(label=_("Dose, mg"))
    why = forms.CharField(label=_("Why it was stopped, and why it goes on"), max_length=300, widget=_SHORT)
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)


class RateForm(forms.Form):
    """Another rate, and why."""

    rate_mg_per_h = NumberField(label=_("New rate, mg/h"))
    why = forms.CharField(label=_("Why"), max_length=300)


class DischargeForm(forms.Form):
    """What is seen at discharge."""

    gait_steady = forms.ChoiceField(label=_("Walks steadily"), choices=_YES_NO, widget=forms.RadioSelect)
    oriented = forms.ChoiceField(
        label=_("Knows who and where they are, and the day"), choices=_YES_NO, widget=forms.RadioSelect
    )
    escort_seen = forms.ChoiceField(
        label=_("The escort is here, seen by me"), choices=_YES_NO, widget=forms.RadioSelect
    )
    escort_name = forms.CharField(label=_("Name of the escort"), max_length=120)


class AgainstAdviceForm(forms.Form):
    """A person who will not stay: what they said, and what they were told."""

    why = forms.CharField(label=_("What the person said"), max_length=300, widget=_SHORT)
    told = forms.CharField(
        label=_("What they were told: driving, being alone, when to call"), max_length=500, widget=_SHORT
    )
    escort_name = forms.CharField(label=_("Who is with them, if anybody"), max_length=120, required=False)


class OpenSessionForm(forms.Form):
    """The room the person sits in."""

    room = forms.ModelChoiceField(queryset=Room.objects.none(), label=_("Room"), empty_label=None)

    def __init__(self, *args: Any, free: list[Room], planned: uuid.UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["room"] = planned
        field = self.fields["room"]
        field.queryset = Room.objects.filter(id__in=[room.id for room in free])  # type: ignore[attr-defined]


class PairForm(forms.Form):
    """Which monitor is at this person's side."""

    monitor = forms.ModelChoiceField(queryset=Monitor.objects.none(), label=_("Monitor"), empty_label=None)

    def __init__(self, *args: Any, free: list[Monitor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["monitor"]
        field.queryset = Monitor.objects.filter(id__in=[one.id for one in free])  # type: ignore[attr-defined]


class MonitorForm(forms.Form):
    """A monitor the clinic owns."""

    name = forms.CharField(label=_("Name people here know it by"), max_length=80)
    identifier = forms.CharField(
        label=_("Identifier it sends"), max_length=120, help_text=_("As in OBX-18 or MSH-3 of its messages.")
    )
    room = forms.ModelChoiceField(
        queryset=Room.objects.none(), label=_("Room"), required=False, empty_label=_("no room of its own")
    )
    location = forms.CharField(
        label=_("Location it sends"),
        max_length=120,
        required=False,
        help_text=_("As in PV1-3. When it is set, a message from elsewhere is put aside."),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        required=False,
        help_text=_("As in America/New_York. Empty: the clinic's. Used for times sent without an offset."),
    )

    def __init__(self, *args: Any, rooms: list[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.filter(id__in=[r.id for r in rooms])  # type: ignore[attr-defined]
