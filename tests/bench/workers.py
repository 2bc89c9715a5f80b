"""What a second worker of the site is worth: pages asked for side by side, with one worker and with two.

Eight browsers on loopback ask for the same pages, one after the other, as fast as they are answered.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time

from tests.bench.__main__ import machine
from tests.bench.messages import a_clinic
from tests.bench.screens import asked
from tests.standing import RunningClinic

BROWSERS, SECONDS, WORKERS = 8, 10.0, (1, 2, 1, 2)
SETTLE_SECONDS = 5.0


async def _browser(clinic: RunningClinic, waits: list[float], *, until: float) -> None:
    session, patient = clinic.told["session"], clinic.told["patient"]
    paths = ("/", f"/patients/{patient}/", f"/sessions/{session}/", f"/sessions/{session}/before/")
    while time.monotonic() < until:
        for path in paths:
            began = time.monotonic()
            reader, writer = await asked(clinic, path)
            await reader.read()
            waits.append((time.monotonic() - began) * 1000)
            writer.close()


async def _measured(clinic: RunningClinic) -> str:
    waits: list[float] = []
    await _browser(clinic, [], until=time.monotonic() + 1)
    began = time.monotonic()
    await asyncio.gather(*(_browser(clinic, waits, until=began + SECONDS) for _ in range(BROWSERS)))
    pages = len(waits) / (time.monotonic() - began)
    ordered = sorted(waits)
    high = ordered[int(len(ordered) * 0.95)]
    return f"{pages:5.1f} pages/s   {statistics.median(ordered):.0f} ms, 95 in 100 {high:.0f} ms"


def main() -> None:
    """Measure, and print."""
    print(f"Pages for {BROWSERS} browsers at once ({machine()})")
    with a_clinic(monitors=0) as clinic:
        for workers in WORKERS:
            clinic.stop()
            clinic.more["OPENKAP_WEB_WORKERS"] = str(workers)
            clinic.serve()
            time.sleep(SETTLE_SECONDS)
            print(f"  {workers} worker{'s' if workers > 1 else ' '}   {asyncio.run(_measured(clinic))}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
