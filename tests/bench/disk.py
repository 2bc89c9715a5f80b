"""What a monitor's reading takes on disk: while its session is young, and archived a month after."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.bench.__main__ import machine
from tests.bench.messages import a_clinic
from tests.standing import ROOT, RunningClinic

MESSAGES, TOGETHER, READINGS = 7_200, 10, 4  # two hours, each second
_SIZES = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' WHERE c.relkind = 'r'
"""


def fill() -> None:
    """Two hours of a monitor, four readings a second; within the settings of the clinic built."""
    import django

    django.setup()
    from django.utils import timezone

    from openkap.interop.hl7v2 import sending
    from openkap.interop.hl7v2.actions import SentFrame, receive, receive_all
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside
    from openkap.watch.models import Pairing, Session
    from openkap.watch.plausibility import BREATHING, HEART_RATE, OXIMETER_PULSE, SPO2

    [clinic_id] = clinic_ids()
    now = timezone.now()
    began = now - timedelta(seconds=MESSAGES)
    with inside(clinic_id, role="system"):
        Session.objects.update(at=began)
        Pairing.objects.update(at=began)

    def message(turn: int) -> bytes:
        heart = 70 + turn % 9 - turn // 60 % 7
        values = {HEART_RATE: heart, OXIMETER_PULSE: heart + 1, SPO2: 97 - turn // 90 % 3, BREATHING: 14}
        numbers = {code: Decimal(value) for code, value in values.items()}
        return sending.message(numbers, monitor="STANDING-1", at=began + timedelta(seconds=turn))

    for start in range(0, MESSAGES, TOGETHER):
        frames = [SentFrame(message(turn)) for turn in range(start, start + TOGETHER)]
        at = began + timedelta(seconds=start + TOGETHER)
        for frame, together in zip(frames, receive_all(frames, at=at), strict=True):
            answer = together or receive(frame.content, at=at)  # the clock may have held its session
            assert answer.code == "AA", answer


def archive() -> None:
    """A month goes by, and the night archives; within the settings of the clinic built."""
    import django

    django.setup()
    from openkap.accounts.actor import Actor
    from openkap.interop.hl7v2.actions import archive_messages
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside
    from openkap.watch import actions
    from openkap.watch.models import Session

    [clinic_id] = clinic_ids()
    clock, at = Actor.system(clinic_id, "The clock"), datetime.now(UTC)
    with inside(clinic_id, role="system"):
        Session.objects.update(closed_at=at - timedelta(days=31))
        keys = list(Session.objects.values_list("id", flat=True))
    for key in keys:
        with inside(clinic_id, role="system"):
            actions.archive(key, by=clock, at=at)
            archive_messages(key, by=clock, at=at)


def _within(clinic: RunningClinic, what: str) -> None:
    around = {**clinic.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
    line = [sys.executable, "-c", f"from tests.bench.disk import {what}; {what}()"]
    subprocess.run(line, env=around, cwd=ROOT, check=True)


def _told(name: str, before: Mapping[str, int], after: Mapping[str, int]) -> str:
    each = {table: (size - before.get(table, 0)) / MESSAGES / READINGS for table, size in after.items()}
    most = sorted(((size, table) for table, size in each.items() if size >= 0.5), reverse=True)
    parts = ", ".join(f"{table} {size:.0f}" for size, table in most)
    return f"  {name:<16}{sum(each.values()):6.0f} bytes a reading   ({parts})"


def main() -> None:
    """Measure, and print."""
    print(f"Disk, {MESSAGES} messages of {READINGS} readings, history and record in it ({machine()})")
    with a_clinic(monitors=0) as clinic, clinic.server.running():
        connection: Any = clinic.server._superuser("openkap")
        connection.autocommit = True

        def sizes() -> dict[str, int]:
            connection.execute("VACUUM FULL")
            return dict(connection.execute(_SIZES).fetchall())

        before = sizes()
        _within(clinic, "fill")
        print(_told("the first month", before, sizes()))
        _within(clinic, "archive")
        print(_told("archived", before, sizes()))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
