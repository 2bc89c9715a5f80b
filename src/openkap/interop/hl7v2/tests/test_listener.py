"""The listener over real sockets: it survives what is sent to it, and answers only what is kept."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from openkap.alerts.models import Alert
from openkap.dosing.tests import scene as scenery
from openkap.interop.hl7v2 import ack, commands, intake, listener, queries, sending
from openkap.interop.hl7v2.actions import MessageOutcome, SentFrame, receive_all
from openkap.interop.hl7v2.framing import END, framed
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.watch import actions as watch_actions
from openkap.watch.models import Vital
from openkap.watch.plausibility import HEART_RATE, SPO2
from tests.cast import Committed

NAME = "0A0000FFFE000001"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def talking(talk: Talk, **bounds: float) -> None:
    """Listen, let one sender talk, and stop."""

    async def run() -> None:
        async with listener.Listener(**bounds).listening("127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            await asyncio.wait_for(talk(reader, writer), timeout=60)
            writer.close()

    asyncio.run(run())


def message(value: int = 84) -> bytes:
    return sending.message({HEART_RATE: Decimal(value)}, monitor=NAME, at=timezone.now())


def test_a_sender_that_leaves_out_the_last_byte_is_answered(committed: Committed) -> None:
    """H31: its first message was lost when the second began, and nobody saw it."""
    answers: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for value in (84, 85):
            writer.write(framed(message(value))[:-1])
            answers.append(await asyncio.wait_for(reader.readuntil(END), timeout=30))

    talking(talk)
    assert all(b"MSA|AA|" in answer for answer in answers)
    with committed.inside():
        assert DeviceMessage.objects.filter(ack="AA").count() == 2


def test_a_sender_is_answered_one_by_one_and_garbage_does_not_end_the_talk(committed: Committed) -> None:
    """H31."""
    with committed.inside():
        it = scenery.scene(committed.cast, but=frozenset({"consent", "order", "vitals"}))
        sam = {"by": committed.cast.sam, "at": it.at}
        monitor = watch_actions.add_monitor(identifier=NAME, name="Bedside 1", **sam)
        watch_actions.pair(it.session.id, monitor_id=monitor.id, **sam)

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

    def lost(frames: Sequence[SentFrame], *, at: datetime) -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(intake, "receive_all", lost)
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(message()))
        assert await reader.read() == b""

    talking(talk)


def test_a_fault_in_one_message_keeps_its_bytes_and_the_next_is_taken(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H34: AE is said only of what is kept."""
    first = message(81)

    def faulty(frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome]:
        if first in [frame.content for frame in frames]:
            raise KeyError("a fault of ours")
        return receive_all(frames, at=at)

    monkeypatch.setattr(intake, "receive_all", faulty)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(first))
        assert b"MSA|AE" in await reader.readuntil(END)
        writer.write(framed(message(82)))
        assert b"MSA|AA" in await reader.readuntil(END)

    talking(talk)
    with committed.inside():
        kept = DeviceMessage.objects.get(ack="AE")
        assert (bytes(kept.content), str(kept.reason)) == (first, intake.NOT_KEPT)
        assert kept.owner_id is not None


def test_where_nothing_can_be_kept_nothing_is_answered(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H31: the sender keeps what it is not told about, and sends it again."""

    def faulty(frames: Sequence[SentFrame], *, at: datetime) -> None:
        raise KeyError("a fault of ours")

    def away(content: bytes, **told: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(intake, "receive_all", faulty)
    monkeypatch.setattr(intake, "keep_unread", away)
    monkeypatch.setattr(listener, "keep_unread", away)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(message()))
        assert await reader.read() == b""

    async def noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"noise" + framed(message()))
        assert await reader.read() == b""

    talking(talk)
    talking(noise)
    with committed.inside():
        assert not DeviceMessage.objects.exists()


def _bad_kinds() -> dict[str, tuple[bytes, bytes]]:
    """What was tried and vanished, or came again for ever: the bytes on the wire, and those kept."""
    null_in_name = message().replace(b"PID|||", b"PID|||a\x00b")
    surrogate = message().replace(b"|84|", b"|\\XD800\\|")
    null_in_id = message().replace(b"|P|2.6", b"\x00|P|2.6")
    other_kind = message().replace(b"ORU^R01^ORU_R01", b"ADT^A01")
    strange = message().rstrip(b"\r").split(b"\r")[0] + b"||||||KOI8\r"
    begun = b"\x0bMSH|never ended"
    return {
        "null in PID": (framed(null_in_name), null_in_name),
        "escape of a null": (framed(surrogate), surrogate),
        "null in MSH-10": (framed(null_in_id), null_in_id),
        "another type": (framed(other_kind), other_kind),
        "noise": (b"GET / HTTP/1.1" + framed(b""), b"GET / HTTP/1.1"),
        "no HL7": (framed(b"\x00\xff\xfe"), b"\x00\xff\xfe"),
        "one inside another": (begun + framed(message()), begun[1:]),
        "an unknown character set": (framed(strange), strange),
        "nothing in a frame": (framed(b""), b""),
    }


@pytest.mark.parametrize("kind", list(_bad_kinds()))
def test_what_cannot_be_taken_is_kept_whole_where_somebody_looks(committed: Committed, kind: str) -> None:
    """H31, H34: attack K5.3. Six of nine bad kinds surfaced to nobody, and their bytes were gone."""
    wire, kept = _bad_kinds()[kind]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(wire)
        writer.write_eof()
        answers = await reader.read()
        assert answers.count(b"MSA|") >= 1

    talking(talk)
    with committed.inside():
        rows = [row for row in DeviceMessage.objects.all() if bytes(row.content) == kept]
        assert len(rows) == 1
        assert rows[0].owner_id is not None
        assert rows[0].reason
        assert rows[0] in list(queries.waiting())


def test_a_frame_that_never_ends_is_kept_when_its_time_is_over(committed: Committed) -> None:
    """A byte now and then held a connection for ever."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x0bMSH|half")
        for _ in range(3):
            await asyncio.sleep(0.1)
            writer.write(b"x")
        assert b"MSA|AE" in await asyncio.wait_for(reader.read(), timeout=30)

    talking(talk, frame_seconds=0.6)
    with committed.inside():
        assert bytes(DeviceMessage.objects.get().content).startswith(b"MSH|half")


def test_who_has_never_sent_anything_makes_room_for_who_comes(committed: Committed) -> None:
    """H31: attack K5.4. 64 half-open connections shut every monitor out."""

    async def run() -> None:
        it = listener.Listener(connections=3, of_one_address=3)
        async with it.listening("127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()[:2]
            idle = [await asyncio.open_connection(*address) for _ in range(3)]
            for _ in range(3):
                reader, writer = await asyncio.open_connection(*address)
                idle.append((reader, writer))
                writer.write(framed(message()))
                assert b"MSA|AA" in await asyncio.wait_for(reader.readuntil(END), timeout=30)
            turned, late = await asyncio.open_connection(*address)
            assert await asyncio.wait_for(turned.read(), timeout=30) == b""
            idle.append((turned, late))
            for _, writer in idle:
                writer.close()

    asyncio.run(run())
    with committed.inside():
        alert = Alert.objects.get(kind="monitor_turned_away")
        assert "127.0.0.1 was turned away: 3 connections are open" in str(alert.says)
        assert alert.owner_id is not None


def test_who_says_nothing_at_all_is_let_go() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""

    talking(talk, first_frame_seconds=0.05)


def test_noise_without_end_ends_the_talk(committed: Committed) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for number in range(200):
                writer.write(bytes([65 + number % 26]) * 4_096)
                await writer.drain()
        with contextlib.suppress(ConnectionError):
            while await asyncio.wait_for(reader.read(65_536), timeout=30):
                pass

    talking(talk)
    with committed.inside():
        assert sum(len(row.content) for row in DeviceMessage.objects.all()) < 400_000


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

    def take(frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome]:
        taken.extend(frame.content for frame in frames)
        accepted = ack.acknowledge(None, "AA", at=at, ack_id="1", control_id="1")
        return [MessageOutcome("AA", accepted) for _ in frames]

    monkeypatch.setattr(intake, "receive_all", take)
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)
    recording = tmp_path / "recording.csv"
    recording.write_text("minute,HR,PULSE,NBPSys\n0,84,0.0,\n1,,,\n2,85.5,277,40\n")
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser.add_subparsers(dest="act"))

    async def run() -> int:
        async with listener.Listener().listening("127.0.0.1", 0) as server:
            port = str(server.sockets[0].getsockname()[1])
            line = ["replay", str(recording), "--speed", "100000", "--host", "127.0.0.1", "--port", port]
            return await asyncio.to_thread(commands.run, parser.parse_args(line))

    assert asyncio.run(run()) == 0
    assert capsys.readouterr().out == "minute 0: AA\nminute 2: AA\n"
    assert len(taken) == 2
    assert b"|277|" in taken[1]
