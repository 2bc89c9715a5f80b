"""What follow-up tells in a person's chart: the check-ins that were answered."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from openkap.followup import queries, rules
from openkap.followup.models import CheckIn
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.answered,)

LETTERS_SHOWN = 200


def answered(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every check-in somebody answered, with what gives concern."""
    return [_check_in(check_in) for check_in in queries.answered(patient_id)]


def _check_in(check_in: CheckIn) -> TimelineEntry:
    answer = check_in.answer
    words = Truncator(answer.words).chars(LETTERS_SHOWN)
    return TimelineEntry(
        at=answer.at,
        title=_("Check-in: %(when)s") % {"when": check_in.words},
        by=_("on the phone to %(name)s") % {"name": answer.by_name} if answer.by_phone else answer.by_name,
        lines=(f"“{words}”",) if words else (),
        notes=tuple(("due", str(it.says)) for it in rules.concerns(answer.answers)),
        links=((reverse("followup:check_ins", args=[check_in.patient_id]), _("All check-ins")),),
    )
