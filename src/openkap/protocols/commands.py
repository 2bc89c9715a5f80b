"""`openkap protocols check FILE`: whether a clinic's own pack loads, and each fault by line and key.

Nothing is stored, and no database is needed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from openkap.kernel.evidence import Status
from openkap.protocols import loading
from openkap.protocols.pack import Pack


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The acts of `openkap protocols`."""
    check = subparsers.add_parser(
        "check", help="say whether a pack of your own loads, and what is wrong in it"
    )
    check.add_argument("file", metavar="FILE", help="a protocol pack (YAML), or - for standard input")


def run(arguments: argparse.Namespace) -> int:
    """Read the pack and say what it holds; exit code 2 and a line for each fault when it does not load."""
    name = "standard input" if arguments.file == "-" else arguments.file
    try:
        content = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        _, pack = loading.read_own(content)
    except OSError as error:
        return _complain([f"{name} cannot be read: {error.strerror}."])
    except loading.PackError as error:
        return _complain([f"{name}: {text}" for text in error.errors])
    sys.stdout.write(f"{_told(pack)}\n")
    return 0


def _told(pack: Pack) -> str:
    rows = [row for _, section in pack.rows() for row in section]
    open_rows = [row for row in rows if row.status is not Status.VERIFIED]
    return (
        f"{pack.name} loads: {pack.title}. {len(rows)} rows, of which {len(open_rows)} are not verified in a "
        f"source and act as a stop only once the medical director has signed them. SHA-256 {pack.hash}."
    )


def _complain(errors: list[str]) -> int:
    for text in errors:
        sys.stderr.write(f"openkap: {text}\n")
    return 2
