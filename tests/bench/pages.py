"""What the pages that gather most cost the server: a chart, a room, a time-out, asked for again and again.

Each page is asked for alone, one time after the other, and what the processes of the site and of its
database took is read from the system.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time

from tests.bench.__main__ import machine
from tests.bench.messages import a_clinic, cpu_ms
from tests.bench.screens import asked
from tests.standing import RunningClinic

WARM, TIMES = 20, 60


def _pages(clinic: RunningClinic) -> dict[str, str]:
    session, patient = clinic.told["session"], clinic.told["patient"]
    return {
        "Today": "/",
        "a chart": f"/patients/{patient}/",
        "screening": f"/patients/{patient}/screening/",
        "a room": f"/sessions/{session}/",
        "a room's live answer": f"/sessions/{session}/live/",
        "a time-out": f"/sessions/{session}/before/",
    }


async def _asked(clinic: RunningClinic, path: str, times: int) -> list[float]:
    waits = []
    for _ in range(times):
        began = time.perf_counter()
        reader, writer = await asked(clinic, path)
        await reader.read()
        waits.append((time.perf_counter() - began) * 1000)
        writer.close()
    return waits


async def _measured(clinic: RunningClinic) -> None:
    for name, path in _pages(clinic).items():
        await _asked(clinic, path, WARM)
        before = cpu_ms(clinic)
        waits = await _asked(clinic, path, TIMES)
        after = cpu_ms(clinic)
        took = {role: (after[role] - before.get(role, 0)) / TIMES for role in after}
        each = ", ".join(f"{role} {ms:.1f}" for role, ms in sorted(took.items()) if ms >= 0.1)
        print(f"  {name:<24}{statistics.median(waits):7.1f} ms   CPU ms: {each}")


def main() -> None:
    """Measure, and print."""
    print(f"Pages, one after the other ({machine()})")
    with a_clinic(monitors=0) as clinic:
        asyncio.run(_measured(clinic))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
