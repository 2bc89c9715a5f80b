"""Measured values beside what people of the clinic would say: kilograms and pounds, centimetres and feet."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkap.chart import rules
from openkap.chart.models import Result
from openkap.kernel.quantity import plain
from openkap.kernel.units import feet_of_centimetres, pounds_of_kilograms

register = template.Library()


@register.simple_tag(takes_context=True)
def said_here(context: template.Context, result: Result) -> SafeString:
    """The value once more in pounds or in feet, where the clinic says it so."""
    clinic = context.get("clinic")
    if clinic is None or not clinic.imperial or result.value is None:
        return SafeString("")
    if result.code == rules.WEIGHT and result.unit == "kg":
        return format_html(" ({} lb)", plain(pounds_of_kilograms(result.value)))
    if result.code == rules.HEIGHT and result.unit == "cm":
        return format_html(" ({})", feet_of_centimetres(result.value))
    return SafeString("")
