"""Reading a session under watch: sessions, rooms and monitors now, and whose a session or a mark is."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from openkap.accounts.actor import Actor
from openkap.defaults import queries as defaults
from openkap.people import queries as people
from openkap.people.models import Room
from openkap.tenancy.asked import asked_once
from openkap.tenancy.clinics import clinics_by
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch import facts, unscoped
from openkap.watch.models import Monitor, Pairing, PutAside, Session, VitalMinute
from openkap.watch.models.archived import ARCHIVED_AFTER
from openkap.watch.numbers import SensorNumbers
from openkap.watch.readings import Sensors, sensors_by


def get(session_id: uuid.UUID) -> Session:
    """One session with what its pages show."""
    return _with_what_is_shown().get(id=session_id)


def _with_what_is_shown() -> models.QuerySet[Session]:
    """Sessions with what their pages show; the pack's content is read once a process, by its hash."""
    beside = ("patient", "room__site", "planned_session", "course__pack_version")
    rows = Session.objects.select_related(*beside)
    return rows.defer("course__pack_version__body")


def by_ids(session_ids: Collection[uuid.UUID]) -> list[Session]:
    """These sessions with what they are bound to: what is needed to read their values, and no more."""
    rows = Session.objects.select_related("course__pack_version").defer("course__pack_version__body")
    return list(rows.filter(id__in=session_ids))


def visible_to(actor: Actor) -> models.QuerySet[Session]:
    """The sessions of the people this actor may open."""
    return Session.objects.filter(patient_id__in=people.visible_to(actor).values("id"))


def visible_among(actor: Actor, session_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these sessions are of people this actor may open: asked of those alone, not of everybody's."""
    return set(visible_to(actor).filter(id__in=session_ids).values_list("id", flat=True))


def open_sessions() -> list[Session]:
    """Every session that is open in this clinic now."""
    return list(_with_what_is_shown().filter(closed_at__isnull=True).order_by("at"))


def put_aside_waiting() -> models.QuerySet[PutAside]:
    """What monitors sent into sessions and nobody could chart, until somebody has seen it; newest first."""
    rows = PutAside.objects.filter(seen__isnull=True).select_related(
        "monitor", "session__room", "owner__user"
    )
    return rows.order_by("-expected", "-at", "-id")


def session_of_put_aside(put_aside_id: uuid.UUID) -> uuid.UUID | None:
    """In which session it was put aside."""
    return PutAside.objects.filter(id=put_aside_id).values_list("session_id", flat=True).first()


def of_course(course_id: uuid.UUID) -> list[Session]:
    """The sessions of a course, oldest first."""
    rows = Session.objects.filter(course_id=course_id).select_related("planned_session", "room")
    return list(rows.order_by("at", "id"))


@asked_once
def open_of_patient(patient_id: uuid.UUID) -> Session | None:
    """The session a person is in now."""
    return Session.objects.filter(patient_id=patient_id, closed_at__isnull=True).first()


@dataclass(frozen=True, slots=True)
class Extremes:
    """How far one reading went in a session, of its true values."""

    lowest: Decimal
    highest: Decimal


def extremes(
    session_ids: Collection[uuid.UUID], *, codes: Collection[str]
) -> dict[uuid.UUID, dict[str, Extremes]]:
    """How far these readings went in each of these sessions; what was not measured is not there."""
    rows = VitalMinute.objects.filter(session_id__in=session_ids, code__in=codes).order_by()
    told = rows.values_list("session_id", "code").annotate(models.Min("lowest"), models.Max("highest"))
    by_session: dict[uuid.UUID, dict[str, Extremes]] = {}
    for session_id, code, lowest, highest in told:
        by_session.setdefault(session_id, {})[code] = Extremes(lowest, highest)
    return by_session


def count_of(patient_id: uuid.UUID) -> int:
    """How many sessions a person has had."""
    return Session.objects.filter(patient_id=patient_id).count()


def in_session(patient_id: uuid.UUID) -> bool:
    """Whether a session of this person runs; then two records are not made one under it."""
    return open_of_patient(patient_id) is not None


def open_in_rooms() -> Counter[uuid.UUID]:
    """How many sessions run in each room now."""
    return Counter(Session.objects.filter(closed_at__isnull=True).values_list("room_id", flat=True))


def rooms_now() -> list[tuple[Room, Session | None]]:
    """Each room in use, with the session in it."""
    inside = {session.room_id: session for session in open_sessions()}
    return [(room, inside.get(room.id)) for room in people.rooms()]


@dataclass(frozen=True, slots=True)
class RoomNow:
    """One room, and who is in it as far as this actor may know."""

    name: str
    session: Session | None
    is_mine: bool


def rooms_for(actor: Actor) -> list[RoomNow]:
    """Each room with its session; of people outside one's care only that the room is taken."""
    mine = set(people.visible_to(actor).values_list("id", flat=True))
    return [
        RoomNow(room.name, session, session is not None and session.patient_id in mine)
        for room, session in rooms_now()
    ]


def left_after_dose(*, since: datetime) -> list[Session]:
    """The sessions in which a dose was given and that were closed since a moment, oldest first."""
    rows = Session.objects.filter(closed_at__gte=since, dose_began_at__isnull=False)
    return list(rows.order_by("closed_at", "id"))


def free_rooms() -> list[Room]:
    """The rooms nobody is in."""
    return [room for room, session in rooms_now() if session is None]


@keyed_query
def put_aside_in(session: uuid.UUID) -> models.QuerySet[PutAside]:
    """What could not be charted and should have been, and nobody has seen yet."""
    return PutAside.objects.filter(session_id=session, expected=True, seen__isnull=True)


@keyed_query
def monitors_in_use() -> models.QuerySet[Monitor]:
    """The monitors of the clinic that are not retired, each with the pairings it has now as `open_pairs`."""
    now = Pairing.objects.filter(ended_at__isnull=True).select_related("session__patient", "session__room")
    pairs = models.Prefetch("pairings", queryset=now, to_attr="open_pairs")
    return Monitor.objects.filter(retired_at__isnull=True).select_related("room").prefetch_related(pairs)


def monitors() -> list[Monitor]:
    """The monitors in use, each with its open pairing as `paired`."""
    rows = monitors_in_use()
    for monitor in rows:
        monitor.paired = next(iter(monitor.open_pairs), None)  # type: ignore[attr-defined]
    return rows


def free_monitors() -> list[Monitor]:
    """The monitors that are paired with nobody."""
    return [monitor for monitor in monitors() if monitor.paired is None]  # type: ignore[attr-defined]


def monitor_by_names(names: list[str]) -> list[Monitor]:
    """The monitors in use that go by any of these names."""
    return list(Monitor.objects.filter(identifier__in=names, retired_at__isnull=True))


def pairings_now(monitor_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Pairing]:
    """With which open session each of these monitors is paired."""
    rows = Pairing.objects.filter(monitor_id__in=monitor_ids, ended_at__isnull=True)
    rows = rows.filter(session__closed_at__isnull=True).select_related("session__patient", "monitor")
    return {pairing.monitor_id: pairing for pairing in rows}


def _patient_of(model: str, path: str) -> Callable[[uuid.UUID], uuid.UUID | None]:
    def find(key: uuid.UUID) -> uuid.UUID | None:
        from django.apps import apps

        rows: Any = apps.get_model("watch", model).objects.filter(id=key)
        known: uuid.UUID | None = rows.values_list(path, flat=True).first()
        return known

    return find


PATIENT_OF = {
    "session": _patient_of("Session", "patient_id"),
    "mark": _patient_of("Mark", "session__patient_id"),
    "put_aside": _patient_of("PutAside", "session__patient_id"),
}


def sensors() -> Sensors:
    """What sensors are trusted with in this clinic."""
    return sensors_by(defaults.of(SensorNumbers))


def read_protocols(sessions: Iterable[Session]) -> None:
    """Read what these sessions are watched by, once for all of them."""
    facts.read_protocols(sessions)


def clock_noted(session: Session) -> timedelta:
    """From how far ahead a sender's clock is noted beside a value."""
    return timedelta(seconds=facts.numbers_of(session).clock_noted_seconds)


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which a session is open."""
    return clinics_by(unscoped.DUE.name)


def sessions_to_archive(moment: datetime) -> list[uuid.UUID]:
    """The sessions of this clinic whose monitors' values are to be archived, the oldest first."""
    rows = Session.objects.filter(archived_at__isnull=True, closed_at__lte=moment - ARCHIVED_AFTER)
    return list(rows.order_by("closed_at", "id").values_list("id", flat=True))


def clinics_to_archive(moment: datetime) -> list[uuid.UUID]:
    """The clinics that have such a session."""
    return clinics_by(unscoped.TO_ARCHIVE.name, moment - ARCHIVED_AFTER)
