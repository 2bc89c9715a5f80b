"""Whatever the owner of the database does to the record, `openkap audit verify` finds it (attack K2, H43)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from openkap.alerts.models import Alert
from openkap.audit.actions import record, record_for_installation, record_reading
from openkap.audit.chain import INSTALLATION, START, canonical, link
from openkap.config import checkpoints, checks, keys
from openkap.config.embedded import EmbeddedServer
from openkap.config.family import Lock
from tests.cast import NOW, Committed
from tests.events import SomethingDone

HOUR = timedelta(hours=1)
Attack = Callable[[psycopg.Connection, uuid.UUID], None]


@pytest.fixture
def kept(committed: Committed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Committed:
    """A clinic with a record, two checkpoints of it, here and outside."""
    outside = tmp_path / "outside"
    outside.mkdir()
    here = tmp_path / "data"
    here.mkdir()
    env = replace(settings.ENV, data_dir=here, checkpoint_to=f"folder://{outside}")
    monkeypatch.setattr(settings, "ENV", env)
    for number in range(3):
        record_for_installation(SomethingDone(number=number), at=NOW)
    assert checkpoints.make(at=NOW) == []
    _act(committed, 4)
    assert checkpoints.make(at=NOW + HOUR) == []
    return committed


def _act(committed: Committed, count: int) -> None:
    with committed.inside():
        for number in range(count):
            record(
                SomethingDone(number=number),
                by=committed.cast.sam,
                at=NOW,
                patient_id=committed.cast.amara.id,
            )


@pytest.fixture
def owner(server: EmbeddedServer) -> Iterator[psycopg.Connection]:
    """Whoever can do everything in the database."""
    with server._superuser(connection.settings_dict["NAME"]) as link_:
        link_.autocommit = True
        yield link_


def _problems(at=NOW + HOUR, **given: object) -> list[str]:
    told = {"copies": None, "public": "", **given}
    return [text for verdict in checkpoints.verify(at=at, **told) for text in verdict.problems]


def _last(db: psycopg.Connection, chain: uuid.UUID) -> int:
    row = db.execute("SELECT max(seq) FROM audit_event WHERE clinic_id = %s", [chain]).fetchone()
    assert row is not None
    return int(row[0])


def _column(name: str, value: object) -> Attack:
    def attack(db: psycopg.Connection, chain: uuid.UUID) -> None:
        seq = _last(db, chain) - 1
        db.execute(
            f"UPDATE audit_event SET {name} = %s WHERE clinic_id = %s AND seq = %s",  # noqa: S608 - ours
            [value, chain, seq],
        )

    return attack


def _rehash(db: psycopg.Connection, chain: uuid.UUID) -> None:
    """Number and hash the chain anew, and set its head: what it says of itself holds."""
    rows = db.execute(
        "SELECT id, body FROM audit_event WHERE clinic_id = %s ORDER BY seq", [chain]
    ).fetchall()
    db.execute("UPDATE audit_event SET seq = seq + 1000000 WHERE clinic_id = %s", [chain])
    digest = START
    for seq, (key, body) in enumerate(rows, 1):
        digest = link(digest, seq, body=str(body))
        db.execute("UPDATE audit_event SET seq = %s, hash = %s WHERE id = %s", [seq, digest, key])
    db.execute("UPDATE audit_head SET seq = %s, hash = %s WHERE clinic_id = %s", [len(rows), digest, chain])


def _edit(db: psycopg.Connection, chain: uuid.UUID) -> None:
    seq = _last(db, chain) - 1
    sql = "SELECT body FROM audit_event WHERE clinic_id = %s AND seq = %s"
    row = db.execute(sql, [chain, seq]).fetchone()
    assert row is not None
    told = {**json.loads(str(row[0])), "details": {"number": 99}}
    sql = "UPDATE audit_event SET body = %s WHERE clinic_id = %s AND seq = %s"
    db.execute(sql, [canonical(told), chain, seq])


def _edit_and_rehash(db: psycopg.Connection, chain: uuid.UUID) -> None:
    _edit(db, chain)
    _rehash(db, chain)


def _hash(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "UPDATE audit_event SET hash = %s WHERE clinic_id = %s AND seq = 2"
    db.execute(sql, [bytes(32), chain])


def _delete(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "DELETE FROM audit_event WHERE clinic_id = %s AND seq = %s"
    db.execute(sql, [chain, _last(db, chain) - 1])


def _delete_and_rehash(db: psycopg.Connection, chain: uuid.UUID) -> None:
    _delete(db, chain)
    _rehash(db, chain)


def _swap(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "UPDATE audit_event SET seq = %s WHERE clinic_id = %s AND seq = %s"
    for to, seq in ((-1, 1), (1, 2), (2, -1)):
        db.execute(sql, [to, chain, seq])


def _cut(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "DELETE FROM audit_event WHERE clinic_id = %s AND seq = %s"
    db.execute(sql, [chain, _last(db, chain)])


def _cut_with_head(db: psycopg.Connection, chain: uuid.UUID) -> None:
    _cut(db, chain)
    _rehash(db, chain)


def _cut_and_grown_again(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "SELECT id, body FROM audit_event WHERE clinic_id = %s AND seq = %s"
    row = db.execute(sql, [chain, _last(db, chain)]).fetchone()
    assert row is not None
    told = {**json.loads(str(row[1])), "why": "another end of the same length"}
    db.execute("UPDATE audit_event SET body = %s WHERE id = %s", [canonical(told), row[0]])
    _rehash(db, chain)


def _head_alone(db: psycopg.Connection, chain: uuid.UUID) -> None:
    db.execute("UPDATE audit_head SET seq = seq - 1 WHERE clinic_id = %s", [chain])


def _no_head(db: psycopg.Connection, chain: uuid.UUID) -> None:
    db.execute("DELETE FROM audit_head WHERE clinic_id = %s", [chain])


def _whole_chain(db: psycopg.Connection, chain: uuid.UUID) -> None:
    db.execute("DELETE FROM audit_event WHERE clinic_id = %s", [chain])
    _no_head(db, chain)


def _insert_and_rehash(db: psycopg.Connection, chain: uuid.UUID) -> None:
    db.execute(
        "INSERT INTO audit_event (id, clinic_id, seq, at, verb, by_id, patient_id, body, hash) "
        "SELECT gen_random_uuid(), clinic_id, 5000000, at, verb, by_id, patient_id, body, hash "
        "FROM audit_event WHERE clinic_id = %s AND seq = 1",
        [chain],
    )
    _rehash(db, chain)


def _moved_to_another_chain(db: psycopg.Connection, chain: uuid.UUID) -> None:
    sql = "UPDATE audit_event SET clinic_id = %s WHERE clinic_id = %s AND seq = %s"
    db.execute(sql, [uuid.UUID(int=5), chain, _last(db, chain)])


def _no_text(db: psycopg.Connection, chain: uuid.UUID) -> None:
    _column("body", "nothing that can be read")(db, chain)
    _rehash(db, chain)


ATTACKS: dict[str, Attack] = {
    "column patient_id": _column("patient_id", uuid.UUID(int=7)),
    "column verb": _column("verb", "record.read"),
    "column at": _column("at", NOW - timedelta(days=9)),
    "column by_id": _column("by_id", uuid.UUID(int=8)),
    "column id": _column("id", uuid.UUID(int=9)),
    "edited body": _edit,
    "edited body, hashed anew": _edit_and_rehash,
    "unreadable body, hashed anew": _no_text,
    "edited hash": _hash,
    "deleted row": _delete,
    "deleted row, hashed anew": _delete_and_rehash,
    "inserted row, hashed anew": _insert_and_rehash,
    "swapped rows": _swap,
    "cut tail": _cut,
    "cut tail with its head": _cut_with_head,
    "another end of the same length": _cut_and_grown_again,
    "head moved": _head_alone,
    "head deleted": _no_head,
    "chain deleted with its head": _whole_chain,
    "event moved to another chain": _moved_to_another_chain,
}


@pytest.mark.parametrize("whose", ["clinic", "installation"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_every_kind_of_tampering_is_found(
    kept: Committed, owner: psycopg.Connection, attack: str, whose: str
) -> None:
    assert _problems() == []
    ATTACKS[attack](owner, INSTALLATION if whose == "installation" else kept.cast.clinic.id)
    assert _problems() != []


READINGS = {
    "page": "UPDATE audit_reading SET page = 'desk:own' WHERE seq = 2",
    "patients": "UPDATE audit_reading SET patients = '{}' WHERE seq = 2",
    "about": "UPDATE audit_reading SET about_id = gen_random_uuid() WHERE seq = 2",
    "by": "UPDATE audit_reading SET by_id = gen_random_uuid() WHERE seq = 2",
    "body": "UPDATE audit_reading SET body = replace(body, 'desk:today', 'desk:own') WHERE seq = 2",
    "deleted": "DELETE FROM audit_reading WHERE seq = 2",
    "all deleted": "DELETE FROM audit_reading; DELETE FROM audit_readinghead",
    "cut with its head": "DELETE FROM audit_reading WHERE seq = 3; UPDATE audit_readinghead SET seq = 2, "
    "hash = (SELECT hash FROM audit_reading WHERE seq = 2)",
}


@pytest.mark.parametrize("attack", READINGS)
def test_every_kind_of_tampering_with_readings_is_found(
    committed: Committed, kept: Committed, owner: psycopg.Connection, attack: str
) -> None:
    """Whoever looked and should not have would take the trace away."""
    with committed.inside():
        for _ in range(3):
            patients = [committed.cast.amara.id]
            record_reading("desk:today", by=committed.cast.sam, at=NOW, patients=patients)
    assert checkpoints.make(at=NOW + HOUR) == []
    assert _problems() == []
    owner.execute(READINGS[attack])
    assert _problems() != []


@pytest.mark.parametrize("attack", ["edited body, hashed anew", "cut tail with its head", "cut tail"])
def test_a_changed_chain_is_not_signed_and_the_clinic_is_told(
    kept: Committed, owner: psycopg.Connection, attack: str
) -> None:
    """Nobody has to type `verify`: the next hour finds it."""
    ATTACKS[attack](owner, INSTALLATION)
    for _ in range(2):
        assert checkpoints.make(at=NOW + 2 * HOUR) != []
    with kept.inside():
        assert Alert.objects.filter(kind="record_changed").count() == 1
    assert len(checkpoints.own_place().names("checkpoint-")) == 2


def test_what_happens_after_a_checkpoint_is_no_tampering(kept: Committed) -> None:
    _act(kept, 3)
    assert _problems() == []
    assert checkpoints.make(at=NOW + 2 * HOUR) == []
    assert _problems(at=NOW + 2 * HOUR) == []


def test_a_checkpoint_that_is_removed_or_changed_here_or_outside_is_found(kept: Committed) -> None:
    _act(kept, 1)
    checkpoints.make(at=NOW + 2 * HOUR)
    here = settings.ENV.data_dir / "checkpoints"
    outside = Path(settings.ENV.checkpoint_to.removeprefix("folder://"))
    for folder in (here, outside):
        for path in sorted(folder.glob("checkpoint-*")):
            true = path.read_text()
            path.unlink()
            assert _problems(), f"{path.name} removed"
            path.write_text(true.replace('"seq":', '"seq":1'))
            assert _problems(), f"{path.name} changed"
            path.write_text(true)
    assert _problems() == []


def test_whoever_owns_the_machine_and_signs_anew_is_found_by_the_key_that_was_written_down(
    kept: Committed, owner: psycopg.Connection
) -> None:
    public = checkpoints.signing_key().public_key().public_bytes_raw().hex()
    copies = Path(settings.ENV.checkpoint_to.removeprefix("folder://"))
    _edit_and_rehash(owner, kept.cast.clinic.id)
    for path in (settings.ENV.data_dir / "checkpoints").iterdir():
        path.unlink()
    checkpoints.key_file().write_text(Ed25519PrivateKey.generate().private_bytes_raw().hex())
    assert checkpoints.make(at=NOW + HOUR) == []
    assert _problems(public=public)
    assert _problems(public=public, copies=copies)


def test_what_could_not_be_sent_is_an_alert_and_is_sent_when_the_place_is_there_again(
    kept: Committed,
) -> None:
    outside = Path(settings.ENV.checkpoint_to.removeprefix("folder://"))
    away = outside.with_name("away")
    outside.rename(away)
    outside.write_text("no folder any more")
    for _ in range(2):
        assert "Nothing can be kept" in checkpoints.make(at=NOW + 2 * HOUR)[0]
    with kept.inside():
        alert = Alert.objects.get(kind="checkpoint_not_sent")
        assert alert.owner_id is not None
    outside.unlink()
    away.rename(outside)
    assert checkpoints.make(at=NOW + 3 * HOUR) == []
    assert len(list(outside.iterdir())) == 5
    assert _problems(at=NOW + 3 * HOUR) == []


def test_checkpoints_that_are_made_no_more_are_seen(kept: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any("newer ones were not made" in text for text in _problems(at=NOW + 9 * HOUR))
    monkeypatch.setattr(Lock, "is_held", lambda self: True)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + 9 * HOUR)
    assert checks.checkpoints_are_made() == [
        f"The last checkpoint of the record is of {NOW + HOUR:%Y-%m-%d %H:%M} UTC."
    ]


def test_the_key_is_for_its_owner_alone_and_is_not_the_databases(kept: Committed) -> None:
    path = checkpoints.key_file()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent == settings.ENV.data_dir
    assert path.name != keys.FILE


def _restored_at_half(owner: psycopg.Connection, chain: uuid.UUID) -> int:
    """The chain as a backup of before its last two events has it."""
    last = _last(owner, chain) - 2
    owner.execute("DELETE FROM audit_event WHERE clinic_id = %s AND seq > %s", [chain, last])
    _head_at(owner, chain)
    return last


def _head_at(owner: psycopg.Connection, chain: uuid.UUID) -> None:
    owner.execute(
        "UPDATE audit_head SET seq = e.seq, hash = e.hash FROM audit_event e "
        "WHERE audit_head.clinic_id = %s AND e.clinic_id = audit_head.clinic_id "
        "AND e.seq = (SELECT max(seq) FROM audit_event WHERE clinic_id = %s)",
        [chain, chain],
    )


def test_a_restore_that_is_signed_is_no_tampering_and_stays_visible(
    kept: Committed, owner: psycopg.Connection
) -> None:
    """It takes back what was signed after it, and the chain goes on from there."""
    chain = kept.cast.clinic.id
    last = _restored_at_half(owner, chain)
    assert _problems() != []
    assert any(f"end at {last}" in text for text in checkpoints.lost())
    assert checkpoints.make(at=NOW + 2 * HOUR, restored=NOW) == []
    assert checkpoints.lost() == []
    assert _problems(at=NOW + 2 * HOUR) == []
    said = [verdict.said for verdict in checkpoints.verify(at=NOW + 2 * HOUR, copies=None, public="")]
    assert "The record was restored on" in said[0]
    _act(kept, 5)
    assert checkpoints.make(at=NOW + 3 * HOUR) == []
    assert _problems(at=NOW + 3 * HOUR) == []
    _restored_at_half(owner, chain)
    assert checkpoints.make(at=NOW + 4 * HOUR) != []


def test_a_restore_hides_no_event_that_was_changed(kept: Committed, owner: psycopg.Connection) -> None:
    chain = kept.cast.clinic.id
    _edit_and_rehash(owner, chain)
    assert checkpoints.make(at=NOW + 2 * HOUR, restored=NOW) != []


def test_checkpoints_that_are_only_outside_are_fetched_after_a_restore(kept: Committed) -> None:
    """The data folder of the backup is some minutes old; what had been sent since is there."""
    assert checkpoints.make(at=NOW + 2 * HOUR) == []
    newest = checkpoints.own_place().names("checkpoint-")[-1]
    (settings.ENV.data_dir / "checkpoints" / newest).unlink()
    assert checkpoints.fetch() == 1
    assert checkpoints.fetch() == 0
    assert checkpoints.make(at=NOW + 3 * HOUR) == []
    assert _problems(at=NOW + 3 * HOUR) == []


def test_a_lost_key_begins_anew_and_hides_nothing_from_who_wrote_the_old_one_down(kept: Committed) -> None:
    old = checkpoints.signing_key().public_key().public_bytes_raw().hex()
    checkpoints.key_file().unlink()
    assert checkpoints.make(at=NOW + 2 * HOUR) != []  # a new key signs nothing over what another signed
    assert checkpoints.new_key(at=NOW) == 2
    assert checkpoints.signing_key().public_key().public_bytes_raw().hex() != old
    _act(kept, 2)
    assert checkpoints.make(at=NOW + 2 * HOUR) == []
    assert checkpoints.make(at=NOW + 3 * HOUR) == []
    assert _problems(at=NOW + 3 * HOUR) == []
    said = [verdict.said for verdict in checkpoints.verify(at=NOW + 3 * HOUR, copies=None, public="")]
    assert "2 older ones were signed with an earlier key" in said[0]
    assert len(checkpoints.outside().names("checkpoint-")) == 4
    found = _problems(at=NOW + 3 * HOUR, public=old)
    assert any("0003" in text and "does not hold" in text for text in found)
    assert not any("0002" in text and "does not hold" in text for text in found)
