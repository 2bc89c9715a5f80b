"""A PostgreSQL of the clinic's own, prepared by exactly the steps the documentation gives."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from openkap.config.backup import sealing
from openkap.config.embedded import EmbeddedServer
from openkap.config.keys import load_or_make
from tests.standing import ROOT, free_port

pytestmark = pytest.mark.enable_socket
NAMES = (
    "--database",
    "harbour",
    "--owner",
    "harbour_owner",
    "--app",
    "Harbour-app",
    "--unscoped",
    "harbour_unscoped",
)


CLINIC = """
name: Quay Clinic
zone: America/New_York
profile: US
phone: +1 212 555 0100
administrator_name: Ada Lind
administrator_email: ada@quay.example
sites: [{name: Quay House, rooms: [Room 1]}]
"""


@dataclass
class Own:
    """A cluster that is none of ours, an administrator of it who is no superuser, and a data folder."""

    server: EmbeddedServer
    data_dir: Path
    address: str

    def run(self, *words: str, timeout: float = 550, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `openkap` with these settings alone."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENKAP_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        around = {**kept, "OPENKAP_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(ROOT), **settings}
        line = [sys.executable, "-m", "openkap.config.command", *words]
        return subprocess.run(line, env=around, cwd=ROOT, capture_output=True, text=True, timeout=timeout)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """PostgreSQL from the wheel, started as somebody's own server would be."""
    folder = tmp_path_factory.mktemp("own")
    server = EmbeddedServer(folder, load_or_make(folder))
    server.start()
    try:
        with server._superuser("postgres") as link:
            link.execute("DROP DATABASE openkap WITH (FORCE)")
            for role in ("openkap_app", "openkap_backup", "openkap_owner", "openkap_unscoped"):
                link.execute(f"DROP OWNED BY {role}")
                link.execute(f"DROP ROLE {role}")
            link.execute("CREATE ROLE dba LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD 'a b@c'")
            link.execute("CREATE ROLE weak LOGIN CREATEDB PASSWORD 'w'")
        address = f"postgresql://dba:a%20b%40c@/postgres?host={server.socket_dir}"
        yield Own(server, tmp_path_factory.mktemp("clinic"), address)
    finally:
        server.stop()
        import shutil

        shutil.rmtree(server.home, ignore_errors=True)


def _addresses(said: str) -> dict[str, str]:
    return dict(re.findall(r"(OPENKAP_(?:OWNER_|BACKUP_)?DATABASE_URL)=(\S+)", said))


def _prepared(own: Own) -> dict[str, str]:
    """The two addresses of a database made for this test run, once."""
    kept = own.data_dir / "addresses"
    if not kept.exists():
        done = own.run("database", "prepare", own.address, *NAMES)
        assert done.returncode == 0, done.stdout + done.stderr
        kept.write_text(done.stdout)
    return _addresses(kept.read_text())


def _another(own: Own, name: str) -> dict[str, str]:
    """The addresses of one more database, prepared the same way under the same roles."""
    addresses = _prepared(own)
    line = ["database", "prepare", own.address, *NAMES]
    line[line.index("harbour")] = name
    done = own.run(*line)
    assert done.returncode == 0, done.stdout + done.stderr
    return {key: text.replace("/harbour?", f"/{name}?") for key, text in addresses.items()}


def test_an_unprepared_database_is_a_sentence_that_names_what_is_missing(own: Own) -> None:
    """It ended in a traceback: role "openkap_app" does not exist."""
    weak = own.address.replace("dba:a%20b%40c", "weak:w")
    for address in (weak, weak.replace("weak:w", "nobody:w")):
        done = own.run("migrate", OPENKAP_DATABASE_URL=address)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert "openkap database prepare" in done.stderr
    assert "The role openkap_unscoped does not exist." in own.run("migrate", OPENKAP_DATABASE_URL=weak).stderr
    done = own.run("database", "prepare", weak)
    assert done.returncode == 2
    assert "The role weak lacks CREATEROLE, BYPASSRLS" in done.stderr
    for bad in ("mysql://x@y/z", "postgresql://dba:wrong@/postgres?host=/nowhere"):
        done = own.run("database", "prepare", bad)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


def test_prepare_makes_what_is_missing_says_what_it_did_and_may_be_run_again(own: Own) -> None:
    addresses = _prepared(own)
    assert set(addresses) == {
        "OPENKAP_DATABASE_URL",
        "OPENKAP_OWNER_DATABASE_URL",
        "OPENKAP_BACKUP_DATABASE_URL",
    }
    assert "unscoped_role=harbour_unscoped" in addresses["OPENKAP_OWNER_DATABASE_URL"]
    again = own.run("database", "prepare", own.address, *NAMES)
    assert again.returncode == 0, again.stderr
    assert "harbour_owner is here already; its password was not changed" in again.stdout
    assert "PASSWORD-YOU-HAVE" in again.stdout
    with own.server._superuser("postgres") as link:
        rows = link.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname ILIKE 'harbour%' ORDER BY 1"
        ).fetchall()
        left = link.execute("SELECT pg_has_role('dba', 'harbour_owner', 'SET')").fetchone()
    assert [tuple(row) for row in rows] == [
        ("Harbour-app", False, False),
        ("harbour_owner", False, False),
        ("harbour_unscoped", False, True),
    ]
    assert left == (False,)


@pytest.mark.slow
def test_the_walls_stand_and_the_demo_runs_in_it(own: Own) -> None:
    """The demo is the longest journey there is: everything it tells goes through the rooms' own actions."""
    addresses = _prepared(own)
    done = own.run("migrate", **addresses)
    assert done.returncode == 0, done.stderr[-2000:]
    ports = {"OPENKAP_PORT": str(free_port()), "OPENKAP_MLLP_PORT": str(free_port())}
    done = own.run("check", **addresses, **ports)
    assert "Every check passed" in done.stdout, done.stdout + done.stderr
    port = int(ports["OPENKAP_PORT"])
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENKAP_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    around = {
        **kept,
        "OPENKAP_DATA_DIR": str(own.data_dir),
        "PYTHONPATH": str(ROOT),
        **ports,
        **addresses,
    }
    line = [sys.executable, "-m", "openkap.config.command", "demo"]
    with (own.data_dir / "demo.log").open("wb") as log:
        demo = subprocess.Popen(line, env=around, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        end = time.monotonic() + 180
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/demo/", timeout=5) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert demo.poll() is None, (own.data_dir / "demo.log").read_text()[-3000:]
                time.sleep(0.3)
        else:
            raise AssertionError((own.data_dir / "demo.log").read_text()[-3000:])
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=60)
    done = own.run("audit", "verify", **addresses)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(addresses["OPENKAP_DATABASE_URL"]) as link:
        assert link.execute("SELECT count(*) FROM people_patient").fetchone() == (0,)  # no context, no rows
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("SELECT * FROM row_security.context_key")


@pytest.mark.whole
def test_a_dump_is_drilled_and_comes_back_in_another_database(own: Own, tmp_path: Path) -> None:
    """Issue 13: backup by address, with PostgreSQL's own tools, of a server that is none of ours."""
    addresses = _another(own, "quay")
    answers = tmp_path / "clinic.yaml"
    answers.write_text(CLINIC)
    done = own.run("init", "--from", str(answers), **addresses)
    assert done.returncode == 0, done.stdout + done.stderr
    secret, public = sealing.new_pair()
    key, place = tmp_path / "recovery.key", tmp_path / "place"
    key.write_text(secret)
    place.mkdir()
    there = {"OPENKAP_BACKUP_TO": f"folder://{place}", "OPENKAP_BACKUP_KEY": public}
    done = own.run("backup", **addresses, **there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 dumps" in own.run("backup", "list", **addresses, **there).stdout
    done = own.run("drill", "--key", str(key), **addresses, **there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ The drill passed" in done.stdout
    restore = ("restore", "--key", str(key))
    new = replace(own, data_dir=tmp_path / "new")
    assert "The database is not empty" in new.run(*restore, **addresses, **there).stderr
    assert not (new.data_dir / "keys.json").exists()
    second = _another(own, "quay2")
    plain = {**second, "OPENKAP_OWNER_DATABASE_URL": second["OPENKAP_OWNER_DATABASE_URL"].split("&")[0]}
    assert "openkap database prepare --owner harbour_owner" in new.run(*restore, **plain, **there).stderr
    done = new.run(*restore, **second, **there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert new.run("audit", "verify", **second).returncode == 0
    ports = {"OPENKAP_PORT": str(free_port()), "OPENKAP_MLLP_PORT": str(free_port())}
    done = new.run("check", **second, **ports)
    assert "Every check passed" in done.stdout, done.stdout + done.stderr
    query = "SELECT (SELECT count(*) FROM people_patient), (SELECT count(*) FROM watch_vital)"
    found = []
    for it in (addresses, second):
        with psycopg.connect(it["OPENKAP_BACKUP_DATABASE_URL"]) as link:
            found.append(link.execute(query).fetchone())
    assert found[0] == found[1]
    assert found[0] is not None


@pytest.mark.whole
def test_the_whole_journey_runs_in_it(own: Own, tmp_path: Path) -> None:
    """Issue 13: the longest test there is, in a real browser, on a server that is none of ours."""
    addresses = _another(own, "journey")
    around = {key: value for key, value in os.environ.items() if not key.startswith(("OPENKAP_", "PYTEST"))}
    around |= {"OPENKAP_TEST_OWN": json.dumps(addresses), "OPENKAP_TEST_DIR": str(tmp_path / "test")}
    around |= {name: os.environ[name] for name in ("OPENKAP_CHROMIUM",) if name in os.environ}
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/journeys"]
    done = subprocess.run(line, env=around, cwd=ROOT, capture_output=True, text=True, timeout=550)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    with psycopg.connect(addresses["OPENKAP_BACKUP_DATABASE_URL"]) as link:
        row = link.execute("SELECT count(*) FROM django_migrations").fetchone()
    assert row is not None
    assert row[0] > 20


def test_a_right_that_was_taken_away_is_named(own: Own) -> None:
    addresses = _prepared(own)
    with own.server._superuser("harbour") as link:
        link.execute("REVOKE harbour_unscoped FROM harbour_owner GRANTED BY dba")
        link.execute('REVOKE CONNECT ON DATABASE harbour FROM "Harbour-app"')
    try:
        done = own.run("migrate", **addresses)
        assert done.returncode == 2
        assert "harbour_owner may not act as harbour_unscoped" in done.stderr
        assert "Harbour-app may not connect" in done.stderr
    finally:
        with own.server._superuser("harbour") as link:
            link.execute("GRANT harbour_unscoped TO harbour_owner")
            link.execute('GRANT CONNECT ON DATABASE harbour TO "Harbour-app"')


def test_a_role_that_had_another_name_is_renamed_and_keeps_what_it_owns(own: Own) -> None:
    """A database of an earlier version has its unscoped functions from then."""
    drop = "DROP DATABASE IF EXISTS older WITH (FORCE)"
    names = ("--owner", "older_owner", "--app", "older_app", "--backup", "older_backup")
    oid = "SELECT oid FROM pg_roles WHERE rolname = %s"
    with psycopg.connect(own.address, autocommit=True) as link:
        link.execute("CREATE ROLE openkap_gate NOLOGIN BYPASSRLS")
        before = link.execute(oid, ["openkap_gate"]).fetchone()
        try:
            done = own.run("database", "prepare", own.address, "--database", "older", *names)
            assert "The role openkap_gate is called openkap_unscoped now." in done.stdout, done.stderr
            assert link.execute(oid, ["openkap_unscoped"]).fetchone() == before
            assert link.execute(oid, ["openkap_gate"]).fetchone() is None
        finally:
            with own.server._superuser("postgres") as server:
                server.execute(drop)
                for role in (*names[1::2], "openkap_unscoped"):
                    server.execute(f"DROP ROLE IF EXISTS {role}")
