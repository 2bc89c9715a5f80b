"""The MLLP listener: bounded connections and frames, one message at a time, an answer after the commit.

Whatever comes in is kept or is not answered: AE too is said only of what lies where people look for it.
A connection has to earn its place: it sends a whole frame within half a minute of beginning one, and its
first within a minute of connecting. When every place is taken, one that never sent anything makes room.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils import timezone

from openkap.interop.hl7v2.actions import SentFrame, keep_unread, report_turned_away
from openkap.interop.hl7v2.framing import Frame, Framer, Noise, framed
from openkap.interop.hl7v2.intake import LOST, Intake, broken

_log = logging.getLogger("openkap.devices")
CHUNK_BYTES = 65_536
WRITE_SECONDS = 15
LAST_BYTE_SECONDS = 1
NOISE_BYTES_MAX = 262_144


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one listener, one address and one connection may ask for."""

    connections: int = 256
    of_one_address: int = 128
    first_frame_seconds: float = 60
    frame_seconds: float = 30
    silent_seconds: float = 900

    @classmethod
    def of(cls, connections: int) -> Bounds:
        """So many at once, half of them from one address: behind a gateway a clinic's monitors share one."""
        return cls(connections=connections, of_one_address=max(connections // 2, 1))


@dataclass(eq=False)
class MonitorTalk:
    """One sender's connection, and what is known of it."""

    address: str
    writer: asyncio.StreamWriter
    framer: Framer = field(default_factory=Framer)
    has_sent: bool = False
    clinic_id: uuid.UUID | None = None
    noise_bytes: int = 0
    began_frame: float | None = None


class Listener:
    """One listening socket and the monitors that talk to it."""

    def __init__(self, bounds: Bounds | None = None, **narrower: float) -> None:
        self._bounds = replace(bounds or Bounds(), **narrower)  # type: ignore[arg-type]
        self._talks: dict[MonitorTalk, asyncio.Task[None]] = {}
        self._intake = Intake()

    @contextlib.asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[asyncio.Server]:
        """Listen for the length of the block; at its end every talk ends, and every connection is closed."""
        server = await asyncio.start_server(self.talk, host, port, limit=CHUNK_BYTES)
        try:
            yield server
        finally:
            server.close()
            talks = list(self._talks.values())
            for task in talks:
                task.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
            await self._intake.close()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One sender's connection, from its first byte to its last."""
        peer = writer.get_extra_info("peername")
        monitor_talk = MonitorTalk(str(peer[0]) if peer else "", writer)
        task = asyncio.current_task()
        assert task is not None
        if not self._has_room_for(monitor_talk):
            await self._turn_away(monitor_talk)
            return
        self._talks[monitor_talk] = task
        try:
            await self._listen(monitor_talk, reader)
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass
        except LOST as error:
            _log.warning("What was sent could not be kept; the sender will send again. %s", error)
        finally:
            self._talks.pop(monitor_talk, None)
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), timeout=WRITE_SECONDS)

    def _has_room_for(self, it: MonitorTalk) -> bool:
        """Whether one more may talk; when all places are taken, one that never sent anything makes room."""
        of_address = Counter(talk.address for talk in self._talks)
        if of_address[it.address] >= self._bounds.of_one_address:
            return self._let_go(lambda talk: talk.address == it.address)
        if len(self._talks) >= self._bounds.connections:
            return self._let_go(lambda talk: True)
        return True

    def _let_go(self, among: object) -> bool:
        assert callable(among)
        for talk, task in self._talks.items():
            if not talk.has_sent and among(talk):
                del self._talks[talk]
                task.cancel()
                return True
        return False

    async def _turn_away(self, it: MonitorTalk) -> None:
        """No room: say so to the sender, and to the people who look after the monitors."""
        open_now = len(self._talks)
        _log.warning("A connection from %s was turned away: %d are open.", it.address, open_now)
        with contextlib.suppress(*LOST, ConnectionError, TimeoutError):
            await self._intake.run(lambda: report_turned_away(it.address, open_now, at=timezone.now()))
        it.writer.close()

    async def _listen(self, it: MonitorTalk, reader: asyncio.StreamReader) -> None:
        while True:
            data = await self._read(it, reader)
            if data is None:
                events = it.framer.settle()
            else:
                events = it.framer.feed(data) if data else it.framer.close()
            for event in events:
                await self._answer(event, it)
            if data == b"" or it.noise_bytes > NOISE_BYTES_MAX:
                return
            if not it.framer.has_begun:
                it.began_frame = None
            elif it.began_frame is None or events:
                it.began_frame = asyncio.get_running_loop().time()

    async def _read(self, it: MonitorTalk, reader: asyncio.StreamReader) -> bytes | None:
        """The next bytes; empty when the sender has gone, or takes too long over a frame.

        None when it is silent after a frame whose last byte it leaves out.
        """
        if it.framer.may_have_ended:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(reader.read(CHUNK_BYTES), timeout=LAST_BYTE_SECONDS)
            return None
        if it.began_frame is not None:
            patience = it.began_frame + self._bounds.frame_seconds - asyncio.get_running_loop().time()
        else:
            patience = self._bounds.silent_seconds if it.has_sent else self._bounds.first_frame_seconds
        try:
            return await asyncio.wait_for(reader.read(CHUNK_BYTES), timeout=max(patience, 0.001))
        except TimeoutError:
            return b""

    async def _answer(self, event: Frame | Noise, it: MonitorTalk) -> None:
        if isinstance(event, Noise):
            it.noise_bytes += event.size
            reply: bytes | None = await self._intake.run(lambda: _put_aside(event, it.clinic_id))
        else:
            outcome = await self._intake.take(SentFrame(event.content, it.clinic_id))
            it.has_sent, it.clinic_id, reply = True, outcome.clinic or it.clinic_id, outcome.reply
        if reply is not None:
            it.writer.write(framed(reply))
            await asyncio.wait_for(it.writer.drain(), timeout=WRITE_SECONDS)


def _put_aside(noise: Noise, clinic_id: uuid.UUID | None) -> bytes:
    """Keep bytes that are no frame, and answer that they could not be read."""
    keep_unread(noise.content, reason=noise.reason, at=timezone.now(), clinic_id=clinic_id)
    return broken(noise.reason)


async def _serve() -> None:
    env = settings.ENV
    listener = Listener(Bounds.of(env.mllp_connections))
    async with listener.listening(env.mllp_host, env.mllp_port) as server:
        _log.info("Listening for monitors on %s, port %d.", env.mllp_host, env.mllp_port)
        await server.serve_forever()


def run() -> None:
    """Listen until told to stop."""
    asyncio.run(_serve())
