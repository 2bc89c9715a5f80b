"""Kill the clinic's processes while a monitor speaks and a nurse writes, and look what became of it.

Senders go on as monitors and a tablet would: what is not acknowledged is sent again, the same bytes, the same
key. The monitors speak at once, so that their messages are written together. At the end every acknowledged
message and entry stands in the database once.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import random
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

from tests.standing import BESIDE, RunningClinic, backends

TARGETS = ("web", "devices", "jobs", "postgres", "backend", "parent")
WELL_WITHIN_SECONDS = 90
MONITORS = ("STANDING-1", *(f"BESIDE-{number}" for number in range(BESIDE)))


@dataclass
class Sums:
    """What was acknowledged, and what became of it."""

    kills: int = 0
    messages: int = 0
    entries: int = 0
    lost: int = 0
    doubled: int = 0
    killed: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Sums) -> Sums:
        killed = {name: self.killed.get(name, 0) + other.killed.get(name, 0) for name in TARGETS}
        return Sums(
            self.kills + other.kills,
            self.messages + other.messages,
            self.entries + other.entries,
            self.lost + other.lost,
            self.doubled + other.doubled,
            killed,
        )


class Sender(threading.Thread):
    """Sends one thing after another, each until it is acknowledged."""

    def __init__(self, make: Callable[[], tuple[str, bytes]], deliver: Callable[[bytes], bool]) -> None:
        super().__init__(daemon=True)
        self._make, self._deliver = make, deliver
        self.acknowledged: list[str] = []
        self.at: list[datetime] = []
        self.ended = threading.Event()
        self.close: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Go on until told to end."""
        while not self.ended.is_set():
            name, content = self._make()
            while not self.ended.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if self._deliver(content):
                        self.at.append(datetime.now(UTC))
                        self.acknowledged.append(name)
                        break
                time.sleep(0.1)
            time.sleep(0.05)
        self.close()


def _monitor(standing: RunningClinic, name: str) -> Sender:
    from openkap.interop.hl7v2 import sending
    from openkap.interop.hl7v2.framing import END, framed
    from openkap.watch.plausibility import HEART_RATE, SPO2

    link: list[socket.socket] = []

    def make() -> tuple[str, bytes]:
        values = {HEART_RATE: Decimal(random.randint(70, 90)), SPO2: Decimal(random.randint(95, 99))}
        content = sending.message(values, monitor=name, at=datetime.now(UTC))
        return hashlib.sha256(content).hexdigest(), content

    def deliver(content: bytes) -> bool:
        try:
            if not link:
                link.append(socket.create_connection(("127.0.0.1", standing.mllp_port), timeout=15))
            link[0].sendall(framed(content))
            heard = b""
            while END not in heard:
                more = link[0].recv(65_536)
                if not more:
                    raise ConnectionResetError
                heard += more
            return b"MSA|AA|" in heard
        except OSError:
            for one in link:
                one.close()
            link.clear()
            raise

    def close() -> None:
        for one in link:
            one.close()

    sender = Sender(make, deliver)
    sender.close = close
    return sender


def _tablet(standing: RunningClinic) -> Sender:
    path = f"/sessions/{standing.told['session']}/words/"
    token, cookie = "a" * 32, standing.told["keys"]["sam"]
    headers = {
        "Cookie": f"csrftoken={token}; sessionid={cookie}",
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def make() -> tuple[str, bytes]:
        key = str(uuid.uuid4())
        typed = {"text": f"entry {key}", "agreed": "on", "client_id": key, "csrfmiddlewaretoken": token}
        return key, urlencode(typed).encode()

    def deliver(content: bytes) -> bool:
        link = http.client.HTTPConnection("localhost", standing.port, timeout=15)
        try:
            link.request("POST", path, body=content, headers=headers)
            answer = link.getresponse()
            return answer.status == 200 and b'"kept": true' in answer.read()
        finally:
            link.close()

    return Sender(make, deliver)


def _kill(standing: RunningClinic, target: str) -> None:
    if target == "parent":
        assert standing.process is not None
        os.kill(standing.process.pid, signal.SIGKILL)
        standing.process.wait(timeout=30)
        end = time.monotonic() + 60
        while standing.tree() and time.monotonic() < end:
            time.sleep(0.1)
        standing.serve()
    elif target == "backend":
        found = backends(standing)
        if found:
            os.kill(random.choice(found), signal.SIGKILL)
    else:
        os.kill(standing.pid_of(target), signal.SIGKILL)


def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds; how much a busy machine gets done in a second is nobody's fault."""
    end = time.monotonic() + WELL_WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < end, "It did not come to pass in time."
        time.sleep(0.1)


def _wait_well(senders: list[Sender]) -> None:
    """Until each sender has been acknowledged twice more."""
    goal = [len(one.acknowledged) + 2 for one in senders]
    until(lambda: all(len(one.acknowledged) >= count for one, count in zip(senders, goal, strict=True)))


def run(standing: RunningClinic, *, kills: int, seed: int) -> Sums:
    """So many kills, in an order the seed gives; every kind comes round."""
    chance = random.Random(seed)
    rounds = kills // len(TARGETS) + 1
    order = [target for _ in range(rounds) for target in chance.sample(TARGETS, len(TARGETS))]
    sums = Sums()
    with writing(standing) as senders:
        for target in order[:kills]:
            _wait_well(senders)
            time.sleep(chance.uniform(0, 0.5))
            _kill(standing, target)
            sums.kills += 1
            sums.killed[target] = sums.killed.get(target, 0) + 1
        _wait_well(senders)
    count(standing, sums, *acknowledged(senders))
    return sums


def acknowledged(senders: list[Sender], *, before: datetime | None = None) -> tuple[list[str], list[str]]:
    """The messages of the monitors and the entries of the tablet that were acknowledged, before a moment."""
    told = [
        [name for name, at in zip(one.acknowledged, one.at, strict=True) if before is None or at < before]
        for one in senders
    ]
    return [name for names in told[:-1] for name in names], told[-1]


@contextlib.contextmanager
def writing(standing: RunningClinic) -> Iterator[list[Sender]]:
    """Monitors that speak at once, and a tablet that keeps entries, for the length of the block."""
    senders = [*(_monitor(standing, name) for name in MONITORS), _tablet(standing)]
    for sender in senders:
        sender.start()
    try:
        yield senders
    finally:
        for sender in senders:
            sender.ended.set()
        for sender in senders:
            sender.join(timeout=60)


def count(standing: RunningClinic, sums: Sums, messages: list[str], entries: list[str]) -> None:
    """Compare what was acknowledged with what is in the database."""
    sums.messages, sums.entries = len(messages), len(entries)
    with standing.server._superuser("openkap") as link:
        hashes = link.execute("SELECT encode(content_hash, 'hex') FROM interop_devicemessage")
        kept = [str(row[0]) for row in hashes]
        keys = [str(row[0]) for row in link.execute("SELECT client_id FROM watch_remark")]
        read = link.execute("SELECT DISTINCT message_id FROM watch_vital WHERE source = 'monitor'")
        charted = len(read.fetchall())
        twice = link.execute(
            "SELECT count(*) FROM (SELECT 1 FROM watch_vital WHERE source = 'monitor' "
            "GROUP BY message_id, code HAVING count(*) > 1) AS more"
        ).fetchone()
    for name, found in [*((name, kept) for name in messages), *((name, keys) for name in entries)]:
        times = found.count(name)
        sums.lost += times == 0
        sums.doubled += times > 1
    assert twice is not None
    sums.doubled += int(str(twice[0]))
    sums.lost += max(len(messages) - charted, 0)
