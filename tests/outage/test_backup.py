"""A clinic that writes is backed up, its machine is lost, and it stands again elsewhere (H43)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from openkap.config.backup import plan, sealing, state
from openkap.config.embedded import EmbeddedServer
from tests import browser as chromium
from tests import kills
from tests import standing as clinics
from tests.standing import RunningClinic, free_port

pytestmark = pytest.mark.enable_socket
WITHIN_SECONDS = 120


@dataclass
class Kept:
    """A clinic with a backup outside, and the recovery key that opens it."""

    clinic: RunningClinic
    place: Path
    key: Path

    @classmethod
    def begin(cls, clinic: RunningClinic, place: Path) -> Kept:
        """A pair of keys, and the settings of both."""
        secret, public = sealing.new_pair()
        key = place.parent / "recovery.key"
        key.write_text(f"# the clinic's recovery key\n{secret}\n")
        clinic.more = {"OPENKAP_BACKUP_TO": f"folder://{place}", "OPENKAP_BACKUP_KEY": public}
        return cls(clinic, place, key)

    def serve(self) -> None:
        """Let it serve, unless it does."""
        if self.clinic.process is None or self.clinic.process.poll() is not None:
            self.clinic.serve()

    def copied_to(self, place: Path) -> Kept:
        """The same backup in another place."""
        shutil.copytree(self.place, place)
        return replace(self, place=place)

    def wait(self, *, sent_after: datetime | None = None) -> state.BackupState:
        """Until a base backup is whole and everything up to this moment was sent."""
        end = time.monotonic() + WITHIN_SECONDS
        while time.monotonic() < end:
            it = state.read(self.clinic.data_dir)
            if it.based and it.sent and (sent_after is None or it.sent > sent_after):
                return it
            time.sleep(0.2)
        raise AssertionError(f"Nothing was sent: {it}\n{self.clinic.log()}")

    def elsewhere(self, folder: Path, **more: str) -> RunningClinic:
        """A machine that has nothing but OpenKAP."""
        here = {"data_dir": folder, "port": free_port(), "mllp_port": free_port()}
        return replace(self.clinic, **here, process=None, more=more)

    def restore(self, machine: RunningClinic, *words: str) -> str:
        """`openkap restore` there; what it said."""
        line = ["restore", "--from", f"folder://{self.place}", "--key", str(self.key), *words]
        done = machine.command(*line, timeout=300)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def kept(
    server: EmbeddedServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """It serves, a base backup was taken, and writing went on after it."""
    from django.conf import settings

    clinic = clinics.build(
        server, str(settings.DATABASES["default"]["NAME"]), tmp_path_factory.mktemp("kept")
    )
    place = tmp_path_factory.mktemp("outside") / "place"
    place.mkdir()
    it = Kept.begin(clinic, place)
    try:
        clinic.serve()
        it.wait()
        yield it
    finally:
        clinics.clear(clinic)


@pytest.fixture(autouse=True)
def serving(kept: Kept) -> None:
    """Whatever a test did to it, the clinic serves again."""
    kept.serve()


@contextlib.contextmanager
def cleared(machine: RunningClinic) -> Iterator[RunningClinic]:
    """Whatever happens, nothing of it is left."""
    try:
        yield machine
    finally:
        with contextlib.suppress(FileNotFoundError, OSError):
            clinics.clear(machine)


@pytest.mark.slow
def test_a_lost_machine_stands_again_elsewhere_with_all_that_was_sent(kept: Kept, tmp_path: Path) -> None:
    """Every process and file gone at once, while a monitor speaks and a nurse writes."""
    clinic = kept.clinic
    with kills.writing(clinic) as senders:
        kills.until(lambda: min(len(one.acknowledged) for one in senders) > 10)
        kept.wait(sent_after=datetime.now(UTC))
        for pid in clinic.tree():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert clinic.process is not None
        clinic.process.wait(timeout=60)
        lost_at = datetime.now(UTC)
    sent = state.read(clinic.data_dir).sent
    assert sent is not None
    known = kills.acknowledged(senders, before=sent)
    assert min(len(names) for names in known) > 10
    with cleared(kept.elsewhere(tmp_path / "new")) as machine:
        said = kept.restore(machine)
        assert "✓ Restored to" in said, said
        sums = kills.Sums()
        with machine.server.running():
            kills.count(machine, sums, *known)
        assert (sums.lost, sums.doubled) == (0, 0)
        machine.serve()
        done = machine.command("audit", "verify")
        assert done.returncode == 0, done.stdout
        assert "The record was restored on" in done.stdout
        _opens(machine)
    assert (lost_at - sent).total_seconds() < 60


def _opens(machine: RunningClinic) -> None:
    """The nurse's browser, at the new machine: her session, and the alert that says what to do."""
    path = chromium.find()
    assert path, "The browser tests need Chromium; `make test` installs it or says how."
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=path, args=chromium.flags())
        for name, page_of, text in (
            ("sam", f"/sessions/{machine.told['session']}/", "Amara"),
            ("kit", "/alerts/", "restored from its backup"),
        ):
            context = browser.new_context()
            key = machine.told["keys"][name]
            context.add_cookies([{"name": "sessionid", "value": key, "url": machine.url("/")}])
            page = context.new_page()
            page.goto(machine.url(page_of))
            assert text in page.content(), page.content()
            context.close()
        browser.close()


def test_a_drill_says_what_would_be_lost_and_how_long_it_takes(kept: Kept) -> None:
    line = ["drill", "--key", str(kept.key)]
    done = kept.clinic.command(*line, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ The drill passed:" in done.stdout
    assert "RPO" in done.stdout
    assert "RTO" in done.stdout
    assert not list((kept.clinic.data_dir / "backup").glob("drill-*"))
    assert state.read(kept.clinic.data_dir).drilled is not None


@pytest.mark.slow
def test_a_drill_finds_a_record_that_was_changed_before_it_was_backed_up(kept: Kept) -> None:
    """A backup of a damaged record restores well; the drill says that it is damaged."""
    with kept.clinic.server._superuser("openkap") as link:
        row = link.execute("SELECT id, verb FROM audit_event LIMIT 1").fetchone()
        assert row is not None
        link.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        link.execute("UPDATE audit_event SET verb = 'test.other' WHERE id = %s", [row[0]])
    try:
        kept.wait(sent_after=datetime.now(UTC))
        done = kept.clinic.command("drill", "--key", str(kept.key), timeout=300)
        assert done.returncode == 1, done.stdout
        assert "✕" in done.stdout
        assert "failed" in done.stdout
    finally:
        with kept.clinic.server._superuser("openkap") as link:
            link.execute("UPDATE audit_event SET verb = %s WHERE id = %s", [row[1], row[0]])
            link.execute("ALTER TABLE audit_event ENABLE TRIGGER ALL")
        kept.wait(sent_after=datetime.now(UTC))  # the tests run in any order: what is outside is whole again


def _part(kept: Kept, pattern: str) -> Path:
    return sorted(kept.place.glob(f"*/{pattern}"))[-1]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(bytes(content))


BAD = {
    "a base that is cut short": ("base/*/cluster.*", _cut, "is damaged or cut short"),
    "a base with one byte changed": ("base/*/cluster.*", _spoil, "is damaged or cut short"),
    "keys that are cut short": ("base/*/folder.*", _cut, "is damaged or cut short"),
    "a piece of the log changed": ("log/*[0-9A-F].gz.age", _spoil, "is damaged or cut short"),
    "a piece of the log missing": ("log/*[0-9A-F].gz.age", Path.unlink, "pieces of the log are missing"),
    "a base that is not whole": ("base/*/about.*", Path.unlink, "no whole base backup"),
    "something else under its name": (
        "base/*/about.*",
        lambda path: path.write_bytes(b"hello"),
        "is no encrypted backup",
    ),
}


def _of_version(kept: Kept, version: str) -> None:
    """The newest base as a version to come would have written it."""
    path = _part(kept, "base/*/about.*")
    keys = sealing.identities(kept.key.read_text())
    about = json.loads(sealing.opened(path.read_bytes(), keys, name="about"))
    told = json.dumps({**about, "openkap": version}).encode()
    path.write_bytes(sealing.sealed(told, sealing.recipients(kept.clinic.more["OPENKAP_BACKUP_KEY"])))


def test_a_backup_of_a_newer_version_is_a_sentence(copied: Kept, tmp_path: Path) -> None:
    newer = copied.copied_to(tmp_path / "place")
    _of_version(newer, "99.0.0")
    with cleared(newer.elsewhere(tmp_path / "new")) as machine:
        assert "The backup is of OpenKAP 99.0.0, and this is" in newer.restore(machine)


@pytest.fixture(scope="module")
def copied(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The same backup with several whole pieces of the log, in a place of its own."""
    kept.serve()
    for _ in range(4):
        with kept.clinic.server._superuser("openkap") as link:
            link.execute("CREATE TABLE IF NOT EXISTS public.filler (x int)")
            link.execute("INSERT INTO filler VALUES (1)")
            link.execute("SELECT pg_switch_wal()")
    kept.wait(sent_after=datetime.now(UTC))
    return kept.copied_to(tmp_path_factory.mktemp("copied") / "place")


@pytest.mark.parametrize("case", BAD)
def test_a_bad_backup_is_a_sentence_and_leaves_nothing_behind(
    copied: Kept, tmp_path: Path, case: str
) -> None:
    pattern, spoil, sentence = BAD[case]
    bad = copied.copied_to(tmp_path / "place")
    for older in sorted(bad.place.glob("*/base/*"))[:-1]:
        shutil.rmtree(older)  # else an earlier base is restored, as it should be
    found = sorted(bad.place.glob(f"*/{pattern}"))
    spoil(found[-2] if "log" in pattern else found[-1])
    with cleared(bad.elsewhere(tmp_path / "new")) as machine:
        said = bad.restore(machine)
        assert sentence in said, said
        left = [path.name for path in machine.data_dir.rglob("*") if path.is_file()]
        assert set(left) <= {"serving", "postgres.log"}


def test_a_wrong_key_a_used_folder_and_an_empty_place_are_sentences(copied: Kept, tmp_path: Path) -> None:
    with cleared(copied.elsewhere(tmp_path / "new")) as machine:
        wrong = tmp_path / "wrong.key"
        wrong.write_text(sealing.new_pair()[0])
        assert "does not open" in replace(copied, key=wrong).restore(machine)
        wrong.write_text("my dog's name")
        assert "is no recovery key" in replace(copied, key=wrong).restore(machine)
        early = (datetime.now(UTC) - timedelta(days=400)).isoformat()
        assert "The oldest base backup is of" in copied.restore(machine, "--until", early)
        assert "Give a moment as" in copied.restore(machine, "--until", "yesterday")
        assert "it has cluster-" in copied.restore(machine, "--of", "cluster-1")
        (tmp_path / "nothing").mkdir()
        line = ("restore", "--from", f"folder://{tmp_path / 'nothing'}", "--key", str(copied.key))
        assert "There is no backup of OpenKAP" in machine.command(*line).stderr
    done = copied.clinic.command("restore", "--key", str(copied.key))
    assert done.returncode == 2
    assert "is running on" in done.stderr or "holds an installation" in done.stderr


@pytest.mark.slow
def test_a_moment_before_the_mistake_can_be_restored(kept: Kept, tmp_path: Path) -> None:
    """A table emptied by mistake at noon: the state of a moment before."""
    with kept.clinic.server._superuser("openkap") as link:
        link.execute("CREATE TABLE public.notebook (said text)")
        link.execute("INSERT INTO notebook VALUES ('before')")
    time.sleep(1.1)
    before = datetime.now(UTC)
    time.sleep(1.1)
    with kept.clinic.server._superuser("openkap") as link:
        link.execute("DELETE FROM notebook")
    kept.wait(sent_after=datetime.now(UTC))
    with cleared(kept.elsewhere(tmp_path / "then")) as machine:
        said = kept.restore(machine, "--until", before.isoformat())
        assert "✓ Restored to" in said, said
        with machine.server.running(), machine.server._superuser("openkap") as link:
            assert link.execute("SELECT said FROM notebook").fetchall() == [("before",)]
    with kept.clinic.server._superuser("openkap") as link:
        link.execute("DROP TABLE notebook")


@pytest.mark.whole
def test_a_restored_clinic_is_backed_up_and_restored_again(copied: Kept, tmp_path: Path) -> None:
    """Its log goes on in a new timeline. The old machine comes back and sends too: a person decides."""
    kept = copied.copied_to(tmp_path / "place")
    again = {**copied.clinic.more, "OPENKAP_BACKUP_TO": f"folder://{kept.place}"}
    with cleared(kept.elsewhere(tmp_path / "second", **again)) as second:
        assert "✓ Restored to" in kept.restore(second)
        second.serve()
        moved = replace(kept, clinic=second)
        moved.wait()
        with second.server._superuser("openkap") as link:
            link.execute("CREATE TABLE public.second (said text)")
            link.execute("INSERT INTO second VALUES ('on the second machine')")
        moved.wait(sent_after=datetime.now(UTC))
        second.stop()
        with cleared(kept.elsewhere(tmp_path / "third")) as third:
            said = kept.restore(third)
            assert "✓ Restored to" in said, said
            with third.server.running(), third.server._superuser("openkap") as link:
                assert link.execute("SELECT said FROM second").fetchall()
        old = _part(kept, "base/*-00000001*/about*").parent
        later = f"{datetime.now(UTC) + timedelta(hours=1):{plan.STAMP}}-{old.name.split('-')[1]}"
        shutil.copytree(old, old.with_name(later))
        with cleared(kept.elsewhere(tmp_path / "fourth")) as fourth:
            said = kept.restore(fourth)
            assert "Two machines sent to this place" in said
            assert "--timeline 1 until" in said
            said = kept.restore(fourth, "--timeline", "1")
            # When the second machine signed its own end meanwhile (hourly), that is said too.
            assert "Restored to" in said, said
            with fourth.server.running(), fourth.server._superuser("openkap") as link:
                row = link.execute("SELECT to_regclass('public.second')").fetchone()
                assert row == (None,)


@pytest.mark.whole
def test_when_the_server_gave_the_log_up_a_new_base_backup_is_taken(kept: Kept) -> None:
    """A place that was down for days: the slot keeps 4 GB and no more; what it let go is not pretended."""
    names = [str(path.relative_to(kept.place)) for path in kept.place.rglob("about.*")]
    before = len(plan.bases(name.split("/", 1)[1] for name in names))
    with kept.clinic.server._superuser("openkap") as link:
        for _ in range(200):
            link.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active")
            with contextlib.suppress(psycopg.Error):
                link.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
            row = link.execute("SELECT count(*) FROM pg_replication_slots").fetchone()
            if row == (0,):
                break
            time.sleep(0.02)
    end = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < end:
        names = [str(path.relative_to(kept.place)) for path in kept.place.rglob("about.*")]
        if len(plan.bases(name.split("/", 1)[1] for name in names)) > before:
            break
        time.sleep(0.5)
    else:
        raise AssertionError(kept.clinic.log())
    kept.wait(sent_after=datetime.now(UTC))
    done = kept.clinic.command("drill", "--key", str(kept.key), timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_with_anything_in_it_is_left_as_it_is(copied: Kept, tmp_path: Path) -> None:
    """Somebody gives their own folder: what lies there is theirs."""
    with cleared(copied.elsewhere(tmp_path / "mine")) as machine:
        machine.data_dir.mkdir()
        (machine.data_dir / "letters.txt").write_text("mine")
        assert "is not empty (letters.txt)" in copied.restore(machine)
        assert (machine.data_dir / "letters.txt").read_text() == "mine"


def test_a_setting_that_cannot_be_used_is_said_before_serving(kept: Kept, tmp_path: Path) -> None:
    more = {**kept.clinic.more, "OPENKAP_BACKUP_KEY": "age1notakey"}
    done = kept.elsewhere(tmp_path / "x", **more).command("serve")
    assert (done.returncode, "no public key of age" in done.stderr) == (2, True), done.stderr
    more.pop("OPENKAP_BACKUP_KEY")
    done = kept.elsewhere(tmp_path / "x", **more).command("serve")
    assert "is set without OPENKAP_BACKUP_KEY" in done.stderr
