"""The drill: restore the backup beside the clinic, look whether all is there, and throw the copy away.

It says how much would have been lost (RPO: how old the newest change in the copy is) and how long it took
until a person could sign in (RTO).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg import sql

from openkap.config import environment
from openkap.config.backup import dump, plan, state
from openkap.config.backup.places import Within
from openkap.config.backup.restore import Restored, restore
from openkap.config.backup.sealing import BadBackup
from openkap.config.backup.wanted import Wanted, part_of
from openkap.config.embedded import EmbeddedServer
from openkap.config.environment import without_roles
from openkap.config.keys import load_or_make
from openkap.tenancy.preparing import give_rights, make_database, make_roles
from openkap.tenancy.roles import Roles

Say = Callable[[str], None]
DRILL_DATABASE = "drill"
TRIAL_SECONDS = 1800
KEPT_SETTINGS = ("OPENKAP_CHECKPOINT_KEY",)


@dataclass(frozen=True, slots=True)
class DrillOutcome:
    """What a drill found."""

    problems: tuple[str, ...]
    rows: int
    lost_seconds: float
    seconds: float

    @property
    def said(self) -> str:
        """The result in one line."""
        figures = f"RPO {plan.told(self.lost_seconds)}, RTO {plan.told(self.seconds)}"
        return f"{'failed' if self.problems else 'passed'}: {self.rows} rows, {figures}"


def run(wanted: Wanted, data_dir: Path, *, say: Say, options: dict[str, str] | None = None) -> DrillOutcome:
    """Do it. The copy is removed whatever happens."""
    began, at = time.monotonic(), state.now()
    spool = data_dir / "backup"
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="drill-", dir=spool))
    server: EmbeddedServer | None = None
    try:
        place, more = part_of(wanted), dict[str, str]()
        if place.prefix.startswith("database-"):
            server = EmbeddedServer(scratch / "server", load_or_make(scratch / "server"), options=options)
            server.start()
            restored, more = _dump_into(server, place, wanted=wanted, data_dir=scratch / "data", say=say)
        else:
            restored = restore(wanted, scratch / "data", say=say, options=options)
            server = restored.server
        say("Verifying the record, counting rows, signing in …")
        report = _trial(scratch / "data", more)
        seconds = time.monotonic() - began
        problems = _problems(restored.about["counts"], report)
        rows = sum(report["rows"].values())
        outcome = DrillOutcome(
            tuple(problems), rows, max(0.0, (at - restored.until).total_seconds()), seconds
        )
        state.write(data_dir, drilled=at, drill_said=outcome.said)
        return outcome
    finally:
        if server is not None:
            server.stop()
            shutil.rmtree(server.home, ignore_errors=True)
            shutil.rmtree(server.socket_dir, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)


def _dump_into(
    server: EmbeddedServer, place: Within, *, wanted: Wanted, data_dir: Path, say: Say
) -> tuple[Restored, dict[str, str]]:
    """A dump, into a cluster made for it with the roles it names; and the addresses of the copy."""
    _, about = dump.choose(place, place.names(), keys=wanted.keys, until=wanted.until)
    roles, password = Roles(**about["roles"]), secrets.token_urlsafe(24)
    with server._superuser("postgres") as link:
        for _ in make_roles(
            link, roles, passwords=dict.fromkeys((roles.owner, roles.app, roles.backup), password)
        ):
            pass
        make_database(link, DRILL_DATABASE, roles=roles)
    with server._superuser(DRILL_DATABASE) as link:
        give_rights(link, roles)
        for name in (roles.owner, roles.app, roles.backup):
            link.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
            )

    def address(role: str) -> str:
        told = urlencode(
            {"host": server.socket_dir, "unscoped_role": roles.unscoped, "backup_role": roles.backup}
        )
        return f"postgresql://{quote(role)}:{password}@/{DRILL_DATABASE}?{told}"

    more = {
        "OPENKAP_DATABASE_URL": without_roles(address(roles.app)),
        "OPENKAP_OWNER_DATABASE_URL": address(roles.owner),
        "OPENKAP_BACKUP_DATABASE_URL": without_roles(address(roles.backup)),
    }
    env = environment.read({**more, "OPENKAP_DATA_DIR": str(data_dir)})
    about, until = dump.restore(place, wanted.keys, env=env, until=wanted.until, say=say)
    return Restored(server, about, until), more


def surroundings(data_dir: Path, now: Mapping[str, str], *, more: Mapping[str, str]) -> dict[str, str]:
    """The settings of the copy: its own folder, mail into a folder of it, and nothing that leads outside."""
    kept = {
        key: value for key, value in now.items() if not key.startswith("OPENKAP_") or key in KEPT_SETTINGS
    }
    mail = f"folder://{data_dir / 'mail'}"
    return {**kept, "OPENKAP_DATA_DIR": str(data_dir), "OPENKAP_EMAIL_URL": mail, **more}


def _trial(data_dir: Path, more: Mapping[str, str]) -> dict[str, Any]:
    around = surroundings(data_dir, os.environ, more=more)
    done = subprocess.run(
        [sys.executable, "-m", "openkap.config.backup.trial"],
        env=around, capture_output=True, text=True, timeout=TRIAL_SECONDS,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        why = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise BadBackup(f"The restored copy could not be looked at: {why[0]}")
    report: dict[str, Any] = json.loads(lines[-1])
    return report


def _problems(counted: dict[str, int], report: dict[str, Any]) -> list[str]:
    """Rows that are fewer than when the base backup began, what the record says, and the sign-in."""
    rows = report["rows"]
    fewer = [
        f"{name} has {rows.get(name, 0)} rows, and had {count} when the backup began."
        for name, count in counted.items()
        if rows.get(name, 0) < count
    ]
    record = [f"{part}: {text}" for part, texts in report["record"].items() for text in texts]
    signed = [f"Nobody could sign in: {report['sign_in']}"] if report["sign_in"] else []
    return [*fewer, *record, *signed]
