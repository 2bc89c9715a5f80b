"""Who may do what at the bedside, and what a product is called in the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from openkap.accounts.grants import Subject, decide, team

SHORT = {
    "racemic_iv": _("ketamine IV"),
    "racemic_im": _("ketamine IM"),
    "racemic_sc": _("ketamine SC"),
    "racemic_sl_oral": _("ketamine sublingual"),
    "racemic_in_compounded": _("ketamine nasal"),
    "esketamine_in": _("esketamine nasal"),
}


at_the_bedside = team("nurse", "prescriber")
in_the_room = team("nurse", "prescriber", "therapist")
going_on = team("prescriber")  # although a mark stands


def rights_of(role: str) -> dict[str, bool]:
    """Who may act at the bedside, chart and decide: by the grants the addresses themselves are guarded by."""
    who = Subject(role=role, relations=frozenset({"care_team"}))
    return {
        "may_act": decide(at_the_bedside, who),
        "may_chart": decide(in_the_room, who),
        "may_decide": decide(going_on, who),
    }
