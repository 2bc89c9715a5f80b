"""`openkap serve`: the embedded database, the site, the jobs and the device listener as one process tree.

The supervisor starts them in order, starts again what falls over, and stops all of them, in
the opposite order, on SIGTERM or SIGINT. It refuses to start when a self-check fails.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings
from django.db import connections

from openkap.config import checks, heartbeat
from openkap.config.backup import log
from openkap.config.embedded import EmbeddedServer
from openkap.config.family import CannotServe, Lock, fall_with_parent

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

    def start(self) -> None:
        """Start it; it does not hear the terminal's Ctrl-C, the supervisor tells it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            self.command,
            env={**os.environ, **self.surroundings},
            start_new_session=True,
            preexec_fn=fall_with_parent(signal.SIGKILL),
        )

    def stop(self, *, patience: float) -> None:
        """Ask it to end; insist after `patience` seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
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
        python = [sys.executable, "-m"]
        self.children = [
            Child("web", [*python, *_web_command(reload)], surroundings={"OPENKAP_PROCESS": "web"}),
            Child(
                "jobs",
                [*python, "openkap.config.processes", "jobs"],
                surroundings={"OPENKAP_PROCESS": "jobs"},
            ),
            Child(
                "devices",
                [*python, "openkap.config.processes", "devices"],
                surroundings={"OPENKAP_PROCESS": "devices"},
            ),
            *self._backup(python),
            *beside,
        ]

    def _backup(self, python: list[str]) -> list[Child]:
        """What sends the backup outside, when a place is set."""
        if not settings.ENV.backup_to:
            return []
        return [Child("backup", [*python, "openkap.config.processes", "backup"])]

    def run(self, *, ready: object = None) -> int:
        """Run until told to stop. Returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            self.lock.take()
            self._refuse_taken_ports()
            self._start_database()
            problems = checks.problems()
            if problems:
                for problem in problems:
                    sys.stderr.write(f"openkap: {problem}\n")
                sys.stderr.write("openkap: not started, because a self-check failed.\n")
                return 2
            connections.close_all()
            for child in self.children:
                child.start()
            if callable(ready):
                ready()
            self._watch()
            return 0
        finally:
            self._stop_all()

    def _refuse_taken_ports(self) -> None:
        found = checks.ports()
        if found:
            raise CannotServe(" ".join(found))

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
            for child in self.children:
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
        self.lock.let_go()
        if self.ours and self.database is not None:
            self.database.stop()


def _web_command(reload: bool) -> list[str]:
    env = settings.ENV
    command = ["uvicorn", "openkap.config.asgi:application", "--host", env.host, "--port", str(env.port)]
    command += [
        "--timeout-graceful-shutdown",
        "3",
        "--log-level",
        "warning",
        "--no-server-header",
        "--lifespan",
        "off",
    ]
    if env.tls_proxy:
        command += ["--proxy-headers", "--forwarded-allow-ips", env.tls_proxy]
    else:
        command += ["--no-proxy-headers"]
    if env.tls_cert:
        command += ["--ssl-certfile", str(env.tls_cert), "--ssl-keyfile", str(env.tls_key)]
    if reload:
        command += ["--reload", "--reload-dir", str(settings.BASE_DIR)]
    return command
