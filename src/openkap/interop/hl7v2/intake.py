"""Between the sockets and the database: frames that arrive together are taken in together.

A few threads, each with a connection of its own that it keeps, do what the event loop must not wait for.
While one group of a clinic's frames is being written, those that come meanwhile wait, and are the next group:
nobody waits for company, and the busier it is the less each frame costs. Every frame is answered after the
commit that keeps it, and a fault over one of them spares the others.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from openkap.interop.hl7v2 import ack
from openkap.interop.hl7v2.actions import MessageOutcome, NobodyHere, SentFrame, keep_unread, receive_all
from openkap.kernel.ids import uuid7

_log = logging.getLogger("openkap.devices")
THREADS = 8
LARGEST_GROUP = 64
LEAVE_SECONDS = 30
NOT_KEPT = "The message could not be taken in: a fault of this software. Its bytes are kept."
LOST = (OperationalError, InterfaceError, NobodyHere)
Answer = TypeVar("Answer")
Settled = MessageOutcome | BaseException | None


def take(frames: Sequence[SentFrame]) -> list[Settled]:
    """Take frames in together, on a connection that is known to live; what is not kept has its error here.

    None is for a frame whose session somebody holds: it is to be taken in by itself.
    """
    close_old_connections()
    try:
        return [*receive_all(frames, at=timezone.now())]
    except LOST as error:
        if len(frames) > 1 and connection.is_usable():  # one of them waited too long for a lock
            return _one_by_one(frames)
        return [error] * len(frames)
    except Exception:  # noqa: BLE001 - one message must not silence all other monitors
        if len(frames) > 1:
            return _one_by_one(frames)
        _log.exception("A message could not be taken in.")
        return [_kept_for_a_fault(frames[0])]


def _one_by_one(frames: Sequence[SentFrame]) -> list[Settled]:
    return [one for frame in frames for one in take([frame])]


def _kept_for_a_fault(frame: SentFrame) -> Settled:
    """Keep what failed for a fault of ours, byte for byte, before anything is said of it."""
    try:
        clinic = keep_unread(frame.content, reason=NOT_KEPT, at=timezone.now(), clinic_id=frame.clinic_id)
    except LOST as error:
        return error
    return MessageOutcome(ack.FAILED, broken(NOT_KEPT, ack.INTERNAL), clinic)


def broken(text: str, fault: tuple[str, str] = ack.UNREADABLE) -> bytes:
    """The answer to what could not be read."""
    said = ack.Fault(*fault, text)
    return ack.acknowledge(None, ack.FAILED, at=timezone.now(), ack_id=uuid7().hex, fault=said)


@dataclass
class _Lane:
    """A clinic's frames that wait for the group before them."""

    waiting: list[tuple[SentFrame, asyncio.Future[MessageOutcome]]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Intake:
    """The threads that write, and the frames that wait for them. It belongs to one event loop."""

    def __init__(self, *, threads: int = THREADS) -> None:
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="intake")
        self._lanes: dict[uuid.UUID | None, _Lane] = {}
        self._alone: set[asyncio.Task[None]] = set()

    async def take(self, frame: SentFrame) -> MessageOutcome:
        """Take a frame in with those that came meanwhile; a lost database comes out as Django's own error."""
        lane = self._lanes.setdefault(frame.clinic_id, _Lane())
        future: asyncio.Future[MessageOutcome] = asyncio.get_running_loop().create_future()
        lane.waiting.append((frame, future))
        if lane.task is None:
            lane.task = asyncio.create_task(self._drain(frame.clinic_id, lane))
        return await future

    async def _drain(self, clinic_id: uuid.UUID | None, lane: _Lane) -> None:
        """One group after the other, until nothing of this clinic waits."""
        while lane.waiting:
            group, lane.waiting = lane.waiting[:LARGEST_GROUP], lane.waiting[LARGEST_GROUP:]
            outcomes = await self._taken([frame for frame, _ in group])
            for (frame, future), outcome in zip(group, outcomes, strict=True):
                if outcome is not None:
                    _settle(future, outcome)
                else:
                    alone = asyncio.create_task(self._take_alone(frame, future))
                    self._alone.add(alone)
                    alone.add_done_callback(self._alone.discard)
        lane.task = None
        self._lanes.pop(clinic_id, None)

    async def _take_alone(self, frame: SentFrame, future: asyncio.Future[MessageOutcome]) -> None:
        """Wait for the session of one frame, while the next groups are taken in without it."""
        [outcome] = await self._taken([frame])
        assert outcome is not None
        _settle(future, outcome)

    async def _taken(self, frames: Sequence[SentFrame]) -> list[Settled]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, take, frames)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            return [error] * len(frames)

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Do something else with the database, in one of the threads."""

        def on_a_living_connection() -> Answer:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._executor, on_a_living_connection)

    async def close(self) -> None:
        """Wait for what is being written, and close every thread's connection in that thread."""
        meet = threading.Barrier(self._threads)

        def leave() -> None:
            meet.wait(timeout=LEAVE_SECONDS)
            connection.close()

        loop = asyncio.get_running_loop()
        lanes = [lane.task for lane in self._lanes.values() if lane.task is not None]
        await asyncio.gather(*lanes, return_exceptions=True)
        await asyncio.gather(*self._alone, return_exceptions=True)
        await asyncio.gather(*(loop.run_in_executor(self._executor, leave) for _ in range(self._threads)))
        self._executor.shutdown(wait=True)


def _settle(future: asyncio.Future[MessageOutcome], outcome: MessageOutcome | BaseException) -> None:
    """Tell whoever waits for it; a sender that went away meanwhile waits no more."""
    if future.done():
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
