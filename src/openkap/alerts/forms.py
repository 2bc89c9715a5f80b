"""What people type into the pages of alerts."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from openkap.alerts.actions.covering import NewCover
from openkap.alerts.cover import DAYS, Pace
from openkap.alerts.models import Cover
from openkap.alerts.numbers import AlertNumbers
from openkap.alerts.rules import OUTCOMES
from openkap.defaults import queries as defaults
from openkap.ui.fields import PhoneField

DAY_NAMES = dict(zip(DAYS, WEEKDAYS.values(), strict=True))
PEOPLE_ON_CALL = {1: _("First"), 2: _("Second"), 3: _("Third"), 4: _("Fourth")}
OWN_LINES = (1, 2)


class AnswerForm(forms.Form):
    """What was done, and what came of it."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(code, _(words)) for code, words in OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What you did"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AlertHandOverForm(forms.Form):
    """Who takes it, and why."""

    to = forms.UUIDField(label=_("To whom"), widget=forms.Select)
    why = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].widget.choices = choices


class CoverForm(forms.Form):
    """Opening hours, who is on call, how often they are sent a message, and the clinic's own crisis lines."""

    closed_on = forms.CharField(
        label=_("Days the clinic is closed all the same"),
        help_text=_("One a line, as 2026-12-25."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    every_minutes = forms.IntegerField(label=_("A message again after, in minutes"))
    each = forms.IntegerField(label=_("Messages to each before the next person"))
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        for day, name in DAY_NAMES.items():
            self.fields[f"{day}_from"] = forms.TimeField(
                label=_("%(day)s from") % {"day": name}, required=False, widget=clock
            )
            self.fields[f"{day}_to"] = forms.TimeField(
                label=_("%(day)s to") % {"day": name}, required=False, widget=clock
            )
        for place, which in PEOPLE_ON_CALL.items():
            who = forms.ChoiceField(label=which, required=False, choices=[("", _("Nobody")), *members])
            where = forms.EmailField(
                label=_("Message to"), required=False, help_text=_("Empty: the address they sign in with.")
            )
            self.fields[f"on_call_{place}"], self.fields[f"email_{place}"] = who, where
        for place in OWN_LINES:
            self.fields[f"line_name_{place}"] = forms.CharField(
                label=_("Name"), required=False, max_length=80
            )
            number = PhoneField(label=_("Number"), required=False, is_line=True)
            self.fields[f"line_number_{place}"] = number
            self.fields[f"line_texts_{place}"] = forms.BooleanField(label=_("It takes texts"), required=False)
        # the page says of each part as a whole what may stay empty
        self.needed_too = tuple(name for name in self.fields if name != "closed_on")

    def clean_closed_on(self) -> list[date]:
        """The days, read one by one."""
        days = []
        for line in self.cleaned_data["closed_on"].split():
            try:
                days.append(date.fromisoformat(line))
            except ValueError as error:
                raise forms.ValidationError(
                    _("“%(line)s” is no day. Write it as 2026-12-25."), params={"line": line}
                ) from error
        return days

    def new_cover(self) -> NewCover:
        """What was typed, ready to be signed."""
        typed = self.cleaned_data
        lines = [
            {
                "name": typed[f"line_name_{place}"].strip(),
                "number": typed[f"line_number_{place}"].strip(),
                "texts": typed[f"line_texts_{place}"],
            }
            for place in OWN_LINES
            if typed[f"line_name_{place}"].strip() or typed[f"line_number_{place}"].strip()
        ]
        return NewCover(
            by_day={day: (typed[f"{day}_from"], typed[f"{day}_to"]) for day in DAYS},
            closed_on=typed["closed_on"],
            on_call=[
                (uuid.UUID(typed[f"on_call_{place}"]), typed[f"email_{place}"])
                for place in PEOPLE_ON_CALL
                if typed[f"on_call_{place}"]
            ],
            pace=Pace(timedelta(minutes=typed["every_minutes"]), typed["each"]),
            lines=lines,
        )

    @property
    def week(self) -> list[tuple[str, Any, Any]]:
        """The days with their two times, as the page lays them out."""
        return [(name, self[f"{day}_from"], self[f"{day}_to"]) for day, name in DAY_NAMES.items()]

    @property
    def people(self) -> list[tuple[Any, Any]]:
        """The places of the people on call."""
        return [(self[f"on_call_{place}"], self[f"email_{place}"]) for place in PEOPLE_ON_CALL]

    @property
    def own_lines(self) -> list[tuple[Any, Any, Any]]:
        """The places of the clinic's own lines."""
        return [
            (self[f"line_name_{place}"], self[f"line_number_{place}"], self[f"line_texts_{place}"])
            for place in OWN_LINES
        ]


def hours_in_words(cover: Cover) -> list[tuple[str, str]]:
    """The opening hours of a cover, a line a day."""
    return [
        (str(name), " – ".join(cover.hours[day]) if day in cover.hours else str(_("closed")))
        for day, name in DAY_NAMES.items()
    ]


def initial_of(cover: Cover | None) -> dict[str, Any]:
    """What the form shows at first: the cover in force."""
    if cover is None:
        numbers = defaults.of(AlertNumbers)
        return {"every_minutes": numbers.message_every_minutes, "each": numbers.messages_each_count}
    shown: dict[str, Any] = {
        "closed_on": "\n".join(cover.closed_on),
        "every_minutes": cover.every_minutes,
        "each": cover.each,
    }
    for day, (start, end) in cover.hours.items():
        shown[f"{day}_from"], shown[f"{day}_to"] = start, end
    for person in cover.on_call.all():
        shown[f"on_call_{person.place}"] = str(person.membership_id)
        shown[f"email_{person.place}"] = person.to_email
    for place, line in enumerate(cover.lines, start=1):
        shown[f"line_name_{place}"], shown[f"line_number_{place}"] = line["name"], line["number"]
        shown[f"line_texts_{place}"] = line["texts"]
    return shown
