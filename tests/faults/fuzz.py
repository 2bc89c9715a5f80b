"""`make faults`: a million bent inputs a run for the readers of HL7 and FHIR; resumable, by number."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from openkap.interop.tests.fuzzing import KINDS

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".cache" / "faults" / "fuzz.json"
SAVED_EVERY = 5_000
SHOWN = 20


def _run(kind: str, executions: int, state: dict[str, int], until: float) -> list[int]:
    """The numbers that broke something. The place reached is kept, for the next run to go on from."""
    failed: list[int] = []
    began, first = time.monotonic(), state.get(kind, 0)
    for number in range(first, first + executions):
        try:
            KINDS[kind](number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this run looks for
            failed.append(number)
            if len(failed) <= SHOWN:
                sys.stdout.write(f"{kind} {number}: {type(error).__name__}: {error}\n")
        if number % SAVED_EVERY == 0 or time.monotonic() > until:
            _keep(state | {kind: number + 1})
        if time.monotonic() > until:
            break
    state[kind] = number + 1
    _keep(state)
    done = state[kind] - first
    speed = done / max(time.monotonic() - began, 0.001)
    sys.stdout.write(f"{kind}: {done} inputs from {first} on, {len(failed)} failures, {speed:.0f} a second\n")
    return failed


def _keep(state: dict[str, int]) -> None:
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps(state), encoding="utf-8")


def main() -> int:
    """Bend so many inputs of each kind; exit code 1 when any broke something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=1_000_000, help="how many of each kind (1,000,000)")
    parser.add_argument(
        "--minutes", type=float, default=30, help="stop after this long; the next run goes on (30)"
    )
    parser.add_argument("--anew", action="store_true", help="begin at the first number")
    arguments = parser.parse_args()
    known = {} if arguments.anew or not STATE.exists() else json.loads(STATE.read_text(encoding="utf-8"))
    until = time.monotonic() + arguments.minutes * 60
    failed = [number for kind in KINDS for number in _run(kind, arguments.executions, known, until)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
