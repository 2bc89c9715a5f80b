"""What each `openkap` command does, once Django is set up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openkap.config import checks, server
from openkap.config import database as schema
from openkap.config.backup import verbs as backup
from openkap.config.embedded import EmbeddedServer
from openkap.config.family import Lock
from openkap.config.keys import load_or_make


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def embedded() -> EmbeddedServer | None:
    """The embedded server of these settings, or None when the clinic has its own PostgreSQL."""
    if not settings.ENV.embedded:
        return None
    return EmbeddedServer(settings.ENV.data_dir, load_or_make(settings.ENV.data_dir))


@contextmanager
def database() -> Iterator[None]:
    """A database that answers, for the length of the block."""
    server = embedded()
    if server is None:
        yield
        return
    with server.running():
        yield


@contextmanager
def clinics() -> Iterator[None]:
    """A database that answers and holds what `openkap init` makes; else `NotPrepared` says that it is not."""
    with database():
        schema.must_be_set_up()
        yield


def run(arguments: argparse.Namespace) -> int:
    """Do what the command line says."""
    verbs = {
        "serve": _serve,
        "demo": _demo,
        "init": _init,
        "migrate": _migrate,
        "check": _check,
        "audit": _audit,
        "devices": _devices,
    }
    return verbs[arguments.verb](arguments)


def _serve(arguments: argparse.Namespace) -> int:
    if settings.OPENKAP_DEMO:
        sys.stderr.write("openkap: OPENKAP_DEMO is on; a real clinic is not served with the demo's pages.\n")
        return 2
    backup.usable(settings.ENV)
    return server.Supervisor(embedded()).run()


def _demo(arguments: argparse.Namespace) -> int:
    from openkap.config.demo import start

    return start.run(embedded(), fresh=arguments.fresh, reload=arguments.reload)


def _init(arguments: argparse.Namespace) -> int:
    from openkap.config import first_clinic

    with database():
        say("Bringing the database up to date; the first time this takes about a minute …")
        schema.migrate()
        return first_clinic.run(arguments.file, another=arguments.another)


def _migrate(arguments: argparse.Namespace) -> int:
    from openkap.config import upgrade

    return upgrade.run(without_backup=arguments.without_backup, say=say)


def _check(arguments: argparse.Namespace) -> int:
    with clinics():
        problems = [*checks.problems(), *checks.the_jobs_run(), *checks.checkpoints_are_made()]
        problems += checks.backups_are_made()
    if not Lock(settings.ENV.data_dir).is_held():
        problems += checks.ports()
    for problem in problems:
        say(f"✕ {problem}")
    say("✓ Every check passed." if not problems else f"{len(problems)} of the checks failed.")
    return 1 if problems else 0


def _audit(arguments: argparse.Namespace) -> int:
    from openkap.config import checkpoints

    if arguments.act == "key":
        if arguments.new:
            older = checkpoints.new_key(at=timezone.now())
            say(f"{older} checkpoints of the old key were put aside. The new public key, to be written down:")
        say(checkpoints.signing_key().public_key().public_bytes_raw().hex())
        return 0
    with clinics():
        if arguments.act == "checkpoint":
            problems = checkpoints.make(at=timezone.now())
            for problem in problems:
                say(f"✕ {problem}")
            return 1 if problems else 0
        return _report(arguments) if arguments.act == "report" else _verify(arguments)


def _report(arguments: argparse.Namespace) -> int:
    """Who saw a patient, in every clinic that has the number. No clinical fact is printed."""
    from openkap.desk import queries as desk
    from openkap.people.models import Patient
    from openkap.tenancy.clinics import clinic_ids
    from openkap.tenancy.context import inside
    from openkap.tenancy.models import Clinic

    known = False
    for clinic_id in clinic_ids():
        with inside(clinic_id):
            patient = Patient.objects.filter(mrn=arguments.patient).first()
            if patient is None:
                continue
            known, clinic = True, Clinic.objects.get(id=clinic_id)
            say(f"{clinic.name}, {patient.mrn}, the last {arguments.days} days:")
            since = timezone.now() - timedelta(days=arguments.days)
            for it in desk.who_saw(patient, since=since, zone=clinic.tz):
                opened = f"opened {'; '.join(it.opened)}" if it.opened else "saw the name"
                lists = f", on {it.listed} lists" if it.listed else ""
                say(f"  {it.day}  {it.reader} ({it.role}): {opened}{lists}")
    if not known:
        say(f"No clinic here has a record {arguments.patient}.")
    return 0 if known else 1


def _verify(arguments: argparse.Namespace) -> int:
    from openkap.config import checkpoints

    broken = 0
    copies = Path(arguments.checkpoints) if arguments.checkpoints else None
    for verdict in checkpoints.verify(at=timezone.now(), copies=copies, public=arguments.public_key):
        broken += len(verdict.problems)
        if not verdict.problems:
            say(f"✓ {verdict.part}: {verdict.said}")
        for problem in verdict.problems:
            say(f"✕ {verdict.part}: {problem}")
    return 1 if broken else 0


def _devices(arguments: argparse.Namespace) -> int:
    from openkap.interop.hl7v2 import commands as devices

    with clinics():
        return devices.run(arguments)
