"""The `openkap` command: what a clinic types to start, set up, check and look after its system."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from openkap import __version__
from openkap.config.backup import typed as backup
from openkap.interop.assess import commands as assess
from openkap.interop.referrals import commands as referrals
from openkap.protocols import commands as protocols
from openkap.tenancy.roles import Roles

# They answer from what they are given: no Django, no keys, no data folder.
WITHOUT_A_DATABASE: dict[str, Callable[[argparse.Namespace], int]] = {
    "assess": assess.run,
    "fhir": referrals.run,
    "protocols": protocols.run,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openkap", description="OpenKAP, the clinical system for ketamine-assisted psychotherapy."
    )
    parser.add_argument("--version", action="version", version=f"openkap {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verbs.add_parser("serve", help="run the site, the jobs, the device listener and the embedded database")
    demo = verbs.add_parser("demo", help="run a synthetic clinic on http://localhost:8000")
    demo.add_argument("--fresh", action="store_true", help="throw the demo clinic away and make a new one")
    demo.add_argument("--reload", action="store_true", help="reload the site when its code changes")
    init = verbs.add_parser("init", help="set up a real first clinic")
    init.add_argument("--from", dest="file", metavar="FILE", help="a YAML file with the answers")
    init.add_argument("--another", action="store_true", help="found one more clinic beside those here")
    migrate = verbs.add_parser(
        "migrate", help="bring the database up to date, after a backup; all or nothing"
    )
    migrate.add_argument("--without-backup", action="store_true", help="you have made one your own way")
    verbs.add_parser("check", help="run every start-up check and say what fails")
    audit = verbs.add_parser("audit", help="the audit record").add_subparsers(dest="act", required=True)
    _add_audit(audit)
    _add_database(verbs)
    _add_devices(verbs)
    told = "what a protocol says of the facts in a file: whether, how much, what to watch"
    assess.add_arguments(verbs.add_parser("assess", help=told))
    fhir = verbs.add_parser("fhir", help="FHIR bundles").add_subparsers(dest="act", required=True)
    referrals.add_arguments(fhir)
    packs = verbs.add_parser("protocols", help="protocol packs").add_subparsers(dest="act", required=True)
    protocols.add_arguments(packs)
    backup.add_arguments(verbs)
    manage = verbs.add_parser("manage", help="Django's own commands", add_help=False)
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _add_database(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    acts = verbs.add_parser("database", help="a PostgreSQL of your own").add_subparsers(
        dest="act", required=True
    )
    prepare = acts.add_parser(
        "prepare", help="make roles, database and rights on it, and print the addresses"
    )
    prepare.add_argument("address", nargs="?", help="an administrator's address; asked for when left out")
    prepare.add_argument("--database", default="openkap", help="the database's name (openkap)")
    for role, default in asdict(Roles()).items():
        told = f"the name of its {role} role ({default})"
        prepare.add_argument(f"--{role}", default=default, metavar="ROLE", help=told)


def _add_audit(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = acts.add_parser("verify", help="check every chain, and the signed checkpoints against it")
    verify.add_argument("--checkpoints", metavar="FOLDER", help="copies from elsewhere to check against")
    verify.add_argument(
        "--public-key", metavar="HEX", default="", help="the key you wrote down (`audit key`)"
    )
    report = acts.add_parser("report", help="who saw one patient's record, day by day")
    report.add_argument("--patient", required=True, metavar="MRN", help="the patient's record number")
    report.add_argument("--days", type=int, default=90, help="how far back (90)")
    acts.add_parser("checkpoint", help="sign now where every chain ends, and send it")
    key = acts.add_parser("key", help="print the public key of the checkpoints, to be written down")
    key.add_argument("--new", action="store_true", help="the old key is lost: begin anew with another")


def _add_devices(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from openkap.interop.hl7v2 import commands as devices

    acts = verbs.add_parser("devices", help="monitors and their messages").add_subparsers(
        dest="act", required=True
    )
    devices.add_arguments(acts)


def _with_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")
    django.setup()


def _demo_surroundings() -> None:
    """The demo keeps to itself: its own data folder, its own switch."""
    from openkap.config import environment

    os.environ["OPENKAP_DEMO"] = "1"
    if not os.environ.get("OPENKAP_DATA_DIR"):
        os.environ["OPENKAP_DATA_DIR"] = str(environment.read().data_dir / "demo")


def _run(arguments: argparse.Namespace) -> int:
    from openkap.config import environment
    from openkap.config.keys import load_or_make

    if arguments.verb == "database":
        from openkap.config import prepare

        return prepare.run(arguments)
    if arguments.verb in ("backup", "restore", "drill"):
        from openkap.config.backup import verbs

        return verbs.run(arguments, with_django=_with_django)
    if arguments.verb == "demo":
        _demo_surroundings()
    load_or_make(environment.read().data_dir)
    _with_django()
    from openkap.config import tasks

    if arguments.verb == "manage":
        from django.core.management import execute_from_command_line

        with tasks.database():
            execute_from_command_line(["openkap manage", *arguments.rest])
        return 0
    return tasks.run(arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a bad setting or a failed start is one clear sentence and exit code 2."""
    arguments = _parser().parse_args(argv)
    try:
        return WITHOUT_A_DATABASE.get(arguments.verb, _with_an_installation)(arguments)
    except KeyboardInterrupt:
        return 130


def _with_an_installation(arguments: argparse.Namespace) -> int:
    """Run a command that needs settings, keys or a database."""
    from openkap.audit.offsite import NotReached
    from openkap.config.backup.base import BackupFailed
    from openkap.config.backup.sealing import BadBackup
    from openkap.config.environment import BadSetting
    from openkap.config.family import CannotServe
    from openkap.config.system_user import ServerFailed
    from openkap.tenancy.preparing import MigrationFailed, NotPrepared

    try:
        return _run(arguments)
    except (
        *(BadSetting, ServerFailed, CannotServe, NotPrepared),
        *(BadBackup, BackupFailed, NotReached, MigrationFailed),
    ) as error:
        sys.stderr.write(f"openkap: {error}\n")
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
