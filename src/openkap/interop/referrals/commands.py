"""`openkap fhir read`: what would be taken in from a FHIR bundle, as JSON; the reader is the referral page's.

Nothing is stored, and no database is needed: an integrator tries a file out before a clinic sees it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openkap.interop.fhir.bundle import UnderstoodBundle, load, read_bundle
from openkap.interop.fhir.reading import BundleRefused
from openkap.interop.referrals.reading import sort_results
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.systems import address

ASKED = {Answer.YES: "yes", Answer.NO: "none", Answer.NOT_ASKED: "not_asked"}


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The acts of `openkap fhir`."""
    read = subparsers.add_parser("read", help="print what would be taken in from a bundle; nothing is stored")
    read.add_argument("file", metavar="FILE", help="a FHIR R4 bundle (JSON), or - for standard input")


def run(arguments: argparse.Namespace) -> int:
    """Read the file and print what was understood; exit code 2 and a sentence when it is no bundle."""
    at = datetime.now(tz=UTC)
    try:
        content = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        told = as_json(read_bundle(load(content), today=at.date()), at=at)
    except OSError as error:
        return _complain(f"{arguments.file} cannot be read: {error.strerror}.")
    except BundleRefused as error:
        return _complain(" ".join(f"{it.path}: {it.text}" for it in error.problems))
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


def _complain(text: str) -> int:
    sys.stderr.write(f"openkap: {text}\n")
    return 2


def as_json(bundle: UnderstoodBundle, *, at: datetime) -> dict[str, Any]:
    """What would be taken in at this moment, in the stable shape others build on."""
    results = sort_results(bundle, at=at)
    return {
        "patient": _patient(bundle),
        "asked": {
            "problems": ASKED[bundle.asked["problem"]],
            "medicines": ASKED[bundle.asked["medicine"]],
            "allergies": ASKED[bundle.asked["allergy"]],
        },
        "problems": [
            _entry(it, since=it.since, confirmed=it.confirmed, note=it.note) for it in bundle.problems
        ],
        "medicines": [_entry(it, since=it.since, dose=it.dose_text) for it in bundle.medicines],
        "allergies": [
            _entry(it, reaction=it.reaction, confirmed=it.confirmed, note=it.note) for it in bundle.allergies
        ],
        "results": [
            {
                "code": it.code.code,
                "system": address(it.code.system),
                "text": it.text,
                "value": _number(it.value),
                "unit": it.unit,
                "measured_at": it.measured_at.isoformat().replace("+00:00", "Z"),
            }
            for it in results.charted
        ],
        "kept_aside": [
            {"text": it.text, "value": it.value, "unit": it.unit, "reason": it.why} for it in results.kept
        ],
        "not_understood": [
            {"resource": it.resource, "id": it.id or None, "text": it.what, "reason": it.why}
            for it in bundle.not_understood
        ],
        "labels": _codes(bundle.labels),
    }


def _patient(bundle: UnderstoodBundle) -> dict[str, Any]:
    told = bundle.patient
    return {
        "given_name": told.given_name or None,
        "family_name": told.family_name or None,
        "birth_date": told.born or None,
        "sex": told.sex if told.sex != "unknown" else None,
        "phone": told.phone or None,
        "email": told.email or None,
        "address": told.address or None,
        "language": told.language or None,
        "identifiers": [{"system": system or None, "value": value} for system, value in told.identifiers],
    }


def _entry(
    entry: Any,
    *,
    since: str = "",
    dose: str = "",
    reaction: str = "",
    note: str = "",
    confirmed: bool = True,
) -> dict[str, Any]:
    """One entry of a list; every list has the same keys, and what does not belong to it is null."""
    return {
        "text": entry.text,
        "codes": _codes(entry.codes),
        "active": entry.active,
        "confirmed": confirmed,
        "since": since or None,
        "dose": dose or None,
        "reaction": reaction or None,
        "note": note or None,
    }


def _codes(codes: Iterable[Code]) -> list[dict[str, str | None]]:
    return [
        {"system": address(it.system) or None, "code": it.code or None, "display": it.display or None}
        for it in codes
    ]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
