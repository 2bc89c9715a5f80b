"""H35: a database that hangs leaves no screen waiting for a notification that will never come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from openkap.tenancy import notifications
from openkap.tenancy.notifications import Hub


class _Hung:
    """A connection whose server takes what it is sent and never answers."""

    closed = 0

    async def execute(self, statement: str) -> None:
        await asyncio.sleep(60)

    async def close(self) -> None:
        type(self).closed += 1


async def _woken(hub: Hub, *, within: float, times: int = 1) -> dict[str, str]:
    async with asyncio.timeout(within):
        async for note in hub.listen("watch", clinic_id=uuid4(), about=uuid4(), beat_seconds=0.05):
            times -= note is not None
            if note is not None and times == 0:
                return note
    raise AssertionError("The stream ended.")


class _HungLater(_Hung):
    """One that answers while it is asked to listen, and hangs in the quiet after that."""

    async def execute(self, statement: str) -> None:
        if not statement.startswith("LISTEN"):
            await super().execute(statement)

    async def notifies(self, *, timeout: float) -> AsyncIterator[Any]:
        await asyncio.sleep(timeout)
        for note in ():
            yield note


@pytest.mark.parametrize(("link", "times"), [(_Hung, 1), (_HungLater, 2)])
def test_a_server_that_hangs_is_given_up_and_every_screen_is_woken(
    monkeypatch: pytest.MonkeyPatch, link: type[_Hung], times: int
) -> None:
    """Once because it listens, and once more because it was given up."""

    async def connect(*args: Any, **kwargs: Any) -> _Hung:
        assert kwargs["connect_timeout"] == notifications.ANSWER_SECONDS
        return link()

    monkeypatch.setattr(notifications, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(notifications, "QUIET_SECONDS", 0.05)
    link.closed = 0
    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connect)

    async def tried() -> dict[str, str]:
        hub = Hub("dbname=none")
        try:
            return await _woken(hub, within=30, times=times)
        finally:
            assert hub._task is not None
            hub._task.cancel()
            with suppress(asyncio.CancelledError):
                await hub._task

    assert asyncio.run(tried()).look_again
    assert link.closed >= 1


def test_a_screen_is_woken_by_what_it_shows_and_by_nothing_else() -> None:
    """However many rooms are open, what happens in one of them costs the others nothing."""
    clinic, mine, theirs = uuid4(), uuid4(), uuid4()

    async def tried() -> list[dict[str, str] | None]:
        hub = Hub("dbname=none")
        notes = hub.listen("dosing", clinic_id=clinic, about=mine, beat_seconds=0.2)
        waiting = asyncio.create_task(anext(notes))
        await asyncio.sleep(0)
        for whose, about in ((clinic, theirs), (uuid4(), mine), (clinic, mine)):
            hub._hand_out({"clinic": str(whose), "topic": "dosing", "about": str(about)})
        heard = [await waiting, await anext(notes)]
        await notes.aclose()
        assert hub._task is not None
        hub._task.cancel()
        with suppress(asyncio.CancelledError):
            await hub._task
        assert hub._listeners == {}
        return heard

    told, beat = asyncio.run(tried())
    assert (told.key, told.look_again, beat) == ((str(clinic), "dosing", str(mine)), False, None)


class _Listening(_HungLater):
    """One that answers, and has nothing to tell."""

    async def execute(self, statement: str) -> None:
        return None


def test_a_screen_looks_again_as_soon_as_somebody_listens_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed between the page and its stream was told to nobody, and the screen stayed as it was."""

    async def connect(*args: Any, **kwargs: Any) -> _Listening:
        return _Listening()

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connect)

    async def tried() -> list[str]:
        hub = Hub("dbname=none")
        first = await _woken(hub, within=30)  # it came before this process listened
        later = await _woken(hub, within=30)  # it came when this process listened already
        assert hub._task is not None
        hub._task.cancel()
        with suppress(asyncio.CancelledError):
            await hub._task
        return [first.look_again, later.look_again]

    assert asyncio.run(tried()) == [True, True]
