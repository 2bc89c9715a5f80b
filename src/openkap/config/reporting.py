"""What concerns the whole installation is an alert with an owner in every clinic of it."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.alerts import actions as alerts_actions
from openkap.alerts import queries as alerts
from openkap.kernel.refusal import Refused
from openkap.kernel.statement import Stated
from openkap.tenancy.context import inside

_SPACE = uuid.UUID("5e1f7ad2-6a55-4c6b-9a4e-0d6d1a5d3c11")
_log = logging.getLogger("openkap.serve")


def report_to_clinics(
    kind: str,
    says: Stated,
    *,
    cause: tuple[str, str],
    at: datetime,
    to: str = "",
    severity: str = "urgent",
) -> None:
    """Raise an alert in every clinic; one cause, named by its kind and its own text, raises one.

    Who has the role `to` owns it; without one, whoever comes first for what is about no patient.
    """
    known_by = (cause[0], uuid.uuid5(_SPACE, cause[1]))
    for clinic_id in alerts.clinics_not_told(kind, known_by):
        try:
            with inside(clinic_id):
                alerts_actions.raise_alert(
                    None,
                    kind=kind,
                    says=says,
                    owner_membership_id=_owner(to),
                    severity=severity,
                    cause=known_by,
                    by=Actor.system(clinic_id, "OpenKAP"),
                    at=at,
                )
        except Refused as refusal:  # a clinic in which nobody works yet
            _log.warning("Nobody could be told (%s): %s", kind, refusal)


def _owner(role: str) -> uuid.UUID | None:
    rows = Membership.objects.filter(role=role, ended_at__isnull=True).order_by("since", "id")
    return rows.values_list("id", flat=True).first() if role else None
