"""`openkap serve`: the embedded database, the site's workers, the jobs and the listener as one process tree.

The supervisor starts them in order, starts again what falls over, and stops all of them, in
the opposite order, on SIGTERM or SIGINT. It refuses to start when a self-check fails.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings
from django.db import connections

from openkap.config import checks, heartbeat
from openkap.config import database as schema
from openkap.config.backup import log
from openkap.config.embedded import EmbeddedServer
from openkap.config.family import CannotServe, Lock, bound, close, fall_with_parent

_log = logging.getLogger("openkap.serve")
STEADY_SECONDS = 30


@dataclass
class Child:
    """One process of the tree, and how often it has fallen over lately."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    surroundings: dict[str, str] = field(default_factory=dict)
    sockets: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        """Start it; it does not hear the terminal's Ctrl-C, the supervisor tells it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            [*self.command, *(str(one.fileno()) for one in self.sockets)],
            pass_fds=[one.fileno() for one in self.sockets],
            env={**os.environ, **self.surroundings},
            start_new_session=True,
            preexec_fn=fall_with_parent(signal.SIGKILL),
        )

    def ask_to_stop(self) -> None:
        """Ask it to end, and do not wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, *, patience: float) -> None:
        """Ask it to end; insist after `patience` seconds."""
        self.ask_to_stop()
        if self.process is None:
            return
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


class Supervisor:
    """The parent of the tree."""

    def __init__(
        self, database: EmbeddedServer | None, *, reload: bool = False, beside: tuple[Child, ...] = ()
    ) -> None:
        self.database = database
        self.ours = False
        self.stopping = False
        self.lock = Lock(settings.ENV.data_dir)
        self.pulse = heartbeat.Pulse()
        self.sockets: list[socket.socket] = []
        self.site = [_process("web")] if reload else self._workers()
        self.children = [_process("jobs"), _process("devices"), *self._backup(), *beside]

    def _workers(self) -> list[Child]:
        """The workers of the site. All of them listen on the sockets that are bound here."""
        workers = [_process("web") for _ in range(settings.ENV.web_workers)]
        for worker in workers:
            worker.sockets = self.sockets
        return workers

    def _backup(self) -> list[Child]:
        """What sends the backup outside, when a place is set."""
        return [_process("backup")] if settings.ENV.backup_to else []

    def run(self, *, ready: object = None) -> int:
        """Run until told to stop. Returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            self.lock.take()
            self._take_ports()
            self._start_database()
            schema.must_be_set_up()
            problems = checks.problems()
            if problems:
                for problem in problems:
                    sys.stderr.write(f"openkap: {problem}\n")
                sys.stderr.write("openkap: not started, because a self-check failed.\n")
                return 2
            connections.close_all()
            first, *others = self.site
            for child in (first, *self.children):
                child.start()
            if callable(ready):
                ready()
            for child in others:  # the first one has opened the site sooner without them
                child.start()
            self._watch()
            return 0
        finally:
            self._stop_all()

    def _take_ports(self) -> None:
        """Bind the site's addresses, and see that the listener can bind its own."""
        env = settings.ENV
        taken = [text for text in checks.ports() if text]
        if taken:
            raise CannotServe(" ".join(taken))
        if self.site[0].sockets is self.sockets:
            self.sockets += bound(env.host, env.port, names=checks.SITE)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _start_database(self) -> None:
        if self.database is not None and not self.database.is_running():
            self.database.start()
            self.ours = True
        if self.database is not None and not settings.ENV.backup_to:
            log.drop_slot(self.database)

    def _watch(self) -> None:
        while not self.stopping:
            time.sleep(0.2)
            if self.ours and self.database is not None and self.database.died():
                _log.error("The database fell over; starting it again.")
                self.database.start()
            for child in (*self.site, *self.children):
                self._raise_again(child)
            if self.pulse.has_stopped():
                _log.error("The jobs have not run for a while; starting them again.")
                self._restart("jobs")

    def _restart(self, name: str) -> None:
        for child in self.children:
            if child.name == name:
                child.stop(patience=8)
                child.start()

    def _raise_again(self, child: Child) -> None:
        if self.stopping or child.process is None or child.process.poll() is None:
            return
        lived = time.monotonic() - child.started
        child.falls = 0 if lived > STEADY_SECONDS else child.falls + 1
        pause = min(2 ** min(child.falls, 5) * 0.1, 5.0)
        _log.error("The %s process ended with %s; starting it again.", child.name, child.process.returncode)
        time.sleep(pause)
        child.start()

    def _stop_all(self) -> None:
        for child in reversed(self.children):
            child.stop(patience=8)
        for child in self.site:  # side by side: each lets its open requests end
            child.ask_to_stop()
        for child in self.site:
            child.stop(patience=8)
        close(self.sockets)
        self.lock.let_go()
        if self.ours and self.database is not None:
            self.database.stop()


def _process(name: str) -> Child:
    command = [sys.executable, "-m", "openkap.config.processes", name]
    return Child(name, command, surroundings={} if name == "backup" else {"OPENKAP_PROCESS": name})
