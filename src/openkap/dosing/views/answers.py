"""What the screens of a room are told: the room as it stands, the same for everybody in a role."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from openkap.accounts.offering import OffersTo
from openkap.alerts import crisis
from openkap.chart import queries as chart
from openkap.chart.models import ListKind
from openkap.dosing.fresh_values import FreshValues, fresh_values
from openkap.dosing.live import Live, live
from openkap.dosing.live_json import as_json, series_as_json
from openkap.dosing.views.rights import SHORT, rights_of
from openkap.people import queries as people
from openkap.tenancy.here import local_to
from openkap.tenancy.models import Clinic
from openkap.watch import facts as watch_facts
from openkap.watch import queries as watch_queries
from openkap.watch.models import Session

TILES = "dosing/live_tiles.html"
FRAGMENTS = {
    "tiles": TILES,
    "aside": "dosing/live_aside.html",
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
    return {**emergency_context(session, clinic=clinic, role=role), "room": live(session, at=at, seen=seen)}


def emergency_context(session: Session, *, clinic: Clinic, role: str) -> dict[str, Any]:
    """What whoever comes must know of the person, beside what was given; and whom to call."""
    answer, allergies = chart.allergy_line(session.patient_id)
    return {
        "session": session,
        "patient": session.patient,
        "product": SHORT.get(session.product, session.product),
        "given_by": watch_facts.pack_of(session).dose.administration.route.value,
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
    room: Live = context["room"]
    numbers = {**as_json(room), "base": seen, "rest": room.rest}
    with local_to(clinic):
        return {role: {**numbers, "parts": _parts({**context, **_for_role(role)})} for role in roles}


@dataclass(frozen=True, slots=True)
class ToldValues:
    """What an open room is told of its values, and at what the rest of it stands (`fresh_values.rest_of`)."""

    numbers: dict[str, Any]
    rest: str


def values_of(seen: Mapping[uuid.UUID, str], *, at: datetime) -> dict[uuid.UUID, ToldValues]:
    """The values of rooms, each seen until then: the tiles, and what of the series changed since."""
    sessions = watch_queries.by_ids(seen)
    if not sessions:
        return {}
    read = fresh_values(sessions, at=at, seen=seen)
    with local_to(watch_facts.clinic_of(sessions[0])):
        return {
            key: ToldValues(_values_as_json(values, at=at, base=seen[key]), values.rest)
            for key, values in read.items()
        }


def _values_as_json(values: FreshValues, *, at: datetime, base: str) -> dict[str, Any]:
    tiles = render_to_string(TILES, {"room": values, "belongs_to_nobody": True})
    told = series_as_json(values.changes)
    return {"at": at.isoformat(), "base": base, **told, "parts": {"tiles": tiles}}


def _for_role(role: str) -> dict[str, Any]:
    """What people of this role may do, and what is offered to them."""
    return {**rights_of(role), "offers": OffersTo(role)}


def _parts(context: Mapping[str, Any]) -> dict[str, str]:
    shared = {**context, "belongs_to_nobody": True}
    return {name: render_to_string(template, shared) for name, template in FRAGMENTS.items()}
