"""`make faults`, second part: processes of a standing clinic killed by the hundred; resumable, sums kept."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path

from tests import kills, standing

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".cache" / "faults"
SUMS, FOLDER = WORK / "kills.json", WORK / "standing"
A_ROUND = 12


def main() -> int:
    """Kill until the wanted number is reached over all runs; print the sums of all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    given = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    told = json.loads(SUMS.read_text()) if SUMS.exists() else {}
    sums = kills.Sums(**told)
    if sums.kills < given.kills:
        shutil.rmtree(FOLDER, ignore_errors=True)
        clinic = standing.build_alone(FOLDER)
        try:
            clinic.serve()
            while sums.kills < given.kills:
                wanted = min(A_ROUND, given.kills - sums.kills)
                began, seed = time.monotonic(), sums.kills
                sums = sums + kills.run(clinic, kills=wanted, seed=seed)
                SUMS.write_text(json.dumps(asdict(sums), indent=1))
                print(f"{sums.kills} kills, seed {seed}, {time.monotonic() - began:.0f} s", flush=True)
        finally:
            standing.clear(clinic)
    print(
        f"{sums.kills} kills {sums.killed}: {sums.messages} messages and {sums.entries} entries "
        f"acknowledged, {sums.lost} lost, {sums.doubled} doubled."
    )
    return 1 if sums.lost or sums.doubled else 0


if __name__ == "__main__":
    raise SystemExit(main())
