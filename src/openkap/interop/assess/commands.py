"""`openkap assess`: what a protocol says of the facts in a file, as JSON; the rules are those of the pages.

Nothing is stored, and no database is needed.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from openkap.interop.assess.answer import assess
from openkap.interop.assess.case import BadCase, read_case, schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `openkap assess` is told."""
    parser.add_argument(
        "facts", metavar="FACTS", nargs="?", help="a JSON or YAML file, or - for standard input"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the facts")
    signed = "answer for a clinic whose medical director has signed every row of this protocol"
    parser.add_argument("--signed", metavar="PACK", default="", help=signed)


def run(arguments: argparse.Namespace) -> int:
    """Print the answer; exit code 2 and a sentence for each fault when the facts cannot be taken."""
    if arguments.schema:
        return _print(schema())
    if arguments.facts is None:
        return _complain(["Name a file of facts, or - for standard input."])
    try:
        content = sys.stdin.buffer.read() if arguments.facts == "-" else Path(arguments.facts).read_bytes()
        case = read_case(content, today=datetime.now(tz=UTC).date())
        return _print(assess(case, signed_pack=arguments.signed))
    except OSError as error:
        return _complain([f"{arguments.facts} cannot be read: {error.strerror}."])
    except BadCase as error:
        return _complain(error.errors)


def _print(told: object) -> int:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


def _complain(errors: list[str]) -> int:
    for text in errors:
        sys.stderr.write(f"openkap: {text}\n")
    return 2
