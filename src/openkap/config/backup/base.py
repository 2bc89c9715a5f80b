"""A base backup: the whole cluster as PostgreSQL's own `pg_basebackup` reads it, encrypted as it comes.

It carries the write-ahead log of its own length, so it can be restored alone; with the log that was sent
since (`log`), up to the last minute. Nobody waits for it: pages and monitors write on.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from openkap import __version__
from openkap.config.backup import folder, plan, sealing, state
from openkap.config.backup.places import Within, files_at
from openkap.config.embedded import DATABASE, ROLES, EmbeddedServer

Say = Callable[[str], None]
END_SECONDS = 60
# Rows of these come and go; of every other table a restored database has at least as many.
COME_AND_GO = re.compile(
    r"procrastinate_|django_session$|django_migrations$|audit_head$|audit_readinghead$|mfa_authenticator$|"
    r"account_emailconfirmation$|watch_vitalminute$|people_personchange$|people_searchword$|"
    r"courses_nextstep$|tenancy_cacheentry$|watch_archivedvitals$|interop_archivedmessages$"
)
# What is archived stands in another table, several in a row, and comes back: counted wherever it stands.
WHEREVER_IT_STANDS = {
    "watch_vital": "SELECT count(*) FROM watch_anyvital",
    "interop_devicemessage": "SELECT (SELECT count(*) FROM interop_devicemessage)"
    " + (SELECT coalesce(sum(cardinality(ids)), 0) FROM interop_archivedmessages)",
}


class BackupFailed(Exception):
    """A backup could not be made. The message says why."""


@dataclass(frozen=True, slots=True)
class BaseTaken:
    """A base backup that is in its place."""

    base: plan.Base
    size: int
    cluster_bytes: int
    seconds: float


class Counting:
    """A reader that counts what passes."""

    def __init__(self, source: IO[bytes], told: Callable[[int], None]) -> None:
        self._source, self._told = source, told
        self.count = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        block = self._source.read(size)
        self.count += len(block)
        self._told(self.count)
        return block


def link(server: EmbeddedServer, database: str = DATABASE) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection as the backup role."""
    return psycopg.connect(
        host=str(server.socket_dir), dbname=database, user=ROLES.backup, password=server.keys.backup,
        connect_timeout=10,
    )  # fmt: skip


def _ended(it: subprocess.Popen[bytes]) -> None:
    """Wait for a program that has said all it has to say; one that does not end is ended."""
    try:
        it.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        it.kill()
        it.wait(timeout=END_SECONDS)


def identifier(db: psycopg.Connection[tuple[Any, ...]]) -> str:
    """The number this cluster was made with; a restored one keeps it."""
    row = db.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    assert row is not None
    return str(row[0])


def counts(db: psycopg.Connection[tuple[Any, ...]]) -> dict[str, int]:
    """How many rows each table has, all at one moment."""
    db.rollback()
    db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
        "AND has_table_privilege(oid, 'SELECT')"
    )
    rows = {}
    for (name,) in db.execute(query + " ORDER BY 1").fetchall():
        if not COME_AND_GO.search(str(name)):
            plain = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(name)))
            counted = db.execute(WHEREVER_IT_STANDS.get(str(name), plain)).fetchone()
            assert counted is not None
            rows[str(name)] = int(counted[0])
    db.rollback()
    return rows


def place_of(server: EmbeddedServer, url: str) -> Within:
    """This cluster's part of the place at an address."""
    with link(server) as db:
        return Within(files_at(url), f"cluster-{identifier(db)}/")


def take(server: EmbeddedServer, place: Within, *, recipients: str, say: Say) -> BaseTaken:
    """Make one and put it in its place; `about` comes last and makes it whole."""
    began, to = time.monotonic(), sealing.recipients(recipients)
    spool = server.data_dir / "backup"
    spool.mkdir(mode=0o700, exist_ok=True)
    at = state.now().replace(microsecond=0)
    with link(server) as db:
        total = int(db.execute("SELECT sum(pg_database_size(oid)) FROM pg_database").fetchone()[0])  # type: ignore[index]
        rows = counts(db)
    path = spool / f"base-{at:{plan.STAMP}}.tar.gz.age"
    try:
        said, read = _read_cluster(server, path, to=to, total=total, say=say)
        base, about = _about(said, at)
        about |= {"counts": rows, "cluster_bytes": read, "ended": state.now().isoformat()}
        kept = sealing.sealed(folder.packed(server.data_dir), to)
        size = path.stat().st_size + len(kept)
        say(f"Sending {plan.size(size)} …")
        place.put_file(f"{base.folder}cluster.tar.gz.age", path)
        place.put(f"{base.folder}folder.tar.gz.age", kept)
        place.put(f"{base.folder}about.json.gz.age", sealing.sealed(json.dumps(about).encode(), to))
    finally:
        path.unlink(missing_ok=True)
    return BaseTaken(base, size, read, time.monotonic() - began)


def _about(said: str, at: datetime) -> tuple[plan.Base, dict[str, Any]]:
    """From what `pg_basebackup` said: where its log begins and ends."""
    start = re.search(r"start point: ([0-9A-F]+/[0-9A-F]+) on timeline (\d+)", said)
    stop = re.search(r"end point: ([0-9A-F]+/[0-9A-F]+)", said)
    if start is None or stop is None:
        raise BackupFailed("PostgreSQL did not say where the backup begins and ends.")
    timeline = int(start[2])
    base = plan.Base(at, plan.segment_at(timeline, start[1]))
    last = plan.segment_at(timeline, stop[1])
    return base, {"at": at.isoformat(), "openkap": __version__, "stop": last.name}


def _read_cluster(
    server: EmbeddedServer, path: Path, *, to: list[Any], total: int, say: Say
) -> tuple[str, int]:
    """Encrypt what `pg_basebackup` writes into `path`; returns what it said, and how many bytes it wrote."""
    command = [server.tool("pg_basebackup"), "--pgdata=-", "--format=tar", "--wal-method=fetch", "--verbose"]
    command += ["--checkpoint=fast", "--gzip", "--manifest-checksums=SHA256", "--no-password"]
    said: list[bytes] = []
    shown = [0]

    def told(count: int) -> None:
        if count - shown[0] >= 64 << 20:
            shown[0] = count
            say(f"  {plan.size(count)} compressed so far, of a database of {plan.size(total)} …")

    with subprocess.Popen(  # noqa: S603 - our own binary, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=server.as_backup(), cwd="/"
    ) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        hearing = threading.Thread(target=lambda: said.append(it.stderr.read()))  # type: ignore[union-attr]
        hearing.start()
        source = Counting(it.stdout, told)
        sealing.seal(source, path, to=to)
        _ended(it)
        hearing.join(timeout=END_SECONDS)
    text = b"".join(said).decode(errors="replace")
    if it.returncode:
        path.unlink(missing_ok=True)
        why = text.strip().splitlines()[-1:] or ["it said nothing"]
        raise BackupFailed(f"PostgreSQL's pg_basebackup failed: {why[0]}")
    return text, total
