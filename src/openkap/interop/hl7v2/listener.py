"""The MLLP listener: bounded connections and frames, one message at a time, an answer after the commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from openkap.interop.hl7v2 import ack
from openkap.interop.hl7v2.actions import Outcome, receive
from openkap.interop.hl7v2.framing import Frame, Framer, Noise, framed
from openkap.kernel.ids import uuid7

_log = logging.getLogger("openkap.devices")
CONNECTIONS_MAX = 64
CHUNK_BYTES = 65_536
SILENT_SECONDS = 900
WRITE_SECONDS = 15
LOST = (OperationalError, InterfaceError)


def _received(content: bytes) -> Outcome:
    """Take one message in, on a connection that is known to live."""
    close_old_connections()
    try:
        return receive(content, at=timezone.now())
    finally:
        close_old_connections()


def _broken(text: str, fault: tuple[str, str] = ack.UNREADABLE) -> bytes:
    said = ack.Fault(*fault, text)
    return ack.acknowledge(None, ack.FAILED, at=timezone.now(), ack_id=uuid7().hex, fault=said)


class Listener:
    """One listening socket and the monitors that talk to it."""

    def __init__(
        self, *, connections_max: int = CONNECTIONS_MAX, silent_seconds: float = SILENT_SECONDS
    ) -> None:
        self._connections_max = connections_max
        self._silent_seconds = silent_seconds
        self._open = 0

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Begin to listen."""
        return await asyncio.start_server(self.talk, host, port, limit=CHUNK_BYTES)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One sender's connection, from its first byte to its last."""
        if self._open >= self._connections_max:
            _log.warning("A connection was turned away: %d are open.", self._open)
            writer.close()
            return
        self._open += 1
        try:
            async with ThreadSensitiveContext():
                await self._listen(reader, writer)
        except (ConnectionError, TimeoutError):
            pass
        except LOST:
            _log.warning("The database did not answer; the sender will send again.")
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await writer.wait_closed()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while True:
            data = await asyncio.wait_for(reader.read(CHUNK_BYTES), timeout=self._silent_seconds)
            events = framer.feed(data) if data else framer.close()
            for event in events:
                await self._answer(event, writer)
            if not data:
                return

    async def _answer(self, event: Frame | Noise, writer: asyncio.StreamWriter) -> None:
        reply = await self._reply(event)
        if reply is not None:
            writer.write(framed(reply))
            await asyncio.wait_for(writer.drain(), timeout=WRITE_SECONDS)

    async def _reply(self, event: Frame | Noise) -> bytes | None:
        if isinstance(event, Noise):
            _log.warning("%s %d bytes.", event.reason, event.size)
            return _broken(event.reason)
        try:
            return (await sync_to_async(_received)(event.content)).reply
        except LOST:
            raise
        except Exception:  # noqa: BLE001 - one message must not silence the monitors of the house
            _log.exception("A message could not be taken in.")
            return _broken("The message could not be kept.", ack.INTERNAL)


async def _serve() -> None:
    env = settings.ENV
    server = await Listener().start(env.mllp_host, env.mllp_port)
    _log.info("Listening for monitors on %s, port %d.", env.mllp_host, env.mllp_port)
    async with server:
        await server.serve_forever()


def run() -> None:
    """Listen until told to stop."""
    asyncio.run(_serve())
