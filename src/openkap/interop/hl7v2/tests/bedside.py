"""A monitor at Amara's side, and what it sends."""

from __future__ import annotations

from decimal import Decimal

from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, sending
from openkap.kernel.ids import uuid7
from openkap.people.models import Patient
from openkap.watch import actions as watch_actions
from openkap.watch.models import Session

NAME = "0A0000FFFE000001"


def send(it: Scene, values: dict[str, str], *, minutes: float = 1, monitor: str = NAME, patient: str = ""):
    """One message of these values, so many minutes on: its bytes, and what was answered."""
    at = it.later(minutes)
    numbers = {code: Decimal(value) for code, value in values.items()}
    content = sending.message(numbers, monitor=monitor, at=at, patient=patient)
    return content, actions.receive(content, at=at)


def beside(it: Scene, *, count: int) -> list[str]:
    """So many more people in a session of their own, each with a monitor: the monitors' names."""
    names = []
    for number in range(count):
        here = it.session
        patient = Patient.objects.get(id=here.patient_id)
        patient.id, patient.mrn, patient.user_id = uuid7(), f"{patient.mrn}-{number}", None
        patient.save(force_insert=True)
        session = Session.objects.get(id=here.id)
        session.id, session.patient, session.stands_for_planned = uuid7(), patient, False
        session.save(force_insert=True)
        names.append(f"BESIDE-{number}")
        kit = {"by": it.cast.kit, "at": it.at}
        monitor = watch_actions.add_monitor(identifier=names[-1], name=f"Beside {number}", **kit)
        watch_actions.pair(session.id, monitor_id=monitor.id, **kit)
    return names
