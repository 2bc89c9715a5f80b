"""What people type about a protocol: signing its rows, and another value for a number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.protocols.loading import BYTES_MAX

FIELDS = {
    "during_minutes": _("Minutes between checks while the drug runs"),
    "after_minutes": _("Minutes between checks once it has ended"),
}


def field_words(field: str) -> str:
    """Which number of a row it is, in words."""
    return str(FIELDS.get(field, field.replace("_", " ")))


class SignRowsForm(forms.Form):
    """Which rows, and by whom."""

    rows = forms.MultipleChoiceField(
        label=_("Rows that may act as a stop in this clinic"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No source has verified them. Your signature says that this clinic stands by them."),
    )
    typed_name = forms.CharField(label=_("Your name, to sign"), max_length=120)

    def __init__(self, *args: Any, rows: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rows"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = rows


class OwnPackForm(forms.Form):
    """A pack that the clinic has written itself."""

    file = forms.FileField(
        label=_("The protocol's file"),
        help_text=_(
            "YAML, as the protocols that ship are written. Each fault is named with its line; "
            "nothing is kept until it loads."
        ),
    )

    def clean_file(self) -> bytes:
        """The file's bytes; what is too large is not read."""
        upload = self.cleaned_data["file"]
        if upload.size > BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB."), params={"most": BYTES_MAX // 1_000_000}
            )
        return bytes(upload.read())


class NumberForm(forms.Form):
    """Another value for a number the pack leaves to the clinic."""

    number = forms.ChoiceField(label=_("Which number"))
    value = forms.IntegerField(
        label=_("Its new value"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, numbers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["number"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = numbers
