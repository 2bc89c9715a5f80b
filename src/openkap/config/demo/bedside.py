"""The demo's bedside monitor: it speaks to the listener like a real one while someone is paired with it.

Made-up numbers, the faults of real monitors among them. It ends with the demo.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from datetime import UTC, datetime, timedelta

EVERY_SECONDS = 10
MONITOR = "HARBOUR-1"
SEED = 7
SPEAKS_FOR = timedelta(hours=4)


def since_opening(at: datetime) -> timedelta | None:
    """How long the session has been open that the monitor is paired with; None when there is none."""
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside
    from openkap.watch import queries as watch_queries

    for clinic_id in clinic_ids():
        with inside(clinic_id):
            monitors = watch_queries.monitor_by_names([MONITOR])
            pairings = list(watch_queries.pairings_now([monitor.id for monitor in monitors]).values())
            opened = next((it.session.at for it in pairings if it is not None), None)
        if opened is not None:
            known: timedelta | None = at - opened
            return known
    return None


def speak(address: tuple[str, int], *, minute: int, with_cuff: bool, at: datetime) -> None:
    """Send the readings of this minute; the cuff only when it has just measured."""
    from openkap.interop.hl7v2 import sending
    from openkap.interop.hl7v2.framing import framed
    from openkap.watch import simulated
    from openkap.watch.plausibility import DBP, MEAN, SBP

    readings = list(simulated.course(seed=SEED, minutes=minute + 1))[minute].values
    values = {code: it for code, it in readings.items() if with_cuff or code not in (SBP, DBP, MEAN)}
    with socket.create_connection(address, timeout=10) as link:
        link.sendall(framed(sending.message(values, monitor=MONITOR, at=at)))
        sending.answered(link)


def main() -> None:
    """Speak every ten seconds, for as long as somebody is paired with the monitor."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connections

    address, last_minute = (settings.ENV.mllp_host, settings.ENV.mllp_port), -1
    while True:
        time.sleep(EVERY_SECONDS)
        at = datetime.now(UTC)
        with contextlib.suppress(Exception):
            open_for = since_opening(at)
            if open_for is not None and open_for < SPEAKS_FOR:
                minute = int(open_for.total_seconds() // 60)
                speak(address, minute=minute, with_cuff=minute != last_minute, at=at)
                last_minute = minute
        connections.close_all()


if __name__ == "__main__":
    main()
