"""What a monitor sends reaches the open rooms as values, read for many at once; what it moves, as well."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.dosing.fresh_values import fresh_values
from openkap.dosing.live import live
from openkap.dosing.tests.scene import Scene, beside, scene
from openkap.dosing.tests.test_pushing import _told
from openkap.dosing.views import pushing
from openkap.dosing.views.answers import values_of
from openkap.dosing.views.stream import Watcher, events
from openkap.watch import facts
from openkap.watch import queries as watch_queries
from openkap.watch.actions.moments import Sent
from openkap.watch.models import Session
from openkap.watch.plausibility import DBP, HEART_RATE, SBP, SPO2
from tests.cast import NOW, Cast, Committed

MONITOR = Sent(source="monitor")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worked out follows at once, an hour after the session was opened."""
    for name in ("APART_SECONDS", "GATHER_SECONDS"):
        monkeypatch.setattr(pushing, name, 0.0)
    monkeypatch.setattr(pushing, "TWENTIETH", 0)
    monkeypatch.setattr(pushing, "timezone", SimpleNamespace(now=lambda: NOW + timedelta(hours=1)))


def _room(committed: Committed) -> Scene:
    with committed.inside():
        here = scene(committed.cast)
        here.start(minutes=0)
        here.take({HEART_RATE: 70, SPO2: 97}, minutes=1, sent=MONITOR)
        return here


def _stream(committed: Committed, here: Scene, session: Session | None = None) -> Any:
    shown = session or here.session
    return events(Watcher(committed.cast.sam, "", shown.patient_id, shown.id, language="en"))


def _sent(
    committed: Committed, here: Scene, values: Mapping[str, int], *, minutes: float, **more: Any
) -> Callable[[], None]:
    def send() -> None:
        with committed.inside():
            here.take(dict(values), minutes=minutes, sent=MONITOR, **more)
        connection.close()

    return send


def test_what_a_monitor_sends_is_told_as_values_and_the_room_is_not_read(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _room(committed)

    async def listen() -> list[tuple[str, dict[str, Any]]]:
        stream = _stream(committed, here)
        told = [await _told(stream)]
        monkeypatch.setattr(pushing, "answers", None)  # whoever asks for the whole room fails
        for minutes, rate in ((59, 81), (59.5, 82)):
            await asyncio.to_thread(_sent(committed, here, {HEART_RATE: rate, SPO2: 96}, minutes=minutes))
            told.append(await _told(stream))
        await stream.aclose()
        return told

    (_, answer), (kind, first), (_, second) = asyncio.run(listen())
    assert kind == "values"
    assert "81" in first["parts"]["tiles"]
    assert "82" in second["parts"]["tiles"]
    assert [value for _, value in first["series"][HEART_RATE]] == [81.0]
    assert first["base"] == second["base"] == answer["seen"], "one that was missed is made good by the next"
    assert [value for _, value in second["series"][HEART_RATE]] == [81.0, 82.0]


def test_rooms_of_a_clinic_are_read_together(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    here = _room(committed)
    with committed.inside():
        beside(here, count=3)
        sessions = list(Session.objects.order_by("id"))
    read: list[int] = []

    def counted(seen: Mapping[uuid.UUID, str], *, at: datetime) -> Any:
        read.append(len(seen))
        return values_of(seen, at=at)

    monkeypatch.setattr(pushing, "values_of", counted)
    monkeypatch.setattr(pushing, "GATHER_SECONDS", 1.0)

    def all_at_once() -> None:
        with committed.inside():
            for session in sessions:
                here.take({HEART_RATE: 88, SPO2: 98}, minutes=59, sent=MONITOR, session=session)
        connection.close()

    async def listen() -> list[str]:
        streams = [_stream(committed, here, session) for session in sessions]
        for stream in streams:
            await _told(stream)
        await asyncio.to_thread(all_at_once)
        told = await asyncio.gather(*(_told(stream) for stream in streams))
        for stream in streams:
            await stream.aclose()
        return [kind for kind, _ in told]

    kinds = asyncio.run(listen())
    assert len(kinds) == 4
    assert read[0] == 4, "one reading for the four of them"
    assert pushing._read_together == {}, "nothing is kept for rooms that nobody shows"


@pytest.mark.parametrize(
    ("values", "minutes", "shown"),
    [
        ({HEART_RATE: 70, SPO2: 84}, 59.9, "marks"),
        ({SBP: 128, DBP: 80}, 59.9, "next"),
    ],
    ids=["a limit is crossed", "a check is made"],
)
def test_what_values_move_besides_is_told_right_after(
    committed: Committed, values: Mapping[str, int], minutes: float, shown: str
) -> None:
    """H08, H09: a mark does not wait for the next look at the whole room."""
    here = _room(committed)

    async def listen() -> tuple[dict[str, Any], dict[str, Any]]:
        stream = _stream(committed, here)
        _, before = await _told(stream)
        for more in (0.0, 0.05):
            await asyncio.to_thread(_sent(committed, here, values, minutes=minutes + more))
        while True:
            kind, told = await _told(stream)
            if kind == "answer" and told["rest"] != before["rest"]:
                await stream.aclose()
                return before, told

    before, after = asyncio.run(listen())
    assert before["parts"][shown] != after["parts"][shown]


def test_after_a_while_of_values_the_whole_room_is_looked_at(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _room(committed)
    monkeypatch.setattr(pushing, "LOOKED_AT_SECONDS", 0.0)

    async def listen() -> set[str]:
        stream = _stream(committed, here)
        await _told(stream)
        await asyncio.to_thread(_sent(committed, here, {HEART_RATE: 81, SPO2: 96}, minutes=59))
        kinds = {(await _told(stream))[0] for _ in range(2)}
        await stream.aclose()
        return kinds

    assert asyncio.run(listen()) == {"values", "answer"}


def test_values_of_many_rooms_are_those_of_each_and_cost_no_more_questions(
    cast: Cast,
) -> None:
    """H09: what is pushed is what the page shows, whichever rooms were read with it."""
    here = scene(cast)
    here.start(minutes=0)
    beside(here, count=4)
    sessions = list(Session.objects.order_by("id"))
    for place, session in enumerate(sessions):
        here.take({HEART_RATE: 70 + place, SPO2: 97}, minutes=2, sent=MONITOR, session=session)
    seen = {one.id: live(one, at=here.later(3)).changes.seen for one in sessions}
    for place, session in enumerate(sessions[:3]):
        here.take({HEART_RATE: 80 + place, SPO2: 96}, minutes=3, sent=MONITOR, session=session)
        here.take({SBP: 130 + place, DBP: 80}, minutes=3, session=session)
    at = here.later(4)
    with CaptureQueriesContext(connection) as of_one:
        alone = fresh_values(watch_queries.by_ids([sessions[0].id]), at=at, seen=seen)
    with CaptureQueriesContext(connection) as of_all:
        read = watch_queries.by_ids([one.id for one in sessions])
        together = fresh_values(read, at=at, seen=seen)
    for one in sessions:
        room = live(one, at=at, seen=seen[one.id])
        told = together[one.id]
        assert (told.tiles, told.changes, told.rest) == (room.tiles, room.changes, room.rest)
    assert alone[sessions[0].id] == together[sessions[0].id]
    assert len(of_all) == len(of_one)


def test_what_a_person_writes_and_what_is_doubted_is_told_as_a_change_of_the_room(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(cast)
    told: list[str] = []
    monkeypatch.setattr("openkap.watch.actions.vitals.tell_all", lambda _: told.append("room"))
    monkeypatch.setattr("openkap.watch.actions.vitals.tell_values", lambda _: told.append("values"))
    here.take({HEART_RATE: 70, SPO2: 97}, minutes=1)
    here.take({HEART_RATE: 71, SPO2: 97}, minutes=2, sent=MONITOR)
    here.take({SPO2: 84, HEART_RATE: 40}, minutes=5, sent=MONITOR)
    assert told == ["room", "values", "room"]
    assert facts.last_true(here.session, SPO2, at=here.later(6)).value == 97
