"""Uploading a referral."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from openkap.interop.fhir.bundle import BYTES_MAX

NEW, RECORD = "new", "record"


class ReferralForm(forms.Form):
    """A referral as a file: a FHIR bundle, or a letter."""

    sender = forms.CharField(label=_("Who sends it"), max_length=120)
    file = forms.FileField(
        label=_("The referral"),
        help_text=format_lazy(
            _(
                "A FHIR R4 bundle (JSON) is read; a PDF or a C-CDA (XML) is kept and shown, for you to read. "
                "Up to {most} MB."
            ),
            most=BYTES_MAX // 1_000_000,
        ),
    )

    def clean_file(self) -> bytes:
        """The file's bytes, within what can be read."""
        upload = self.cleaned_data["file"]
        if upload.size > BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB."), params={"most": BYTES_MAX // 1_000_000}
            )
        return bytes(upload.read())


class TakeForm(forms.Form):
    """Whose referral it is: someone here, or a new person."""

    whose = forms.ChoiceField(label=_("Whose referral is it?"), widget=forms.RadioSelect)
    mrn = forms.CharField(
        label=_("Record number, for somebody else who is here"), max_length=40, required=False
    )

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Somebody else who is here needs a record number."""
        typed = super().clean() or {}
        if typed.get("whose") == RECORD and not str(typed.get("mrn", "")).strip():
            self.add_error("mrn", _("Give the record number, as in KAP-0012."))
        return typed
