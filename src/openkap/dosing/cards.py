"""What dosing shows on pages over many apps: who is in session, and in which room."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.dosing import queries
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.cards import Drawn
from openkap.watch import queries as watch_queries


def in_session(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """The session this person is in now."""
    session = next((it for it in queries.of_patient(patient.id) if it.closed_at is None), None)
    return Drawn("dosing/card_in_session.html", {"session": session}) if session else None


def rooms(request: ClinicRequest) -> Drawn | None:
    """Each room with its session; of people outside one's care only that the room is taken."""
    rows = watch_queries.rooms_for(request.actor)
    return Drawn("dosing/card_rooms.html", {"rooms": rows}) if rows else None


def rooms_and_monitors(request: ClinicRequest) -> Drawn:
    """The clinic's rooms, and the way to its monitors."""
    return Drawn("dosing/card_places.html", {"rooms": people.rooms()})
