"""One PostgreSQL for all tests: the embedded one, fsync off, a database per worker from one template.

The template is made by the owner and named after what the migrations say, so a second run
starts in a moment; the tests themselves connect as the application's role, under row-level security.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from openkap.config.embedded import EmbeddedServer
from tests.settings import DATA, KEYS, OWN, ROOT

pytest_plugins = ["tests.cast", "tests.harbour"]


def pytest_configure(config: pytest.Config) -> None:
    """Add up how long each app's tests take and what they run, where the run is led from."""
    from tests.covered import Covered, Resting
    from tests.seconds import Seconds, share_of_a_core

    config.pluginmanager.register(Resting())
    if hasattr(config, "workerinput"):
        return
    workers = len(getattr(config.option, "tx", None) or [1])
    config.pluginmanager.register(Seconds(share=share_of_a_core(workers)))
    if getattr(config.option, "cov_source", None):
        config.pluginmanager.register(Covered())


# What waits for processes and browsers goes first and together: one worker sets it up once and waits while
# the other works, and what is left at the end is short.
FIRST = ("tests/outage/", "tests/journeys/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes its time is left out, unless the whole was asked for; the longest begin first."""
    items.sort(key=lambda it: not it.nodeid.startswith(FIRST))
    if os.environ.get("OPENKAP_TEST_WHOLE"):
        return
    left_out = [it for it in items if it.get_closest_marker("whole")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [it for it in items if it not in left_out]


# A busy machine is no fault of a rule: properties are judged by their answers, never by their time.
settings.register_profile("openkap", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("openkap")

# Whatever the tables are made from.
SCHEMA_SOURCES = (
    "migrations/*.py",
    "unscoped.py",
    "people/finding.py",
    "people/merge_guards.py",
    *(f"tenancy/{name}.py" for name in ("constraints", "history", "operations", "roles", "row_security")),
    "tenancy/statements.py",
)

FAST = {
    "log_checkpoints": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}


def _fingerprint() -> str:
    """A short hash of everything the schema is made from."""
    sources = sorted(it for name in SCHEMA_SOURCES for it in (ROOT / "src").rglob(name))
    digest = hashlib.sha256()
    for name in SCHEMA_SOURCES:
        assert any(it.match(name) for it in sources), f"a source of the schema was moved: {name}"
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The test cluster: started by the first who needs it, stopped by the last."""
    import fcntl

    users = DATA / "users"
    users.mkdir(parents=True, exist_ok=True)
    mine = users / str(os.getpid())
    it = EmbeddedServer(DATA, KEYS, options=FAST, falls_with_parent=False)  # other workers may need it longer
    with (DATA / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mine.touch()
        if not it.is_running():
            it.start()
    yield it
    with (DATA / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mine.unlink(missing_ok=True)
        if not _living(users):
            _stop(it)
        elif it._process is not None:
            it._process.returncode = 0  # the server goes on for the other workers; the last one stops it


def _living(users: Path) -> bool:
    """Whether another test process still uses the server; traces of dead ones are cleared away."""
    living = False
    for trace in users.iterdir():
        if Path(f"/proc/{trace.name}").exists():
            living = True
        else:
            trace.unlink(missing_ok=True)
    return living


def _stop(server: EmbeddedServer) -> None:
    """Stop the server, also when another process of this run started it."""
    pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
    if server._process is not None:
        server.stop()
    else:
        os.kill(pid, 2)


@pytest.fixture(scope="session")
def django_db_setup(server: EmbeddedServer, django_db_blocker: object) -> Iterator[None]:
    """This worker's database, copied from the template of today's schema."""
    import fcntl

    from django.conf import settings
    from django.db import connections

    if OWN:
        from openkap.config import database

        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            database.migrate()
        yield
        connections.close_all()
        return
    template = f"template_{_fingerprint()}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{os.getpid()}"
    with (DATA / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make_template(server, template, django_db_blocker)
        server.create_database(name, template=template)
    for alias, role in (("default", "openkap_app"), ("owner", "openkap_owner")):
        entry = server.django_database(role, name=name)
        settings.DATABASES[alias].update(entry)
        connections[alias].settings_dict.update(entry)
    yield
    connections.close_all()
    server.drop_database(name)


def _make_template(server: EmbeddedServer, template: str, blocker: object) -> None:
    if template in server.databases():
        return
    for old in server.databases():
        if old.startswith("template_") or (old.startswith("test_") and not _alive(old)):
            server.drop_database(old)
    from django.db import connections

    from openkap.config import database

    server.drop_database("making")
    server.create_database("making")
    connections["owner"].settings_dict.update(server.django_database("openkap_owner", name="making"))
    with blocker.unblock():  # type: ignore[attr-defined]
        database.migrate()
    connections["owner"].close()
    server.rename_database("making", template)


KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture(autouse=True)
def _flush_as_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test committed is cleared away by the owner: the application's role may not truncate.

    Django's own list of tables is empty here, because only the owner's connection migrates.
    """
    from django.db import connections
    from django.db.backends.postgresql.operations import DatabaseOperations

    def as_owner(self: DatabaseOperations, statements: list[str]) -> None:
        entry = connections["owner"].settings_dict
        with psycopg.connect(
            host=entry["HOST"], dbname=entry["NAME"], user=entry["USER"], password=entry["PASSWORD"]
        ) as link:
            rows = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            names = [sql.Identifier(name) for (name,) in rows if name not in KEPT_TABLES]
            link.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))

    monkeypatch.setattr(DatabaseOperations, "execute_sql_flush", as_owner)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinic's clock stands at the tests' own day and ticks from there, so that no test ages."""
    from django.utils import timezone

    from tests.cast import NOW

    began = time.monotonic()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1, seconds=time.monotonic() - began))


def _alive(name: str) -> bool:
    return Path(f"/proc/{name.rsplit('_', 1)[-1]}").exists()
