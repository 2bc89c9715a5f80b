"""Who may do what at the bedside, and what a product is called in the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from openkap.accounts.roles import Role

SHORT = {
    "racemic_iv": _("ketamine IV"),
    "racemic_im": _("ketamine IM"),
    "racemic_sc": _("ketamine SC"),
    "racemic_sl_oral": _("ketamine sublingual"),
    "racemic_in_compounded": _("ketamine nasal"),
    "esketamine_in": _("esketamine nasal"),
}


def rights_of(role: str) -> dict[str, bool]:
    """Who may act at the bedside, chart and decide; the pages offer nobody what the routes refuse."""
    bedside = role in (Role.NURSE, Role.PRESCRIBER)
    return {
        "may_act": bedside,
        "may_chart": bedside or role == Role.THERAPIST,
        "may_decide": role == Role.PRESCRIBER,
    }
