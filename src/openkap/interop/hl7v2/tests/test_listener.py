"""The listener over real sockets: it survives what is sent to it, and answers only what is kept."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from openkap.dosing import actions as dosing
from openkap.dosing.models import Vital
from openkap.dosing.plausibility import HEART_RATE, SPO2
from openkap.dosing.tests import scene as scenery
from openkap.interop.hl7v2 import ack, commands, listener, sending
from openkap.interop.hl7v2.actions import Outcome
from openkap.interop.hl7v2.framing import END, framed
from openkap.interop.hl7v2.models import DeviceMessage
from tests.cast import Committed

NAME = "0A0000FFFE000001"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def talking(talk: Talk, **bounds: float) -> None:
    """Listen, let one sender talk, and stop."""

    async def run() -> None:
        it = listener.Listener(**bounds)
        server = await it.start("127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            await asyncio.wait_for(talk(reader, writer), timeout=60)
            writer.close()

    asyncio.run(run())


def message(value: int = 84) -> bytes:
    return sending.message({HEART_RATE: Decimal(value)}, monitor=NAME, at=timezone.now())


def test_a_sender_is_answered_one_by_one_and_garbage_does_not_end_the_talk(committed: Committed) -> None:
    """H31."""
    with committed.inside():
        it = scenery.scene(committed.cast, but=frozenset({"consent", "order", "vitals"}))
        sam = {"by": committed.cast.sam, "at": it.at}
        monitor = dosing.add_monitor(identifier=NAME, name="Bedside 1", **sam)
        dosing.pair(it.session.id, monitor_id=monitor.id, **sam)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        whole = framed(message())
        writer.write(whole[:20])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(whole[20:] + framed(b"garbage") + framed(message(85)))
        answers = [await reader.readuntil(END) for _ in range(3)]
        assert [answer.split(b"MSA|")[1][:2] for answer in answers] == [b"AA", b"AE", b"AA"]
        writer.write(b"no frame at all")
        writer.write_eof()
        assert b"MSA|AE" in await reader.readuntil(END)

    talking(talk)
    with committed.inside():
        assert sorted(v.value for v in Vital.objects.all()) == [84, 85]
        assert DeviceMessage.objects.filter(ack="AA").count() == 2


def test_without_a_database_there_is_no_answer_so_the_sender_sends_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """H31."""

    def lost(content: bytes, *, at: datetime) -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(listener, "receive", lost)
    monkeypatch.setattr(listener, "close_old_connections", lambda: None)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(message()))
        assert await reader.read() == b""

    talking(talk)


def test_a_fault_in_one_message_is_answered_and_the_next_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(content: bytes, *, at: datetime) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(listener, "receive", faulty)
    monkeypatch.setattr(listener, "close_old_connections", lambda: None)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            writer.write(framed(message()))
            assert b"MSA|AE" in await reader.readuntil(END)

    talking(talk)


def test_more_senders_than_allowed_are_turned_away_and_silent_ones_are_let_go() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""

    talking(talk, connections_max=0)
    talking(talk, silent_seconds=0.05)


def test_a_recording_is_sent_as_a_monitor_would_send_it() -> None:
    values = {SPO2: Decimal("97.5"), HEART_RATE: Decimal(84)}
    text = sending.message(values, monitor=NAME, at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)).decode()
    assert "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.1.1.1|97.5|262688^MDC_DIM_PERCENT^MDC" in text
    assert text.count("20261124090000.0000+0000") == 4
    assert len(sending.made_up(1)) == 110


def test_the_replay_command_sends_a_recording_and_says_each_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[bytes] = []

    def take(content: bytes, *, at: datetime) -> Outcome:
        taken.append(content)
        return Outcome("AA", ack.acknowledge(None, "AA", at=at, ack_id="1", control_id="1"))

    monkeypatch.setattr(listener, "receive", take)
    monkeypatch.setattr(listener, "close_old_connections", lambda: None)
    recording = tmp_path / "recording.csv"
    recording.write_text("minute,HR,PULSE,NBPSys\n0,84,0.0,\n1,,,\n2,85.5,277,40\n")
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser.add_subparsers(dest="act"))

    async def run() -> int:
        server = await listener.Listener().start("127.0.0.1", 0)
        async with server:
            port = str(server.sockets[0].getsockname()[1])
            line = ["replay", str(recording), "--speed", "100000", "--host", "127.0.0.1", "--port", port]
            return await asyncio.to_thread(commands.run, parser.parse_args(line))

    assert asyncio.run(run()) == 0
    assert capsys.readouterr().out == "minute 0: AA\nminute 2: AA\n"
    assert len(taken) == 2
    assert b"|277|" in taken[1]
