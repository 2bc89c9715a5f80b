"""What a person in a crisis is shown, on every page of theirs."""

from __future__ import annotations

from typing import Any

from django import template

from openkap.alerts import covering

register = template.Library()


@register.inclusion_tag("alerts/crisis.html", takes_context=True)
def crisis_help(context: template.Context, *, told: bool = False, urgent: bool = True) -> dict[str, Any]:
    """Buttons that call and text, and what the clinic may promise.

    `told` once an alert has been raised; only an urgent one is sent to the person on call.
    """
    request = context["request"]
    shown = covering.help_of(request.clinic, at=request.at)
    return {"help": shown, "told": told, "urgent": urgent, "clinic": request.clinic}
