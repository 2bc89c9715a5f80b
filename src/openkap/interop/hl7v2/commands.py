"""`openkap devices`: play a recording to the listener, and print what was received."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The acts of `openkap devices`."""
    replay = subparsers.add_parser("replay", help="send a recording to the listener as a monitor would")
    replay.add_argument("file", nargs="?", metavar="FILE", help="a CSV file, one row a minute")
    replay.add_argument("--simulated", action="store_true", help="send a made-up session instead of a file")
    replay.add_argument("--seed", type=int, default=1, help="which made-up session (default 1)")
    replay.add_argument(
        "--speed", type=float, default=1.0, help="how many times faster than life (default 1)"
    )
    replay.add_argument("--monitor", default="OPENKAP-REPLAY", help="the identifier the messages carry")
    replay.add_argument("--patient", default="", help="a record number to put into the messages")
    replay.add_argument("--host", help="where the listener is (default: the settings)")
    replay.add_argument("--port", type=int, help="its port (default: the settings)")
    inbox = subparsers.add_parser("inbox", help="print the messages received, newest last")
    inbox.add_argument("--json", action="store_true", help="one JSON object a message")


def run(arguments: argparse.Namespace) -> int:
    """Do what the command line says."""
    return {"replay": _replay, "inbox": _inbox}[arguments.act](arguments)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _complain(text: str) -> int:
    sys.stderr.write(f"openkap: {text}\n")
    return 2


def _replay(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from openkap.interop.hl7v2 import sending

    if arguments.speed <= 0:
        return _complain("--speed must be above zero.")
    if bool(arguments.file) == arguments.simulated:
        return _complain("Name a file, or say --simulated.")
    try:
        address = (arguments.host or settings.ENV.mllp_host, arguments.port or settings.ENV.mllp_port)
        minutes = (
            sending.made_up(arguments.seed) if arguments.simulated else sending.from_csv(Path(arguments.file))
        )
        answers = sending.send(
            minutes,
            monitor=arguments.monitor,
            address=address,
            speed=arguments.speed,
            patient=arguments.patient,
        )
        refused = 0
        for number, code in answers:
            refused += code != "AA"
            _say(f"minute {number}: {code or 'no answer'}")
    except (ConnectionRefusedError, TimeoutError):
        return _complain(f"Nobody listens at {address[0]}, port {address[1]}. Is `openkap serve` running?")
    except (OSError, sending.BadRecording) as error:
        return _complain(str(error))
    return 1 if refused else 0


def _inbox(arguments: argparse.Namespace) -> int:
    from openkap.interop.hl7v2 import queries
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside

    rows = []
    for clinic_id in clinic_ids():
        with inside(clinic_id):
            rows += queries.journal()
    for row in sorted(rows, key=lambda one: (one.at, one.id)):
        entry = queries.as_json(row)
        _say(json.dumps(entry, ensure_ascii=False) if arguments.json else _line(entry, str(row.reason or "")))
    return 0


def _line(entry: dict[str, object], reason: str) -> str:
    stored = entry["stored"]
    count = len(stored) if isinstance(stored, list) else 0
    where = f"session {entry['session']}" if entry["session"] else f"waiting: {reason}"
    return f"{entry['received_at']} {entry['ack']} {entry['control_id'] or '-'} {count} readings, {where}"
