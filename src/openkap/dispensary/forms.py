"""What people type about a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openkap.dispensary.models import Product
from openkap.ui.fields import NumberField


class StockForm(forms.Form):
    """A product and its strength."""

    product = forms.ChoiceField(label=_("Product"), choices=Product.choices)
    name = forms.CharField(label=_("Name on the vial"), max_length=120)
    strength_mg_per_ml = NumberField(
        label=_("Strength, mg per mL"), help_text=_("Of tablets and lozenges: mg in one.")
    )
    vial_ml = NumberField(
        label=_("Volume of a vial, mL"), help_text=_("Of tablets and lozenges: how many in a packet.")
    )
    ndc = forms.CharField(label=_("NDC"), max_length=20, required=False)
    confirmed = forms.BooleanField(label=_("I have read this strength on the vial"), required=False)
