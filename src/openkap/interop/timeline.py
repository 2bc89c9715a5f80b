"""What interop tells in a person's chart: the referrals that were taken in."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.interop.referrals import queries
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.taken_in_for,)


def referrals(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every referral that was taken into this chart."""
    return [
        TimelineEntry(
            at=taken.at,
            title=_("Referral from %(sender)s taken in") % {"sender": taken.referral.sender},
            by=taken.by_name,
            links=((reverse("interop:brought", args=[patient_id]), _("What it brought")),),
        )
        for taken in queries.taken_in_for(patient_id)
    ]
