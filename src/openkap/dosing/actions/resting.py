"""The rest of an infusion that was stopped: ordered by a prescriber, and started anew."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.courses import actions as courses_actions
from openkap.courses.models import Order
from openkap.dosing import facts, infusion
from openkap.watch.actions import locked_open_session, tell


@transaction.atomic
def order_rest(
    session_id: uuid.UUID, *, dose_mg: Decimal, why: str, typed_name: str, by: Actor, at: datetime
) -> Order:
    """After a stop: a prescriber orders at most what was left; two people check it, and it starts anew."""
    session = locked_open_session(session_id, with_patient=True)
    dose = facts.dose_of(session)
    if dose is None:
        raise infusion.not_started()
    rest_order = courses_actions.order_rest(
        dose.order_id,
        left_mg=facts.left_of(session, at=at),
        dose_mg=dose_mg,
        why=why,
        typed_name=typed_name,
        by=by,
        at=at,
    )
    tell(session)
    return rest_order
