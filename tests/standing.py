"""A clinic that really stands: `openkap serve` on a data folder of its own, with its cast and a session.

For what no test database can show: the database stopped under a running site, processes killed, a second
start. Its schema is copied from the tests' own template, so it stands within seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openkap.config.embedded import DATABASE, EmbeddedServer
from openkap.config.keys import load_or_make

ROOT = Path(__file__).resolve().parents[1]
FILL = "from tests.standing import fill; fill()"
OPEN_WITHIN_SECONDS, BESIDE = 60, 3
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fill() -> None:
    """In a process of its own, with the standing clinic's settings: people, a session, and their sign-ins."""
    import django

    django.setup()
    from allauth.account.internal.flows.login import record_authentication
    from allauth.mfa.totp.internal import auth as totp
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from openkap.accounts.models import User
    from openkap.tenancy.context import inside
    from openkap.watch import actions as watch_actions
    from tests import cast as casts

    casts.NOW = timezone.now()  # type: ignore[misc]
    from openkap.dosing.tests import scene as scenes

    clinic = casts.found_clinic()
    with inside(clinic.id, role="system"):
        cast = casts.people_of(clinic)
        scene = scenes.scene(cast)
        monitor = watch_actions.add_monitor(
            identifier="STANDING-1", name="Monitor 1", by=cast.kit, at=timezone.now()
        )
        watch_actions.pair(scene.session.id, monitor_id=monitor.id, by=cast.sam, at=timezone.now())
        scenes.beside(scene, count=BESIDE)
    keys = {}
    for name in ("sam", "okafor", "ada", "kit", "noor", "amara_herself"):
        actor = getattr(cast, name)
        user = User.objects.get(id=actor.user_id)
        user.set_password("four calm words here")
        user.save()
        totp.TOTP.activate(user, totp.generate_totp_secret())
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["membership"] = str(actor.membership_id)
        request = type("R", (), {"session": session})()
        record_authentication(request, user, "mfa", type="totp")
        session.save()
        keys[name] = session.session_key
    told = {"clinic": str(clinic.id), "session": str(scene.session.id), "patient": str(cast.amara.id)}
    sys.stdout.write(json.dumps({**told, "keys": keys}) + "\n")


@dataclass
class RunningClinic:
    """The clinic, and what a test may do to it."""

    data_dir: Path
    port: int
    mllp_port: int
    told: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        """The settings it runs with."""
        left_out = ("OPENKAP_", "DJANGO_SETTINGS_MODULE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        return {
            **kept,
            "OPENKAP_DATA_DIR": str(self.data_dir),
            "OPENKAP_PORT": str(self.port),
            "OPENKAP_MLLP_PORT": str(self.mllp_port),
            "OPENKAP_EMAIL_URL": f"folder://{self.data_dir / 'mail'}",
            "PYTHONPATH": str(ROOT),
            "OPENKAP_WEB_WORKERS": "1",
            **self.more,
        }

    @property
    def server(self) -> EmbeddedServer:
        """Its PostgreSQL."""
        return EmbeddedServer(self.data_dir, load_or_make(self.data_dir), options=QUICK)

    def url(self, path: str) -> str:
        """An address of its site."""
        return f"http://localhost:{self.port}{path}"

    def command(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `openkap` on this data folder."""
        line = [sys.executable, "-m", "openkap.config.command", *words]
        return subprocess.run(
            line, env=self.surroundings, cwd=ROOT, capture_output=True, text=True, timeout=timeout
        )

    def serve(self) -> None:
        """Start `openkap serve`, and wait until the site answers."""
        line = [sys.executable, "-m", "openkap.config.command", "serve"]
        with (self.data_dir / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                line, env=self.surroundings, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_open()

    def wait_database(self, *, seconds: float = OPEN_WITHIN_SECONDS) -> None:
        """Wait until its PostgreSQL takes connections again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(Exception), self.server._superuser(DATABASE) as link:
                link.execute("SELECT 1")
                return
            time.sleep(0.05)
        raise AssertionError(f"The database does not come back.\n{self.log()}")

    def wait_open(self, *, seconds: float = OPEN_WITHIN_SECONDS) -> None:
        """Wait until the listener takes connections, and the site shows a page that needs its database."""
        end, cookie = time.monotonic() + seconds, f"sessionid={self.told['keys']['sam']}"
        asked = urllib.request.Request(self.url("/"), headers={"Cookie": cookie})  # noqa: S310
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.mllp_port), timeout=1).close()
                with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            assert self.process is None or self.process.poll() is None, self.log()
            time.sleep(0.1)
        raise AssertionError(f"The clinic does not open.\n{self.log()}")

    def log(self) -> str:
        """The last it said."""
        path = self.data_dir / "serve.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def stop(self) -> None:
        """End the tree in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    # --- its processes ---------------------------------------------------------------------------

    def tree(self) -> dict[int, str]:
        """Every process of this clinic by its id: those started below our parent, and its PostgreSQL's."""
        found, marks = {}, (str(self.data_dir), str(self.server.cluster))
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                around = (entry / "environ").read_bytes().decode(errors="replace")
                if line and any(mark in line or mark in around for mark in marks):
                    found[int(entry.name)] = line
        return found

    def pid_of(self, name: str) -> int:
        """The process that is the web, the listener, the jobs, or PostgreSQL's parent."""
        if name == "postgres":
            return int((self.server.cluster / "postmaster.pid").read_text().splitlines()[0])
        (pid,) = [pid for pid, line in self.tree().items() if f"openkap.config.processes {name}" in line]
        return pid

    def signal_database(self, number: int) -> None:
        """Stop, wake or end every process of its PostgreSQL."""
        parent = self.pid_of("postgres")
        for pid in [parent, *children(parent)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """The database ended, and not started again until the block is over: its supervisor is held still."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            os.kill(self.pid_of("postgres"), signal.SIGINT)
            end = time.monotonic() + 60
            while self.server.is_running() and time.monotonic() < end:
                time.sleep(0.05)
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


def children(parent: int) -> list[int]:
    """The processes a process has started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                after = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(after[1]) == parent:
                    found.append(int(entry.name))
    return found


def backends(standing: RunningClinic) -> list[int]:
    """The processes of its PostgreSQL that serve one connection each."""
    mine = []
    for pid in children(standing.pid_of("postgres")):
        with contextlib.suppress(OSError):
            mine += [pid] * (b"openkap_app" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return mine


def build_alone(folder: Path) -> RunningClinic:
    """The same clinic without the tests' template: its tables come from the migrations. Slow, and once."""
    standing = RunningClinic(folder, free_port(), free_port())
    folder.mkdir(parents=True, exist_ok=True)
    server = standing.server
    with server.running():
        done = standing.command("migrate", timeout=550)
        assert done.returncode == 0, done.stderr[-3000:]
        _fill(standing)
    return standing


def _fill(standing: RunningClinic) -> None:
    line = [sys.executable, "-c", FILL]
    around = {**standing.surroundings, "DJANGO_SETTINGS_MODULE": "openkap.config.settings"}
    done = subprocess.run(line, env=around, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    standing.told = json.loads(done.stdout.splitlines()[-1])


def build(template: EmbeddedServer, name: str, folder: Path) -> RunningClinic:
    """Lay the clinic's data folder out: a cluster, the tests' schema, its people. It does not serve yet."""
    standing = RunningClinic(folder, free_port(), free_port())
    server = standing.server
    server.start()
    try:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        _copy_schema(template, name, server)
        _fill(standing)
    finally:
        server.stop()
    return standing


def _copy_schema(template: EmbeddedServer, name: str, server: EmbeddedServer) -> None:
    """The schema and its first rows, by PostgreSQL's own tools, as the owner; with this clinic's own key."""

    def tool(at: EmbeddedServer, program: str, database: str, *more: str) -> list[str]:
        return [str(at.binaries / program), "-h", str(at.socket_dir), "-U", "postgres", "-d", database, *more]

    out = subprocess.Popen(
        tool(template, "pg_dump", name, "--no-comments"),
        stdout=subprocess.PIPE,
        env={**os.environ, "PGPASSWORD": template.keys.superuser},
    )
    done = subprocess.run(
        tool(server, "psql", DATABASE, "-q", "-v", "ON_ERROR_STOP=1", "-1"),
        stdin=out.stdout,
        capture_output=True,
        text=True,
        env={**os.environ, "PGPASSWORD": server.keys.superuser},
    )
    assert out.stdout is not None
    out.stdout.close()
    assert out.wait() == 0
    assert done.returncode == 0, done.stderr[-3000:]
    from openkap.tenancy.row_security import DEFAULT_RIGHTS_SQL, pads

    inner, outer = pads(bytes.fromhex(server.keys.context))
    with server._superuser(DATABASE) as link:
        link.execute(DEFAULT_RIGHTS_SQL)
        link.execute("UPDATE row_security.context_key SET inner_pad = %s, outer_pad = %s", [inner, outer])


def clear(standing: RunningClinic) -> None:
    """End whatever is left of it, and remove its folders."""
    standing.stop()
    for pid in standing.tree():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(standing.server.home, ignore_errors=True)
    shutil.rmtree(standing.server.socket_dir, ignore_errors=True)
