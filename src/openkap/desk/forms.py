"""What people type on the desk's own pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OtherRecordForm(forms.Form):
    """The record to lay beside this one."""

    other = forms.CharField(label=_("The other record's number"), max_length=40)


class ProposeMergeForm(forms.Form):
    """That two records are one person, and how one knows."""

    why = forms.CharField(
        label=_("How do you know that they are one person?"),
        max_length=300,
        help_text=_("For example: asked them, seen their passport, same insurance number."),
    )
    gone = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AgreeForm(forms.Form):
    """The second person's yes."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class UndoMergeForm(forms.Form):
    """That they are two people after all."""

    why = forms.CharField(label=_("How do you know that they are two people?"), max_length=300)
