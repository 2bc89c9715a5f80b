"""What may be typed after `openkap backup`, `restore` and `drill`. It loads nothing that does the work."""

from __future__ import annotations

import argparse

Verbs = argparse._SubParsersAction


def add_arguments(verbs: Verbs[argparse.ArgumentParser]) -> None:
    """What may be typed."""
    backup = verbs.add_parser("backup", help="make a backup now, list those there are, or make the key")
    backup.add_argument("act", nargs="?", choices=("now", "list", "key"), default="now")
    backup.add_argument("--to", default="", metavar="PLACE", help="another place than OPENKAP_BACKUP_TO")
    for name, told in (
        ("restore", "bring a clinic back"),
        ("drill", "try whether the backup can be restored"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("--from", dest="source", default="", metavar="PLACE", help="where the backup is")
        verb.add_argument("--key", metavar="FILE", help="the recovery key; asked for when left out")
        verb.add_argument(
            "--of", default="", metavar="NAME", help="which installation, when several are there"
        )
        verb.add_argument("--timeline", type=int, default=0, metavar="N", help="when two machines sent there")
        verb.add_argument("--until", metavar="TIME", help="as it was at this moment, 2026-11-26T14:30 (UTC)")
