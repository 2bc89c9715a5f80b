"""The backup of a PostgreSQL of the clinic's own: a dump every quarter of an hour, and the data folder.

Its log belongs to whoever runs that server, so a dump is all we can take: what is lost with the server is a
quarter of an hour at most. `pg_dump` reads as the backup role, all tables at one moment; `pg_restore`
writes as the owner, into a database made ready by `openkap database prepare` under the same names.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from openkap import __version__
from openkap.audit.offsite import NotReached
from openkap.config.backup import base, folder, plan, sealing, state
from openkap.config.backup.base import BackupFailed, Say
from openkap.config.backup.places import Within, files_at
from openkap.config.backup.sealing import BadBackup, Unsealing, opened
from openkap.config.backup.wanted import refuse_newer
from openkap.config.environment import BadSetting, Environment, roles_in, without_password, without_roles
from openkap.config.keys import load_or_make
from openkap.config.postgres_files import MAJOR, wheel
from openkap.tenancy.roles import Roles, named
from openkap.tenancy.row_security import NO_DEFAULT_RIGHTS_SQL

EVERY = timedelta(minutes=15)
LOOK_EVERY_SECONDS = 15.0
_log = logging.getLogger("openkap.backup")


def _tool(name: str) -> str:
    return str(wheel() / f"pginstall{MAJOR}" / "bin" / name)


def address(env: Environment) -> str:
    """The backup role's address."""
    if not env.backup_database_url:
        raise BadSetting("OPENKAP_BACKUP_DATABASE_URL is not set: the address of the backup role.")
    return env.backup_database_url


def place_of(env: Environment, url: str) -> Within:
    """This installation's part of a place, by a name made from its keys."""
    keys = load_or_make(env.data_dir)
    return Within(files_at(url), f"database-{plan.fingerprint(keys.context)}/")


def take(env: Environment, place: Within, *, say: Say) -> base.BaseTaken:
    """Make one and put it in its place; `about` comes last and makes it whole."""
    began, to = time.monotonic(), sealing.recipients(env.backup_key)
    spool = env.data_dir / "backup"
    spool.mkdir(mode=0o700, exist_ok=True)
    at = state.now().replace(microsecond=0)
    path = spool / f"dump-{at:{plan.STAMP}}.age"
    try:
        with psycopg.connect(address(env), connect_timeout=10) as db:
            rows = base.counts(db)
            row = db.execute("SELECT pg_export_snapshot(), pg_database_size(current_database())").fetchone()
            assert row is not None
            _dump(env, path, to=to, snapshot=str(row[0]))
        roles = asdict(roles_in(env.database_url, env.owner_database_url))
        about: dict[str, Any] = {"at": at.isoformat(), "ended": at.isoformat(), "openkap": __version__}
        about |= {"counts": rows, "roles": roles, "cluster_bytes": int(row[1])}
        kept = sealing.sealed(folder.packed(env.data_dir), to)
        size = path.stat().st_size + len(kept)
        say(f"Sending {plan.size(size)} …")
        inside = f"dump/{at:{plan.STAMP}}/"
        place.put_file(f"{inside}database.dump.age", path)
        place.put(f"{inside}folder.tar.gz.age", kept)
        place.put(f"{inside}about.json.gz.age", sealing.sealed(json.dumps(about).encode(), to))
    finally:
        path.unlink(missing_ok=True)
    return base.BaseTaken(plan.Base(at, plan.LogSegment(1, 0)), size, int(row[1]), time.monotonic() - began)


def _dump(env: Environment, path: Path, *, to: list[Any], snapshot: str) -> None:
    where, secret = without_password(address(env))
    command = [_tool("pg_dump"), "--format=custom", "--no-comments", f"--snapshot={snapshot}"]
    command += ["--exclude-table-data=row_security.context_key", f"--dbname={where}"]
    with subprocess.Popen(  # noqa: S603 - our own binary, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env={**os.environ, **secret}
    ) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        sealing.seal(it.stdout, path, to=to)
        said = it.stderr.read().decode(errors="replace").strip()
    if it.returncode:
        raise BackupFailed(
            f"PostgreSQL's pg_dump failed: {said.splitlines()[0] if said else 'it said nothing'}"
        )


def run(env: Environment) -> None:
    """Take a dump whenever one is due, until told to stop."""
    stopping: list[Any] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    state.write(env.data_dir, began=state.now())
    last: datetime | None = None
    while not stopping:
        now = state.now()
        if last is None or now - last >= EVERY:
            last = _try(env, now) or last
        end = time.monotonic() + LOOK_EVERY_SECONDS
        while not stopping and time.monotonic() < end:
            time.sleep(0.2)


def _try(env: Environment, now: datetime) -> datetime | None:
    try:
        place = place_of(env, env.backup_to)
        taken = take(env, place, say=_log.info)
        for name in plan.outdated(place.names(), at=now, keep_days=env.backup_keep_days):
            place.remove(name)
    except (NotReached, BackupFailed, psycopg.Error, OSError) as error:
        text = (str(error).strip().splitlines() or [type(error).__name__])[0]
        _log.error("Backup: %s", text)
        state.write(env.data_dir, failed=text[:500])
        return None
    seconds = round(taken.seconds, 1)
    state.write(env.data_dir, sent=now, based=now, base_size=taken.size, base_seconds=seconds, failed="")
    return now


# --- restore -------------------------------------------------------------------------------------


def choose(
    place: Within, names: list[str], *, keys: Any, until: datetime | None
) -> tuple[str, dict[str, Any]]:
    """The newest dump at the wanted moment: its folder, and what it says about itself."""
    every = [at for at in plan.dumps(names) if until is None or at <= until]
    if not every:
        raise BadBackup("There is no whole dump of that time there.")
    inside = f"dump/{every[-1]:{plan.STAMP}}/"
    name = f"{inside}about.json.gz.age"
    return inside, json.loads(opened(place.get(name), keys, name=name))


def restore(
    place: Within, keys: Any, *, env: Environment, until: datetime | None, say: Say
) -> tuple[dict[str, Any], datetime]:
    """Put the newest dump into the empty database at the owner's address, and the folder into its place."""
    inside, about = choose(place, place.names(), keys=keys, until=until)
    refuse_newer(about)
    owner = env.owner_database_url
    if not owner:
        raise BadSetting(
            "OPENKAP_OWNER_DATABASE_URL is needed: a database that `database prepare` made ready."
        )
    told, here = about["roles"], asdict(roles_in(env.database_url, owner))
    if told != here:
        words = " ".join(f"--{role} {name}" for role, name in told.items())
        raise BadBackup(f"The dump's roles have other names. Prepare with: openkap database prepare {words}")
    say(f"The dump of {about['at'][:16]} UTC, {plan.size(about['cluster_bytes'])} …")
    env.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    spool = env.data_dir / "backup"
    spool.mkdir(mode=0o700, exist_ok=True)
    fetched, plain = spool / "database.dump.age", spool / "database.dump"
    try:
        place.get_file(f"{inside}database.dump.age", fetched)
        reader = Unsealing(fetched, keys)
        with plain.open("wb") as file:
            while piece := reader.read(1 << 20):
                file.write(piece)
        reader.close()
        say("  decrypted; writing it into the database …")
        _write(without_roles(owner), plain, roles=Roles(**here))
        name = f"{inside}folder.tar.gz.age"
        folder.unpack(opened(place.get(name), keys, name=name), env.data_dir, anew=True)
    finally:
        fetched.unlink(missing_ok=True)
        plain.unlink(missing_ok=True)
        with suppress(OSError):
            spool.rmdir()
    return about, datetime.fromisoformat(about["at"])


def _write(owner: str, plain: Path, *, roles: Roles) -> None:
    """All of it in one transaction, as the owner; the unscoped role may own its functions for that long."""
    with psycopg.connect(owner, autocommit=True, connect_timeout=10) as db:
        query = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        row = db.execute(query).fetchone()
        if row is None or row[0]:
            raise BadBackup("The database is not empty; nothing was written. Prepare a new one beside it.")
        db.execute(named(NO_DEFAULT_RIGHTS_SQL, roles).encode())
        name = sql.Identifier(roles.unscoped)
        db.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(name))
        try:
            where, secret = without_password(owner)
            words = ("--single-transaction", "--exit-on-error", "--no-comments", f"--dbname={where}")
            done = subprocess.run(  # noqa: S603 - our own binary, no shell
                [_tool("pg_restore"), *words, str(plain)],
                capture_output=True,
                text=True,
                env={**os.environ, **secret},
            )
        finally:
            db.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}").format(name))
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if "error:" in line] or ["it said nothing"]
        raise BadBackup(f"PostgreSQL's pg_restore failed, and wrote nothing: {why[0]}")
