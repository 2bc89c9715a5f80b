"""H31, H34: messages that arrive together are written together, and none of them costs another its answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from openkap.alerts.models import Alert
from openkap.dosing.tests import scene as scenery
from openkap.interop.hl7v2 import actions, intake, listener
from openkap.interop.hl7v2.actions import MessageOutcome, SentFrame, receive_all, receiving, taking
from openkap.interop.hl7v2.framing import END, framed
from openkap.interop.hl7v2.message import Hl7Message, parse
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.tests.bedside import NAME, frames, message
from openkap.watch import actions as watch_actions
from openkap.watch.models import Session, Vital
from openkap.watch.plausibility import HEART_RATE
from tests.cast import Committed
from tests.kills import until


class Gate:
    """Holds the first group until others wait behind it, and says of what size each group was."""

    def __init__(self, *, behind: int) -> None:
        self.sizes: list[int] = []
        self.open = threading.Event()
        self.behind = behind

    def __call__(self, frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome]:
        self.sizes.append(len(frames))
        if len(self.sizes) == 1:
            assert self.open.wait(60)
        return receive_all(frames, at=at)


def _at_once(contents: list[bytes], gate: Gate, committed: Committed) -> list[str]:
    """Take the first in, and the others while it is being written; what became of each."""

    async def run() -> list[str]:
        it = intake.Intake()
        clinic = committed.cast.clinic.id
        first = asyncio.create_task(it.take(SentFrame(contents[0], clinic)))
        while not gate.sizes:
            await asyncio.sleep(0.01)
        others = [asyncio.create_task(it.take(SentFrame(content, clinic))) for content in contents[1:]]
        await asyncio.sleep(0)
        gate.open.set()
        done = await asyncio.gather(first, *others, return_exceptions=True)
        await it.close()
        return [one.code if isinstance(one, MessageOutcome) else type(one).__name__ for one in done]

    return asyncio.run(run())


@pytest.fixture
def bedside(committed: Committed) -> Committed:
    """Amara in Room 2, committed, with a monitor at her side."""
    with committed.inside():
        it = scenery.scene(committed.cast, but=frozenset({"consent", "order", "vitals"}))
        sam = {"by": committed.cast.sam, "at": it.at}
        monitor = watch_actions.add_monitor(identifier=NAME, name="Bedside 1", **sam)
        watch_actions.pair(it.session.id, monitor_id=monitor.id, **sam)
    return committed


def _many(count: int) -> list[bytes]:
    """So many messages of moments just gone, each its own."""
    now = timezone.now()
    return [message(60 + number, now - timedelta(milliseconds=10 * number)) for number in range(count)]


def test_what_comes_while_one_is_written_is_written_together_after_it(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(behind=9)
    monkeypatch.setattr(intake, "receive_all", gate)
    assert _at_once(_many(10), gate, bedside) == ["AA"] * 10
    assert gate.sizes == [1, 9]
    with bedside.inside():
        assert DeviceMessage.objects.filter(ack="AA").count() == 10


def test_a_fault_over_one_of_them_spares_the_others(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H34: the others are charted, and its own bytes are kept where somebody looks."""
    contents, gate = _many(4), Gate(behind=3)
    real = taking.understand

    def faulty(read: Hl7Message, **told: Any) -> object:
        if read == parse(contents[2]):
            raise KeyError("a fault of ours")
        return real(read, **told)

    monkeypatch.setattr(taking, "understand", faulty)
    monkeypatch.setattr(intake, "receive_all", gate)
    assert _at_once(contents, gate, bedside) == ["AA", "AA", "AE", "AA"]
    with bedside.inside():
        kept = DeviceMessage.objects.get(ack="AE")
        assert (bytes(kept.content), str(kept.reason)) == (contents[2], intake.NOT_KEPT)
        assert Vital.objects.filter(code=HEART_RATE).count() == 3
        assert Alert.objects.filter(kind="message_unreadable").count() == 1


def test_one_that_waits_too_long_for_a_lock_costs_the_others_nothing(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H31: it gets no answer, so it is sent again; the others are answered."""
    contents, gate = _many(4), Gate(behind=3)

    def one_waits(frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome]:
        outcomes = gate(frames, at=at)
        if contents[1] in [frame.content for frame in frames]:
            raise OperationalError("canceling statement due to lock timeout")
        return outcomes

    monkeypatch.setattr(intake, "receive_all", one_waits)
    assert _at_once(contents, gate, bedside) == ["AA", "OperationalError", "AA", "AA"]


def test_nobodys_values_wait_for_another_persons_session(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H31: who works on one session for long holds up its own monitor, and no other."""
    with bedside.inside():
        [session] = Session.objects.all()
        it = SimpleNamespace(session=session, cast=bedside.cast, at=session.at)
        [other] = scenery.beside(it, count=1)  # type: ignore[arg-type]
    held, release, gate = threading.Event(), threading.Event(), Gate(behind=2)

    def work_on_it() -> None:
        with bedside.inside():
            Session.objects.select_for_update().get(id=session.id)
            held.set()
            assert release.wait(60)
        connection.close()

    async def run() -> list[str]:
        taken, now = intake.Intake(), timezone.now()
        whole = [
            message(70, now, monitor=other),
            message(71, now),
            message(72, now - timedelta(seconds=1), monitor=other),
        ]
        first = asyncio.create_task(taken.take(SentFrame(whole[0], bedside.cast.clinic.id)))
        while not gate.sizes:
            await asyncio.sleep(0.01)
        hers, theirs = (
            asyncio.create_task(taken.take(SentFrame(content, bedside.cast.clinic.id)))
            for content in whole[1:]
        )
        await asyncio.sleep(0)
        gate.open.set()
        codes = [(await first).code, (await asyncio.wait_for(theirs, timeout=60)).code]
        assert not hers.done()
        release.set()
        codes.append((await asyncio.wait_for(hers, timeout=60)).code)
        await taken.close()
        return codes

    monkeypatch.setattr(intake, "receive_all", gate)
    worker = threading.Thread(target=work_on_it)
    worker.start()
    assert held.wait(60)
    assert asyncio.run(run()) == ["AA", "AA", "AA"]
    worker.join(timeout=60)
    with bedside.inside():
        assert Vital.objects.filter(code=HEART_RATE, session=session).count() == 1


def test_without_a_database_none_of_them_is_answered(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, gate = _many(4), Gate(behind=3)

    def lost(frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome]:
        gate(frames, at=at) if not gate.sizes else gate.sizes.append(len(frames))
        connection.close()
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(intake, "receive_all", lost)
    assert _at_once(contents, gate, bedside) == ["OperationalError"] * 4
    assert gate.sizes == [1, 3]  # and nobody tried each of them against a database that is away


def test_an_answer_is_given_after_the_commit_and_every_connection_is_closed_at_the_end(
    bedside: Committed,
) -> None:
    """H31: whoever hears AA finds the message in the database, from wherever they look."""

    def is_there(content: bytes) -> bool:
        with bedside.inside():
            there = DeviceMessage.objects.filter(content=content, ack="AA").exists()
        connection.close()
        return there

    async def speak(address: tuple[str, int], contents: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection(*address)
        for content in contents:
            writer.write(framed(content))
            assert b"MSA|AA|" in await asyncio.wait_for(reader.readuntil(END), timeout=60)
            assert await asyncio.to_thread(is_there, content)
        writer.close()

    async def run() -> None:
        async with listener.Listener().listening("127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()[:2]
            shares = [_many(20)[start::5] for start in range(5)]
            await asyncio.gather(*(speak(address, share) for share in shares))

    before = _others_connected()
    asyncio.run(run())
    until(lambda: _others_connected() <= before)  # a server takes a moment to end what was closed


def _others_connected() -> set[int]:
    """The connections there are to this database besides our own, by their process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def test_a_frame_of_a_sender_that_went_away_is_kept_all_the_same(
    bedside: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents, gate = _many(2), Gate(behind=1)
    monkeypatch.setattr(intake, "receive_all", gate)

    async def run() -> None:
        it = intake.Intake()
        first = asyncio.create_task(it.take(SentFrame(contents[0])))
        while not gate.sizes:
            await asyncio.sleep(0.01)
        gone = asyncio.create_task(it.take(SentFrame(contents[1])))
        await asyncio.sleep(0)
        gone.cancel()
        gate.open.set()
        assert (await first).code == "AA"
        await it.close()

    asyncio.run(run())
    with bedside.inside():
        assert DeviceMessage.objects.count() == 2


def test_nobody_is_answered_where_no_clinic_stands(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(receiving, "clinic_ids", list)
    [error, other] = intake.take(frames(message(70, timezone.now()), b"no HL7"))
    assert isinstance(error, actions.NobodyHere)
    assert isinstance(other, actions.NobodyHere)
