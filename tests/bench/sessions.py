"""A full clinic: every session with a monitor that speaks each second and one open screen of its own.

What counts is a reading's way from its monitor to the screen of its session. Monitors, screens and the site
share this machine's cores, so the figure is an upper bound of what a clinic's own server takes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from bisect import bisect_left

from tests.bench.__main__ import machine
from tests.bench.messages import Figures, a_clinic, cpu_ms, monitor
from tests.bench.screens import LOST_SECONDS, asked, spread
from tests.standing import RunningClinic

SESSIONS, SECONDS = (50, 100, 200), 15.0
BEGIN_SECONDS = 5.0  # every room is read once when its monitor begins
GATHERED_SECONDS = 4.0  # what is not there after that counts as lost
READER = "kit"
TOLD = {b"event: answer\n": 0, b"event: values\n": 0}


def paired(clinic: RunningClinic) -> dict[str, str]:
    """The session of each monitor."""
    query = """
        SELECT m.identifier, p.session_id::text FROM watch_pairing p
        JOIN watch_monitor m ON m.id = p.monitor_id WHERE p.ended_at IS NULL"""
    with clinic.server._superuser("openkap") as link:
        return {str(name): str(session) for name, session in link.execute(query).fetchall()}


async def _screen(clinic: RunningClinic, session: str, heard: list[float], opened: asyncio.Semaphore) -> None:
    async with opened:
        reader, writer = await asked(clinic, f"/sessions/{session}/stream/", who=READER)
    try:
        while line := await reader.readline():
            if line in TOLD:
                heard.append(time.monotonic())
                TOLD[line] += 1
    finally:
        writer.close()


async def _measured(clinic: RunningClinic, sessions: dict[str, str]) -> str:
    heard: dict[str, list[float]] = {name: [] for name in sessions}
    sent = {name: Figures() for name in sessions}
    opened = asyncio.Semaphore(16)
    screens = [
        asyncio.create_task(_screen(clinic, key, heard[name], opened)) for name, key in sessions.items()
    ]
    await asyncio.sleep(2 + len(sessions) / 20)
    before, began = cpu_ms(clinic), time.monotonic()
    TOLD.update(dict.fromkeys(TOLD, 0))
    talks = [
        monitor(
            clinic.mllp_port,
            name,
            every=1.0,
            phase=place / len(sessions),
            until=began + BEGIN_SECONDS + SECONDS,
            figures=sent[name],
        )
        for place, name in enumerate(sessions)
    ]
    await asyncio.gather(*talks)
    spent = time.monotonic() - began
    used = {role: ms - before[role] for role, ms in cpu_ms(clinic).items()}
    await asyncio.sleep(GATHERED_SECONDS)
    for task in screens:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*screens, return_exceptions=True)
    since = began + BEGIN_SECONDS
    counted = [
        (name, at, wait)
        for name, figures in sent.items()
        for at, wait in zip(figures.sent_at, figures.waits_ms, strict=True)
        if at >= since
    ]
    delays = [delay_ms(at, heard[name]) for name, at, _ in counted]
    waits = [wait for _, _, wait in counted]
    cores = ", ".join(f"{role} {used[role] / spent / 1000:.2f}" for role in ("listener", "database", "web"))
    answers, values = TOLD.values()
    return (
        f"  {len(sessions):>3} sessions, a screen each   answer {spread(waits)}   "
        f"reading to screen {spread(delays)}   "
        f"whole rooms {answers}, values {values}   cores: {cores}"
    )


def delay_ms(sent: float, heard: list[float]) -> float:
    """From a message to the next answer of its session's screen; one that never came counts in full."""
    place = bisect_left(heard, sent)
    return (heard[place] - sent if place < len(heard) else LOST_SECONDS) * 1000


def main() -> None:
    """Measure, and print."""
    print(f"A full clinic, each monitor speaks each second ({machine()})")
    with a_clinic(monitors=max(SESSIONS) - 1) as clinic:
        sessions = paired(clinic)
        names = sorted(sessions)
        for count in SESSIONS:
            print(asyncio.run(_measured(clinic, {name: sessions[name] for name in names[:count]})))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
