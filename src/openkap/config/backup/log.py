"""The write-ahead log, sent as it is written: what a lost machine has not sent yet is seconds, not a day.

`pg_receivewal` receives it through a replication slot, so that nothing is missed while this process is down.
Whole segments are sent once, and the one being written again each time it has grown. The day's base backup is
taken here too, and what is past its time removed.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from openkap.audit.offsite import NotReached
from openkap.config.backup import base, folder, plan, sealing, state
from openkap.config.backup.places import Within
from openkap.config.embedded import EmbeddedServer
from openkap.config.environment import Environment
from openkap.config.family import fall_with_parent

SLOT = "openkap_backup"
SEND_EVERY_SECONDS = 5.0
RECEIVED_WITHIN_SECONDS = 20.0
SPOOL_SEGMENTS = 256  # 4 GB that could not be sent; then the slot holds as much again, and no more
_log = logging.getLogger("openkap.backup")


class Receiver:
    """`pg_receivewal` as our child."""

    def __init__(self, server: EmbeddedServer, into: Path) -> None:
        self._server, self._into = server, into
        self._process: subprocess.Popen[bytes] | None = None

    def runs(self) -> bool:
        """Whether it is at work."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; it begins where the slot, or the last file here, says."""
        self._into.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [self._server.tool("pg_receivewal"), "--directory", str(self._into), "--slot", SLOT]
        command += ["--no-loop", "--no-password", "--status-interval=1"]
        with (self._into.parent / "receiver.log").open("wb") as heard:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
                command, env=self._server.as_backup(), cwd="/", stdout=heard, stderr=heard,
                start_new_session=True, preexec_fn=fall_with_parent(signal.SIGTERM),
            )  # fmt: skip

    def said(self) -> str:
        """The last line it wrote."""
        text = (self._into.parent / "receiver.log").read_text(errors="replace").strip()
        return text.splitlines()[-1] if text else "it said nothing"

    def stop(self) -> None:
        """End it; the slot remembers where."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)


class Sender:
    """Keeps the place outside up to date. `round` does all there is to do just now."""

    def __init__(self, server: EmbeddedServer, env: Environment) -> None:
        self._server, self._env = server, env
        self._spool = server.data_dir / "backup" / "log"
        self.receiver = Receiver(server, self._spool)
        self._to = sealing.recipients(env.backup_key)
        self._place: Within | None = None
        self._sent: dict[str, tuple[int, int]] = {}
        self._folder_mark = ""
        self._last: plan.Base | None = None
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._taking: Future[base.BaseTaken] | None = None

    @property
    def place(self) -> Within:
        """This cluster's part of the place outside."""
        if self._place is None:
            self._place = base.place_of(self._server, self._env.backup_to)
        return self._place

    def make_slot(self) -> bool:
        """Make the slot, or make it anew when the server gave it up; whether a new base backup is needed."""
        with base.link(self._server) as db:
            db.autocommit = True
            query = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s"
            row = db.execute(query, [SLOT]).fetchone()
            if row is not None and row[0] != "lost":
                return False
            if row is not None:
                _log.error("The server gave up what was not received in time; a new base backup is taken.")
                db.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
            for path in self._spool.glob("*"):
                path.unlink()
            db.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
            return True

    def round(self) -> None:
        """Receive, send, and take the day's base backup when it is due."""
        data_dir, now = self._server.data_dir, state.now()
        anew = False
        if not self.receiver.runs():
            anew = self.make_slot()
            if len(list(self._spool.glob("*"))) < SPOOL_SEGMENTS:
                self.receiver.start()
        received = self.receiver.runs() and self._has_all_until_now()
        self._send_folder()
        self._send_log()
        self._base(now, anew=anew)
        if not received:
            raise base.BackupFailed(f"The log is not received: {self.receiver.said()}")
        state.write(data_dir, sent=now, failed="")

    def _has_all_until_now(self) -> bool:
        """Wait until what is committed by now is received; then what is sent holds all of it."""
        end, query = (
            time.monotonic() + RECEIVED_WITHIN_SECONDS,
            (
                "SELECT bool_or(write_lsn >= %s::pg_lsn) FROM pg_stat_replication r "
                "JOIN pg_replication_slots s ON s.active_pid = r.pid WHERE s.slot_name = %s"
            ),
        )
        with base.link(self._server) as db:
            db.autocommit = True
            row = db.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone()
            assert row is not None
            while time.monotonic() < end and self.receiver.runs():
                there = db.execute(query, [row[0], SLOT]).fetchone()
                if there is not None and there[0]:
                    return True
                time.sleep(0.2)
        return False

    def _base(self, now: datetime, *, anew: bool) -> None:
        """Begin the base backup that is due, beside the sending; and note one that has ended."""
        if self._taking is None:
            if anew or self._base_is_due(now):
                self._taking = self._beside.submit(self._take)
            return
        if self._taking.done():
            ended, self._taking = self._taking, None
            taken = ended.result()
            self._last = taken.base
            at, seconds = taken.base.at, round(taken.seconds, 1)
            state.write(self._server.data_dir, based=at, base_size=taken.size, base_seconds=seconds)
            self._remove_outdated(now)

    def _take(self) -> base.BaseTaken:
        return base.take(self._server, self.place, recipients=self._env.backup_key, say=_log.info)

    def _base_is_due(self, now: datetime) -> bool:
        if self._last is None:
            self._last = max(plan.bases(self.place.names("base/")), default=None)
        with base.link(self._server) as db:
            row = db.execute("SELECT timeline_id FROM pg_control_checkpoint()").fetchone()
        assert row is not None
        hour = self._env.backup_hour
        return plan.base_due(self._last, timeline=int(row[0]), at=now, hour=hour)

    def _send_folder(self) -> None:
        mark = folder.mark(self._server.data_dir)
        if mark != self._folder_mark:
            self.place.put(
                "folder.tar.gz.age", sealing.sealed(folder.packed(self._server.data_dir), self._to)
            )
            self._folder_mark = mark

    def _send_log(self) -> None:
        """Whole segments once, then the one being written when it has grown."""
        for path in sorted(self._spool.glob("*")):
            partial = path.suffix == ".partial"
            now = _standing(path)
            if now is None or (partial and self._sent.get(path.name) == now):
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # whole just now, under another name
            self.place.put(f"log/{path.name}.gz.age", sealing.sealed(content, self._to))
            if partial:
                self._sent[path.name] = now
                continue
            self.place.remove(f"log/{path.name}.partial.gz.age")
            self._sent.pop(f"{path.name}.partial", None)
            path.unlink()

    def _remove_outdated(self, now: datetime) -> None:
        names = self.place.names()
        for name in plan.outdated(names, at=now, keep_days=self._env.backup_keep_days):
            self.place.remove(name)


def _standing(path: Path) -> tuple[int, int] | None:
    """Size and time of change; None when it has just got another name."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return (stat.st_size, stat.st_mtime_ns)


def drop_slot(server: EmbeddedServer) -> None:
    """When no backup goes outside any more: let the server forget what it kept for it."""
    with base.link(server) as db:
        db.autocommit = True
        db.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
            "WHERE slot_name = %s AND NOT active",
            [SLOT],
        )


def run(server: EmbeddedServer, env: Environment) -> None:
    """Do it until told to stop. What stands in the way is kept in `state`; the clinics are told from it."""
    stopping: list[Any] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    state.write(server.data_dir, began=state.now())
    sender = Sender(server, env)
    try:
        while not stopping:
            try:
                sender.round()
            except (NotReached, base.BackupFailed, psycopg.Error, OSError) as error:
                text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
                _log.error("Backup: %s", text)
                state.write(server.data_dir, failed=text[:500])
            _wait(stopping)
    finally:
        sender.receiver.stop()


def _wait(stopping: list[Any]) -> None:
    end = time.monotonic() + SEND_EVERY_SECONDS
    while not stopping and time.monotonic() < end:
        time.sleep(0.2)
