"""What an open room is told as soon as it changed: worked out once for all its screens, and for each role."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from openkap.accounts.actor import Actor
from openkap.dosing import actions
from openkap.dosing.live import live
from openkap.dosing.tests.scene import Scene, scene
from openkap.dosing.views import pushing
from openkap.dosing.views.answers import answers
from openkap.dosing.views.stream import Watcher, events
from openkap.kernel.ids import uuid7
from openkap.tenancy import notifications
from openkap.watch.models import Mark
from openkap.watch.plausibility import DBP, SBP, SPO2
from tests.cast import NOW, Cast, Committed

Told = tuple[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worked out follows at once, an hour after the session was opened."""
    monkeypatch.setattr(pushing, "APART_SECONDS", 0.0)
    monkeypatch.setattr(pushing, "TWENTIETH", 0)
    monkeypatch.setattr(pushing, "timezone", SimpleNamespace(now=lambda: NOW + timedelta(hours=1)))


def _room(committed: Committed) -> Scene:
    with committed.inside():
        return scene(committed.cast, but=frozenset({"consent", "order"}))


def _watcher(committed: Committed, here: Scene, actor: Actor, *, seen: str = "") -> Watcher:
    return Watcher(actor, "", committed.cast.amara.id, here.session.id, language="en", seen=seen)


def _taken(committed: Committed, here: Scene, sbp: int) -> Callable[[], None]:
    def change() -> None:
        with committed.inside():
            here.take({SBP: sbp, DBP: 84}, minutes=sbp / 100)
        connection.close()

    return change


async def _told(stream: Any) -> Told:
    """The next thing a screen is told besides beats."""
    while True:
        piece = (await asyncio.wait_for(anext(stream), timeout=30)).decode()
        kind, data = piece.removeprefix("event: ").split("\ndata: ")
        if kind != "beat":
            return kind, json.loads(data)


def _shown(answer: dict[str, Any]) -> str:
    return next(tile["value"] for tile in answer["values"] if tile["key"] == "pressure")


def test_a_change_reaches_every_screen_and_is_worked_out_once(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H09, H25: twelve screens of three roles, one reading of the session a change."""
    here, cast = _room(committed), committed.cast
    read: list[tuple[str, ...]] = []

    def counted(session_id: uuid.UUID, *, roles: Any, **more: Any) -> Any:
        read.append(tuple(sorted(roles)))
        return answers(session_id, roles=roles, **more)

    monkeypatch.setattr(pushing, "answers", counted)

    async def listen() -> list[list[Told]]:
        streams = [
            events(_watcher(committed, here, actor))
            for actor in (cast.sam, cast.okafor, cast.kit)
            for _ in range(4)
        ]
        first = [await _told(stream) for stream in streams]
        read.clear()
        await asyncio.to_thread(_taken(committed, here, 133))
        second = await asyncio.gather(*(_told(stream) for stream in streams))
        for stream in streams:
            await stream.aclose()
        return [first, list(second)]

    first, second = asyncio.run(listen())
    assert {kind for kind, _ in [*first, *second]} == {"answer"}
    assert {_shown(answer) for _, answer in second} == {"133"}
    assert read == [("coordinator", "nurse", "prescriber")]
    assert pushing._rooms == {}, "a room that nobody shows is kept no longer"


def test_a_screen_that_opened_with_the_page_is_told_what_changed_since(committed: Committed) -> None:
    here = _room(committed)
    with committed.inside():
        seen = live(here.session, at=here.later(1)).changes.seen
    _taken(committed, here, 133)()

    async def listen() -> dict[str, Any]:
        stream = events(_watcher(committed, here, committed.cast.sam, seen=seen))
        _, answer = await _told(stream)
        await stream.aclose()
        return answer

    answer = asyncio.run(listen())
    assert answer["base"] == seen
    assert answer["series_minutes"] is not None
    assert [value for _, value in answer["series"][SBP]] == [133.0]
    assert answer["seen"] > seen


def test_changes_that_came_while_it_was_worked_out_are_told_once(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not oftener than every so many seconds, and the last change is never left out."""
    here = _room(committed)
    monkeypatch.setattr(pushing, "APART_SECONDS", 0.5)
    monkeypatch.setattr("openkap.dosing.views.stream.BEAT_SECONDS", 0.1)

    async def change() -> None:
        for sbp in (121, 122, 123, 124, 125):
            await asyncio.to_thread(_taken(committed, here, sbp))
            await asyncio.sleep(0.1)

    async def listen() -> list[float]:
        stream = events(_watcher(committed, here, committed.cast.sam))
        told = [await _told(stream)]
        (room,) = pushing._rooms.values()
        began, changing = [room.began], asyncio.create_task(change())
        while _shown(told[-1][1]) != "125":
            told.append(await _told(stream))
            began.append(room.began)
        await changing
        late, quiet = 0, 0
        while quiet < 10:
            piece = await asyncio.wait_for(anext(stream), timeout=30)
            quiet, late = (quiet + 1, late) if piece.startswith(b"event: beat") else (0, late + 1)
            assert late <= 1, "the last change may be heard of after it was read, and no other"
        await stream.aclose()
        return began

    began = asyncio.run(listen())
    assert len(began) > 1
    assert all(later - earlier > 0.49 for earlier, later in pairwise(began))


@pytest.mark.parametrize(("took", "apart"), [(0.01, 0.9), (0.1, 2.0), (5.0, 3.0)])
def test_a_slow_machine_gives_fewer_answers(
    monkeypatch: pytest.MonkeyPatch, took: float, apart: float
) -> None:
    clock = iter([0.0, 100.0, 100.0 + took])
    for name, value in (("APART_SECONDS", 0.9), ("TWENTIETH", 20)):
        monkeypatch.setattr(pushing, name, value)
    monkeypatch.setattr(pushing, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(pushing.OpenRoom, "_read", lambda *_: {"nurse": {"seen": "x", "rest": "y"}})
    room = pushing.OpenRoom(uuid7(), uuid7(), None, "")
    room.roles["nurse"] += 1
    asyncio.run(room._work_out())
    assert room.apart == pytest.approx(apart)


def test_where_it_cannot_be_worked_out_the_screen_is_told_to_ask(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _room(committed)

    def broken(*_: Any, **__: Any) -> Any:
        raise OperationalError("the pool is full")

    async def listen() -> list[str]:
        stream = events(_watcher(committed, here, committed.cast.sam))
        kinds = [(await _told(stream))[0]]
        monkeypatch.setattr(pushing, "answers", broken)
        await asyncio.to_thread(_taken(committed, here, 131))
        kinds.append((await _told(stream))[0])
        monkeypatch.setattr(pushing, "answers", answers)
        await asyncio.to_thread(_taken(committed, here, 132))
        kinds.append((await _told(stream))[0])
        await stream.aclose()
        return kinds

    assert asyncio.run(listen()) == ["answer", "changed", "answer"]


def test_what_is_told_to_all_alike_holds_nobodys_tokens_and_each_roles_acts(cast: Cast) -> None:
    """H05: two people's forms never carry the same key. Only what a role may do is offered to it."""
    here = scene(cast)
    here.start(minutes=0)
    here.take({SPO2: 85}, minutes=0.5)
    here.take({SPO2: 84}, minutes=0.6)
    told = answers(
        here.session.id,
        roles=["nurse", "therapist", "prescriber", "coordinator"],
        at=here.later(1),
        seen="",
    )
    everything = json.dumps(told)
    assert "csrfmiddlewaretoken" not in everything
    assert 'name=\\"once\\" value=\\"\\"' in everything
    assert everything.count('name=\\"once\\"') == everything.count('name=\\"once\\" value=\\"\\"')
    forms = {role: sorted(_addresses("".join(one["parts"].values()))) for role, one in told.items()}
    mark = Mark.objects.get(session=here.session)
    assert f"/marks/{mark.id}/decide/" in " ".join(forms["prescriber"])
    assert "decide" not in " ".join(forms["nurse"])
    assert forms["nurse"]
    assert forms["coordinator"] == []


def _addresses(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('action="')[1:]]


def test_asking_is_answered_as_pushed(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    here = scene(cast)
    address = reverse("dosing:live", args=[here.session.id])
    answer = client_as(cast.sam).get(address, {"seen": ""}).json()
    assert set(answer["parts"]) == {"tiles", "aside", "dose", "marks", "strip", "next", "events", "emergency"}
    assert answer["base"] == ""
    again = client_as(cast.sam).get(address, {"seen": answer["seen"]}).json()
    assert (again["base"], again["series"]) == (answer["seen"], {})


def test_a_notification_says_when_it_was_heard() -> None:
    key = (str(uuid7()), "dosing", str(uuid7()))
    one = notifications.Notification(key)
    assert one.heard_at <= notifications.Notification(key).heard_at
    assert not one.look_again
    assert timedelta(seconds=abs(one.heard_at)) > timedelta(0)


def test_a_stopped_dose_is_offered_to_go_on_by_whoever_may(cast: Cast) -> None:
    here = scene(cast)
    here.start(minutes=0)
    actions.pause(here.session.id, by=cast.sam, at=here.later(2))
    told = answers(here.session.id, roles=["nurse", "coordinator"], at=here.later(3), seen="")
    assert 'value="resume"' in told["nurse"]["parts"]["dose"]
    assert 'value="resume"' not in told["coordinator"]["parts"]["dose"]
