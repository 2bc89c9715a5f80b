"""What a monitor's message costs the clinic that stands: to its answer, and in processor time by process.

A clinic of its own with everything that makes an answer durable on; monitors on loopback, each on its own
connection, four readings a message: so many a second whatever is answered, or as fast as they are answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from openkap.config.machine import web_workers
from tests.bench.__main__ import machine
from tests.standing import BESIDE, ROOT, RunningClinic, children

MONITORS, SECONDS, SETTLE_SECONDS = 50, 15.0, 3.0
TICKS = os.sysconf("SC_CLK_TCK")
ROLES = {
    "processes devices": "listener",
    "processes web": "web",
    "processes jobs": "jobs",
    "postgres": "database",
}


def fill(count: int) -> None:
    """So many sessions beside the first, each with a monitor; within the settings of the clinic built."""
    import django

    django.setup()
    from django.utils import timezone

    from openkap.accounts.actor import Actor
    from openkap.accounts.models import Membership
    from openkap.dosing.tests.scene import beside
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside
    from openkap.watch.models import Session

    [clinic_id] = clinic_ids()
    with inside(clinic_id):
        member = Membership.objects.select_related("user").get(role="coordinator")
        kit = Actor(clinic_id, member.role, member.user.name, member.user_id, member.id)
        session = Session.objects.order_by("at", "id")[0]
        here = SimpleNamespace(session=session, at=timezone.now(), cast=SimpleNamespace(kit=kit))
        beside(here, count=count - BESIDE, first=BESIDE)  # type: ignore[arg-type]


@dataclass
class Figures:
    """What one run took."""

    answered: int = 0
    seconds: float = 0.0
    waits_ms: list[float] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    cpu_ms: dict[str, float] = field(default_factory=dict)

    def told(self, name: str) -> str:
        """One line of the table."""
        waits = sorted(self.waits_ms)
        middle, high = statistics.median(waits), waits[min(int(len(waits) * 0.99), len(waits) - 1)]
        each = {role: ms / self.answered for role, ms in self.cpu_ms.items()}
        costs = " + ".join(f"{role} {each[role]:.1f}" for role in ("listener", "database", "web"))
        rate = self.answered / self.seconds
        return f"  {name:<34}{rate:6.1f}/s  answer {middle:6.0f}, 99 in 100 {high:6.0f} ms   CPU ms {costs}"


def cpu_ms(standing: RunningClinic) -> dict[str, float]:
    """The processor time each kind of process has had until now, in milliseconds."""
    used: dict[str, float] = defaultdict(float)
    parent = standing.pid_of("postgres")
    lines = {**standing.tree(), **dict.fromkeys([parent, *children(parent)], "postgres")}
    for pid, line in lines.items():
        role = next((role for mark, role in ROLES.items() if mark in line), "other")
        with contextlib.suppress(OSError):
            after = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ended = int(after[13]) + int(after[14])  # of its processes that ended meanwhile
            used[role] += (int(after[11]) + int(after[12]) + ended) * 1000 / TICKS
    return used


def _message(name: str, turn: int) -> bytes:
    from openkap.interop.hl7v2 import sending
    from openkap.watch.plausibility import BREATHING, HEART_RATE, OXIMETER_PULSE, SPO2

    values = {HEART_RATE: 70 + turn % 9, OXIMETER_PULSE: 71 + turn % 9, SPO2: 97, BREATHING: 14}
    numbers = {code: Decimal(value) for code, value in values.items()}
    return sending.message(numbers, monitor=name, at=datetime.now(UTC))


async def monitor(
    port: int, name: str, *, every: float | None, phase: float, until: float, figures: Figures
) -> None:
    """One monitor: a message every so many seconds (or as soon as the last is answered), until then."""
    from openkap.interop.hl7v2.framing import END, framed

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due, turn = time.monotonic(), 0
    if every is not None:
        due += every * phase
    while due < until:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        began = time.monotonic() if every is None else due
        figures.sent_at.append(began)
        writer.write(framed(_message(name, turn)))
        answer = await reader.readuntil(END)
        assert b"MSA|AA|" in answer, answer
        figures.waits_ms.append((time.monotonic() - began) * 1000)
        figures.answered += 1
        turn += 1
        due = time.monotonic() if every is None else due + every
    writer.close()


def load(
    standing: RunningClinic, names: list[str], *, every: float | None, seconds: float = SECONDS
) -> Figures:
    """These monitors speak for so long."""
    figures = Figures()
    before, began = cpu_ms(standing), time.monotonic()

    async def all_of_them() -> None:
        until = began + seconds
        talks = (
            monitor(
                standing.mllp_port,
                name,
                every=every,
                phase=place / len(names),
                until=until,
                figures=figures,
            )
            for place, name in enumerate(names)
        )
        await asyncio.gather(*talks)

    asyncio.run(all_of_them())
    figures.seconds = time.monotonic() - began
    after = cpu_ms(standing)
    figures.cpu_ms = {role: after[role] - before[role] for role in after}
    return figures


@contextlib.contextmanager
def a_clinic(*, monitors: int) -> Iterator[RunningClinic]:
    """A clinic that stands, durable, with so many sessions and monitors besides its first."""
    from tests import standing

    folder = Path(tempfile.mkdtemp(prefix="openkap-bench-"))
    saved, standing.QUICK = standing.QUICK, {}
    built = standing.build_alone(folder)
    try:
        with built.server.running():
            around = {**built.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
            line = [sys.executable, "-c", f"from tests.bench.messages import fill; fill({monitors})"]
            subprocess.run(line, env=around, cwd=ROOT, check=True)
        built.more["OPENKAP_MLLP_CONNECTIONS"] = "1000"  # all of them speak from this machine
        built.more["OPENKAP_WEB_WORKERS"] = str(web_workers())  # as many as it would have here by itself
        built.serve()
        yield built
    finally:
        standing.QUICK = saved
        standing.clear(built)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure, and print."""
    names = ["STANDING-1", *(f"BESIDE-{number}" for number in range(MONITORS - 1))]
    print(f"Messages of monitors, four readings each ({machine()})")
    with a_clinic(monitors=MONITORS - 1) as clinic:
        load(clinic, names[:1], every=1.0, seconds=SETTLE_SECONDS)
        for name, some, every in (
            ("1 monitor, each second", names[:1], 1.0),
            ("8 monitors, each second", names[:8], 1.0),
            ("50 monitors, each second", names, 1.0),
            ("1 monitor, as fast as answered", names[:1], None),
            ("50 monitors, as fast as answered", names, None),
        ):
            print(load(clinic, some, every=every).told(name))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
