"""The PostgreSQL that comes with OpenKAP: its own cluster, in the foreground, on a socket only.

We use the wheel's binaries, not its Python interface (docs/adr). PostgreSQL refuses to run as root: root
runs it through a system user made for it, from a folder that user can reach.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from openkap.config import server_sizes
from openkap.config.family import fall_with_parent
from openkap.config.keys import Keys
from openkap.config.postgres_files import MAJOR, PACKAGE, copy_server, wheel
from openkap.config.system_user import SYSTEM_USER, ServerFailed, make_system_user
from openkap.tenancy.preparing import give_rights, make_database, make_roles
from openkap.tenancy.roles import Roles

DATABASE = "openkap"
ROLES = Roles()
COMMAND_SECONDS = 300
_SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "max_slot_wal_keep_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedServer:
    """One cluster in one data folder. `options` are extra server settings (tests turn fsync off)."""

    def __init__(
        self,
        data_dir: Path,
        keys: Keys,
        *,
        options: dict[str, str] | None = None,
        falls_with_parent: bool = True,
    ) -> None:
        self.falls_with_parent = falls_with_parent
        self.data_dir = data_dir
        self.keys = keys
        self.options = {**_SERVER_OPTIONS, **server_sizes.here(), **(options or {})}
        # The keys are part of the place: a folder made anew never meets a cluster of other keys.
        mark = hashlib.sha256(f"{data_dir.absolute()}\n{keys.superuser}".encode()).hexdigest()[:12]
        self.socket_dir = Path(tempfile.gettempdir()) / f"openkap-{mark}"
        self.as_root = os.geteuid() == 0
        self.home = Path("/var/lib/openkap") / mark if self.as_root else data_dir / "postgres"
        self.cluster = self.home / "cluster"
        self._process: subprocess.Popen[bytes] | None = None

    # --- places and rights -------------------------------------------------------------------

    @property
    def binaries(self) -> Path:
        """Where `postgres` and `initdb` are run from."""
        package = self.home / "server" / PACKAGE if self.as_root else wheel()
        return package / f"pginstall{MAJOR}" / "bin"

    def _identity(self) -> dict[str, Any]:
        if not self.as_root:
            return {}
        entry = pwd.getpwnam(SYSTEM_USER)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def prepare_places(self) -> None:
        """Make the folders, and copy the server to where its system user can run it."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if not self.as_root:
            self.home.mkdir(mode=0o700, exist_ok=True)
            self.socket_dir.mkdir(mode=0o700, exist_ok=True)
            self._refuse_foreign_socket_dir(os.geteuid())
            return
        make_system_user()
        self.home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.home.mkdir(mode=0o755, exist_ok=True)
        if not (self.binaries / "postgres").exists():
            copy_server(self.home)
        entry = pwd.getpwnam(SYSTEM_USER)
        os.chown(self.home, entry.pw_uid, entry.pw_gid)
        self.socket_dir.mkdir(mode=0o755, exist_ok=True)
        os.chown(self.socket_dir, entry.pw_uid, entry.pw_gid)
        self._refuse_foreign_socket_dir(entry.pw_uid)

    def _refuse_foreign_socket_dir(self, uid: int) -> None:
        if self.socket_dir.stat().st_uid != uid or self.socket_dir.is_symlink():
            raise ServerFailed(f"{self.socket_dir} belongs to someone else; remove it and start again.")

    def give(self, path: Path) -> None:
        """Make what is at this path the server's own, with everything below."""
        os.chmod(path, 0o700)
        if not self.as_root:
            return
        entry = pwd.getpwnam(SYSTEM_USER)
        for it in (path, *path.rglob("*")):
            os.chown(it, entry.pw_uid, entry.pw_gid, follow_symlinks=False)

    # --- the cluster -------------------------------------------------------------------------

    def _init_cluster(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        handle, name = tempfile.mkstemp()
        with os.fdopen(handle, "w") as file:
            file.write(self.keys.superuser)
        if self.as_root:
            os.chown(name, pwd.getpwnam(SYSTEM_USER).pw_uid, -1)
        try:
            self._run(
                [
                    *(str(self.binaries / "initdb"), "-D", str(self.cluster), "-U", "postgres"),
                    *("--pwfile", name, "--auth", "scram-sha-256", "--encoding", "UTF8"),
                    *("--locale", "C", "--data-checksums"),
                ]
            )
        finally:
            os.unlink(name)

    def _run(self, command: list[str]) -> None:
        how: dict[str, Any] = {"capture_output": True, "text": True, "cwd": "/", "env": self._environment()}
        try:
            done = subprocess.run(command, timeout=COMMAND_SECONDS, **how, **self._identity())  # noqa: S603 - ours
        except subprocess.TimeoutExpired:
            said = f"it has not ended after {COMMAND_SECONDS} s. Is the disk very slow?"
        else:
            told = done.stderr.strip() or done.stdout.strip() or "it said nothing"
            said = told if done.returncode else ""
        if said:
            shutil.rmtree(self.cluster, ignore_errors=True)
            raise ServerFailed(f"{Path(command[0]).name} failed: {said}")

    @staticmethod
    def _environment() -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}

    def is_running(self) -> bool:
        """Whether a server already answers on this cluster's socket."""
        with contextlib.suppress(psycopg.OperationalError), self._superuser("postgres", timeout=2):
            return True
        return False

    def start(self, *, wait_seconds: float = 60, recovery: dict[str, str] | None = None) -> None:
        """Set up what is missing, start `postgres` as our child, and wait until it answers.

        `recovery` are the settings of a restore; then it answers when all of the log is replayed.
        """
        self.prepare_places()
        self._init_cluster()
        self._launch({**self.options, **(recovery or {})}, wait_seconds=wait_seconds)
        end = time.monotonic() + wait_seconds
        while recovery and self._replays():
            if self.died() or time.monotonic() > end:
                self.stop()
                raise ServerFailed(
                    f"PostgreSQL did not end its recovery; see {self.data_dir / 'postgres.log'}."
                )
            time.sleep(0.1)
        self._ensure_roles()

    def _replays(self) -> bool:
        try:
            with self._superuser("postgres") as link:
                row = link.execute("SELECT pg_is_in_recovery()").fetchone()
        except psycopg.OperationalError:
            return True
        return row is None or bool(row[0])

    def _launch(self, options: dict[str, str], *, wait_seconds: float) -> None:
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster), "-k", str(self.socket_dir)]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        log = (self.data_dir / "postgres.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
            command, stdout=log, stderr=log, cwd="/", env=self._environment(), start_new_session=True,
            preexec_fn=fall_with_parent(signal.SIGINT) if self.falls_with_parent else None,
            **self._identity(),
        )  # fmt: skip
        log.close()
        end = time.monotonic() + wait_seconds
        while not self.is_running():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise ServerFailed(f"PostgreSQL did not start; see {self.data_dir / 'postgres.log'}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Fast shutdown: open transactions roll back, committed ones are kept."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)

    def died(self) -> bool:
        """Whether the server we started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    @contextmanager
    def running(self) -> Iterator[EmbeddedServer]:
        """Use the server that runs, or run one for the length of the block."""
        if self.is_running():
            yield self
            return
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def tool(self, name: str) -> str:
        """One of PostgreSQL's own programs, of this server's version."""
        return str(self.binaries / name)

    def as_backup(self) -> dict[str, str]:
        """The surroundings in which PostgreSQL's programs reach this server as the backup role."""
        reach = {"PGHOST": str(self.socket_dir), "PGUSER": ROLES.backup, "PGPASSWORD": self.keys.backup}
        return {**self._environment(), **reach}

    # --- roles and the database --------------------------------------------------------------

    def _superuser(self, database: str, *, timeout: int = 10) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.socket_dir), dbname=database, user="postgres", password=self.keys.superuser,
            autocommit=True, connect_timeout=timeout,
        )  # fmt: skip

    def _ensure_roles(self) -> None:
        with self._superuser("postgres") as link:
            keys = self.keys
            passwords = {ROLES.owner: keys.owner, ROLES.app: keys.app, ROLES.backup: keys.backup}
            for _ in make_roles(link, ROLES, passwords=passwords):
                pass
            link.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(ROLES.owner)))
            backup = sql.Identifier(ROLES.backup)
            link.execute(sql.SQL("ALTER ROLE {} REPLICATION").format(backup))
            link.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(backup))
            names = {row[0] for row in link.execute("SELECT datname FROM pg_database")}
        if DATABASE not in names:
            self.create_database(DATABASE)

    def create_database(self, name: str, *, template: str = "") -> None:
        """A database owned by the owner role, with the application's rights set for tables to come."""
        with self._superuser("postgres") as link:
            make_database(link, name, roles=ROLES, template=template)
        if not template:
            with self._superuser(name) as link:
                give_rights(link, ROLES)

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is connected to it."""
        with self._superuser("postgres") as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, to: str) -> None:
        """Give a database another name; nobody may be connected to it."""
        with self._superuser("postgres") as link:
            link.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))
            )

    def databases(self) -> set[str]:
        """The names of this cluster's databases."""
        with self._superuser("postgres") as link:
            return {str(row[0]) for row in link.execute("SELECT datname FROM pg_database")}

    def django_database(self, role: str, *, name: str = DATABASE) -> dict[str, object]:
        """The Django settings to reach this cluster as one of the roles."""
        password = {ROLES.app: self.keys.app, ROLES.owner: self.keys.owner}[role]
        return {
            "ENGINE": "openkap.tenancy.postgresql",
            "NAME": name,
            "USER": role,
            "PASSWORD": password,
            "HOST": str(self.socket_dir),
            "PORT": "",
        }
