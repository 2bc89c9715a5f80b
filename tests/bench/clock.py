"""What the work by the clock costs an installation of many clinics that sleep."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

from tests.bench.__main__ import machine
from tests.bench.messages import a_clinic, cpu_ms
from tests.standing import BESIDE, ROOT, RunningClinic

CLINICS, MINUTES, SECONDS_A_MINUTE = 1500, 3, 60


def fill(count: int) -> None:
    """So many clinics that have been told that nobody is on call; within the settings of the clinic built."""
    import django

    django.setup()
    from openkap.accounts.actor import Actor
    from openkap.accounts.models import Membership, User
    from openkap.alerts.models import Alert
    from openkap.alerts.statements import AlertStatement
    from openkap.tenancy.context import inside
    from tests.cast import found_clinic

    user, now = User.objects.make(email="sleeper@example.org", name="Sleeper"), datetime.now(UTC)
    for number in range(count):
        clinic = found_clinic(f"Sleeping Clinic {number}")
        with inside(clinic.id, role="system"):
            member = Membership.objects.create(clinic=clinic, user=user, role="administrator", since=now)
            Alert.objects.create(
                kind="nobody_on_call",
                severity="soon",
                says=AlertStatement.NOBODY_ON_CALL(),
                cause_kind="clinic",
                cause_id=clinic.id,
                owner=member,
                due_at=now,
                acknowledged_at=now,
                answered_at=now,
                **Actor.system(clinic.id, "The clock").stamp(now),
            )


def _let_them_sleep(clinic: RunningClinic) -> None:
    """Past the round that tells each clinic of the backup nobody has set up here, and its alerts answered."""
    time.sleep(300 - time.time() % 300 + 75)
    with clinic.server._superuser("openkap") as link:
        link.execute("UPDATE alerts_alert SET acknowledged_at = now(), answered_at = now()")
    time.sleep(SECONDS_A_MINUTE)


def _measured(clinic: RunningClinic, *, name: str) -> None:
    """Whole minutes, each from the second after its round began to the same of the next."""
    time.sleep(SECONDS_A_MINUTE - time.time() % SECONDS_A_MINUTE + 20)
    before, began = cpu_ms(clinic), time.monotonic()
    time.sleep(MINUTES * SECONDS_A_MINUTE)
    after, seconds = cpu_ms(clinic), time.monotonic() - began
    jobs, database = ((after[role] - before[role]) / 1000 / seconds for role in ("jobs", "database"))
    print(f"  {name:<44} jobs {jobs:.3f} + database {database:.3f} cores")


def main() -> None:
    """Measure with one clinic, and again with all that sleep beside it."""
    print(f"Work by the clock ({machine()})")
    with a_clinic(monitors=BESIDE) as clinic:
        _measured(clinic, name="one clinic with four open sessions")
        around = {**clinic.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
        line = [sys.executable, "-c", f"from tests.bench.clock import fill; fill({CLINICS})"]
        subprocess.run(line, env=around, cwd=ROOT, check=True)
        _let_them_sleep(clinic)
        _measured(clinic, name=f"and {CLINICS:,} that sleep")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
