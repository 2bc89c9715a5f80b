"""What the record costs: events a second over clinics, and a nurse who writes while others read.

Runs in a PostgreSQL of its own with everything that makes an answer durable on, in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CLINICS, SECONDS, READERS = 8, 8.0, 8


def _together(works: list[Callable[[], None]], *, seconds: float) -> list[list[float]]:
    """Each in a thread of its own, again and again for so long; the milliseconds of every call."""
    from django.db import connection

    end, taken = time.monotonic() + seconds, [list[float]() for _ in works]

    def again(work: Callable[[], None], times: list[float]) -> None:
        while time.monotonic() < end:
            began = time.perf_counter()
            work()
            times.append((time.perf_counter() - began) * 1000)
        connection.close()

    pairs = zip(works, taken, strict=True)
    threads = [threading.Thread(target=again, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _acts(cast: Any) -> Callable[[], None]:
    from openkap.audit.actions import record
    from openkap.tenancy.context import inside
    from tests.events import SomethingDone

    def act() -> None:
        with inside(cast.clinic.id):
            record(SomethingDone(), by=cast.sam, at=datetime.now(UTC), patient_id=cast.amara.id)

    return act


def _reads(cast: Any) -> Callable[[], None]:
    from openkap.audit.actions import record_reading
    from openkap.tenancy.context import inside

    def read() -> None:
        with inside(cast.clinic.id):
            record_reading("desk:today", by=cast.kit, at=datetime.now(UTC), patients=[cast.amara.id])

    return read


def _told(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.95)]
    print(f"  {name:<44} {statistics.median(times):8.2f} ms, 95 in 100 within {high:.2f} ms")


def measure() -> None:
    """Print the figures; within the settings of the clinic that was built for it."""
    import django

    django.setup()
    from openkap.tenancy.context import inside
    from tests import cast as casts

    made = []
    for number in range(CLINICS):
        clinic = casts.found_clinic(f"Clinic {number}")
        with inside(clinic.id):
            made.append(casts.people_of(clinic))
    for count in (1, CLINICS):
        taken = _together([_acts(cast) for cast in made[:count]], seconds=SECONDS)
        rate = sum(len(times) for times in taken) / SECONDS
        print(f"  events over {count} clinic{'s' if count > 1 else ''}, durable {rate:26.0f} a second")
    one = made[0]
    (alone,) = _together([_acts(one)], seconds=SECONDS)
    beside, *others = _together([_acts(one), *[_reads(one)] * READERS], seconds=SECONDS)
    other, *acting = _together([_acts(one), *[_acts(made[1])] * READERS], seconds=SECONDS)
    _told("a nurse writes, alone", alone)
    _told(f"a nurse writes, {READERS} read the same clinic", beside)
    _told(f"a nurse writes, {READERS} write in another clinic", other)
    reads, acts = (sum(map(len, some)) / SECONDS for some in (others, acting))
    print(f"  {reads:.0f} readings a second went on beside her, or {acts:.0f} other events")


def main() -> None:
    """Build the clinic, and measure in it."""
    from tests import standing

    folder = Path(tempfile.mkdtemp(prefix="openkap-bench-"))
    saved, standing.QUICK = standing.QUICK, {}
    built = standing.build_alone(folder)
    try:
        with built.server.running():
            around = {**built.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
            line = [sys.executable, "-c", "from tests.bench.record import measure; measure()"]
            subprocess.run(line, env=around, cwd=standing.ROOT, check=True)
    finally:
        standing.QUICK = saved
        standing.clear(built)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    print("The record")
    main()
