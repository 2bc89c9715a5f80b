"""Uploading a referral."""

from __future__ import annotations

from django import forms

from openkap.interop.fhir.bundle import BYTES_MAX


class ReferralForm(forms.Form):
    """A FHIR bundle from another system, as a file."""

    sender = forms.CharField(label="Who sends it", max_length=120)
    file = forms.FileField(
        label="The referral (a FHIR R4 bundle, JSON)", help_text=f"Up to {BYTES_MAX // 1_000_000} MB."
    )

    def clean_file(self) -> bytes:
        """The file's bytes, within what can be read."""
        upload = self.cleaned_data["file"]
        if upload.size > BYTES_MAX:
            raise forms.ValidationError(f"The file is larger than {BYTES_MAX // 1_000_000} MB.")
        return bytes(upload.read())


class TakeForm(forms.Form):
    """Whose referral it is: someone here, or a new person."""

    whose = forms.ChoiceField(label="Whose referral is it?", widget=forms.RadioSelect)

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]
