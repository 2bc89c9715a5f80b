"""What a backup costs and what a disaster would: size, seconds, RPO and RTO, of a clinic and of a larger one.

Runs in a PostgreSQL of its own with everything that makes an answer durable on.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from openkap.config.backup import plan, sealing, state
from tests import kills, standing

FILLER = "INSERT INTO filler SELECT md5(n::text) || md5((n + 1)::text) FROM generate_series(1, 3000000) n"


def _figures(clinic: standing.RunningClinic, key: Path) -> None:
    done = clinic.command("backup", timeout=550)
    print(f"  {done.stdout.strip().splitlines()[-1].removeprefix('✓ ').split(', to ')[0]}")
    done = clinic.command("drill", "--key", str(key), timeout=550)
    print(f"  {done.stdout.strip().splitlines()[-1]}")


def _lost_machine(clinic: standing.RunningClinic) -> None:
    """A monitor and a nurse write, and everything stops at once: how old is the newest that left?"""
    clinic.serve()
    with kills.writing(clinic) as senders:
        end = time.monotonic() + 120
        while time.monotonic() < end and not state.read(clinic.data_dir).sent:
            time.sleep(0.5)
        time.sleep(20)
        ages = []
        for _ in range(40):
            sent = state.read(clinic.data_dir).sent
            assert sent is not None
            ages.append((datetime.now(UTC) - sent).total_seconds())
            time.sleep(0.5)
    clinic.stop()
    count = sum(len(one.acknowledged) for one in senders)
    middle = sorted(ages)[len(ages) // 2]
    print(f"  lost with the machine while {count} entries arrive: {middle:.1f} s (most {max(ages):.1f} s)")


def main() -> None:
    """Build the clinic, and measure."""
    folder = Path(tempfile.mkdtemp(prefix="openkap-bench-"))
    saved, standing.QUICK = standing.QUICK, {}
    clinic = standing.build_alone(folder / "clinic")
    secret, public = sealing.new_pair()
    key = folder / "recovery.key"
    key.write_text(secret)
    (folder / "outside").mkdir()
    clinic.more = {"OPENKAP_BACKUP_TO": f"folder://{folder / 'outside'}", "OPENKAP_BACKUP_KEY": public}
    try:
        print("A clinic's first day")
        _figures(clinic, key)
        _lost_machine(clinic)
        with clinic.server.running(), clinic.server._superuser("openkap") as link:
            link.execute("CREATE TABLE public.filler (text text)")
            link.execute("GRANT SELECT ON filler TO openkap_backup")
            link.execute(FILLER)
            row = link.execute("SELECT pg_database_size('openkap')").fetchone()
        assert row is not None
        print(f"A database of {plan.size(int(str(row[0])))}")
        _figures(clinic, key)
    finally:
        standing.QUICK = saved
        standing.clear(clinic)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    print("Backup")
    main()
