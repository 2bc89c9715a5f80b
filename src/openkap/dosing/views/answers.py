"""What the screens of a room are told: the room as it stands, the same for everybody in a role."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from openkap.accounts.offering import OffersTo
from openkap.alerts import crisis
from openkap.chart import queries as chart
from openkap.chart.models import ListKind
from openkap.dosing.live import as_json, live
from openkap.dosing.views.rights import SHORT, rights_of
from openkap.people import queries as people
from openkap.tenancy.here import local_to
from openkap.tenancy.models import Clinic
from openkap.watch import facts as watch_facts
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session

FRAGMENTS = {
    "tiles": "dosing/live_tiles.html",
    "dose": "dosing/live_dose.html",
    "marks": "dosing/live_marks.html",
    "strip": "dosing/live_strip.html",
    "next": "dosing/live_next.html",
    "events": "dosing/live_events.html",
    "emergency": "dosing/emergency_card.html",
}


def person_context(
    session: Session, *, clinic: Clinic, role: str, at: datetime, seen: str = ""
) -> dict[str, Any]:
    """What every face of the room says of the person in it, to whoever is in this role."""
    answer, allergies = chart.allergy_line(session.patient_id)
    return {
        "session": session,
        "patient": session.patient,
        "product": SHORT.get(session.product, session.product),
        "room": live(session, at=at, seen=seen),
        "allergy_answer": answer,
        "allergies": allergies,
        "escort": people.escort_of(session.patient_id),
        "emergency_lines": crisis.emergency_of(clinic.profile),
        "clinic_phone": clinic.phone,
        "medicines": chart.list_line(session.patient_id, kind=ListKind.MEDICINE),
        "problems": chart.list_line(session.patient_id, kind=ListKind.PROBLEM),
        **rights_of(role),
    }


def answers(
    session_id: uuid.UUID, *, roles: Collection[str], at: datetime, seen: str
) -> dict[str, dict[str, Any]]:
    """The room as it stands, for each of these roles: numbers for the plot, and its moving parts.

    `seen` and `base` say since when: of the series it brings what changed after that.

    The parts belong to nobody: a screen puts its own tokens into their forms before anybody can send one.
    """
    session = watch_queries.get(session_id)
    clinic = watch_facts.clinic_of(session)
    context = person_context(session, clinic=clinic, role="", at=at, seen=seen)
    numbers = {**as_json(context["room"]), "base": seen}
    with local_to(clinic):
        return {role: {**numbers, "parts": _parts({**context, **_for_role(role)})} for role in roles}


def _for_role(role: str) -> dict[str, Any]:
    """What people of this role may do, and what is offered to them."""
    return {**rights_of(role), "offers": OffersTo(role)}


def _parts(context: Mapping[str, Any]) -> dict[str, str]:
    shared = {**context, "belongs_to_nobody": True}
    return {name: render_to_string(template, shared) for name, template in FRAGMENTS.items()}
