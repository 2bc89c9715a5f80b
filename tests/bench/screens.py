"""What open screens cost the clinic that stands: a reading's way to each of them, and every other page.

Screens are streams of one dosing room on loopback, while fifty monitors speak each second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import time

from tests.bench.__main__ import machine
from tests.bench.messages import Figures, a_clinic, monitor
from tests.standing import RunningClinic

MONITORS, SECONDS, SCREENS = 50, 15.0, (0, 200, 500)
PAGE_SECONDS = 0.5
LOST_SECONDS = 10.0


async def asked(
    clinic: RunningClinic, path: str, *, who: str = "sam"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", clinic.port)
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"Cookie: sessionid={clinic.told['keys'][who]}"]
    writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
    await writer.drain()
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=60)).decode()
    assert " 200 " in head.splitlines()[0], head
    return reader, writer


async def _screen(clinic: RunningClinic, heard: list[float], opened: asyncio.Semaphore) -> None:
    """One open room: the moments it was told of a change."""
    async with opened:
        reader, writer = await asked(clinic, f"/sessions/{clinic.told['session']}/stream/")
    try:
        while line := await reader.readline():
            if line in (b"event: answer\n", b"event: values\n"):
                heard.append(time.monotonic())
    finally:
        writer.close()


async def _pages(clinic: RunningClinic, waits: list[float], *, until: float) -> None:
    """Another page, again and again."""
    while time.monotonic() < until:
        began = time.monotonic()
        reader, writer = await asked(clinic, "/alerts/")
        await reader.read()
        waits.append((time.monotonic() - began) * 1000)
        writer.close()
        await asyncio.sleep(PAGE_SECONDS)


async def _measured(clinic: RunningClinic, names: list[str], *, screens: int) -> str:
    heard: list[list[float]] = [[] for _ in range(screens)]
    opened = asyncio.Semaphore(16)
    open_now = [asyncio.create_task(_screen(clinic, one, opened)) for one in heard]
    await asyncio.sleep(1 + screens / 50)
    until, waits, figures = time.monotonic() + SECONDS, list[float](), Figures()
    first = Figures()
    talks = [
        monitor(
            clinic.mllp_port,
            name,
            every=1.0,
            phase=place / len(names),
            until=until,
            figures=first if place == 0 else figures,
        )
        for place, name in enumerate(names)
    ]
    await asyncio.gather(_pages(clinic, waits, until=until), *talks)
    await asyncio.sleep(1)
    for task in open_now:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*open_now, return_exceptions=True)
    delays = [
        (next((at for at in one if at >= sent), sent + LOST_SECONDS) - sent) * 1000
        for sent in first.sent_at
        for one in heard
    ]
    return f"  {screens:>3} screens   another page {spread(waits)}   reading to screen {spread(delays)}"


def spread(times_ms: list[float]) -> str:
    if not times_ms:
        return "-"
    ordered = sorted(times_ms)
    high = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return f"{statistics.median(ordered):.0f}, 99 in 100 {high:.0f} ms"


def main() -> None:
    """Measure, and print."""
    names = ["STANDING-1", *(f"BESIDE-{number}" for number in range(MONITORS - 1))]
    print(f"Open screens, while {MONITORS} monitors speak each second ({machine()})")
    with a_clinic(monitors=MONITORS - 1) as clinic:
        asyncio.run(_measured(clinic, names[:1], screens=0))
        for screens in SCREENS:
            print(asyncio.run(_measured(clinic, names, screens=screens)))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
