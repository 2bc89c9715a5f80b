"""Bringing a clinic back from its backup into an empty data folder: keys, cluster, and the log since.

Nothing that is there is written over: a folder that holds an installation is refused, and a cluster that lies
where the restored one belongs is put aside under another name.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from openkap.config.backup import folder, manifest, plan, state
from openkap.config.backup.places import Within
from openkap.config.backup.sealing import BadBackup, Unsealing, opened
from openkap.config.backup.wanted import Wanted, choose, part_of, refuse_newer, refuse_used
from openkap.config.embedded import EmbeddedServer
from openkap.config.keys import load
from openkap.config.postgres_files import MAJOR
from openkap.config.system_user import ServerFailed

Say = Callable[[str], None]
RECOVERY_SECONDS = 6 * 3600
ASIDE = "cluster.before-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands again: our own cluster, stopped, or a database of the clinic's own (no `server`)."""

    server: EmbeddedServer | None
    about: dict[str, Any]
    until: datetime
    chosen: bool = False  # a person asked for an earlier moment

    @property
    def version(self) -> str:
        """The version of OpenKAP that made the backup."""
        return str(self.about["openkap"])


def restore(wanted: Wanted, data_dir: Path, *, say: Say, options: dict[str, str] | None = None) -> Restored:
    """Do it. What was begun and could not be ended is taken away again."""
    refuse_used(data_dir)
    place = part_of(wanted)
    names = place.names("")
    base, about = choose(place, names, wanted=wanted)
    refuse_newer(about)
    say(f"The base backup of {base.at:%Y-%m-%d %H:%M} UTC, {plan.size(about['cluster_bytes'])} …")
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_too_full(data_dir, about)
    server: EmbeddedServer | None = None
    try:
        server = _folder(place, base, names=names, wanted=wanted, data_dir=data_dir, options=options)
        _put_aside(server)
        _cluster(place, base, wanted=wanted, server=server, say=say)
        recovery = _log(place, base, about=about, names=names, wanted=wanted, server=server, say=say)
        return _replay(server, about, recovery=recovery, wanted=wanted, say=say)
    except BaseException:
        _take_away(server, data_dir)
        raise


def _refuse_too_full(data_dir: Path, about: dict[str, Any]) -> None:
    free, needed = shutil.disk_usage(data_dir).free, 2 * int(about["cluster_bytes"]) + (256 << 20)
    if free < needed:
        raise BadBackup(f"{data_dir} has {plan.size(free)} free, and about {plan.size(needed)} are needed.")


def _take_away(server: EmbeddedServer | None, data_dir: Path) -> None:
    if server is not None:
        server.stop()
        for name in ("cluster", "cluster.part", "restore"):
            shutil.rmtree(server.home / name, ignore_errors=True)
        _put_back(server)
    for below in (*folder.files(data_dir), Path("backup")):
        path = data_dir / below
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _folder(
    place: Within,
    base: plan.Base,
    *,
    names: Sequence[str],
    wanted: Wanted,
    data_dir: Path,
    options: dict[str, str] | None,
) -> EmbeddedServer:
    """Keys and checkpoints: those of the base backup, and what was added since."""
    name = f"{base.folder}folder.tar.gz.age"
    folder.unpack(opened(place.get(name), wanted.keys, name=name), data_dir, anew=True)
    if "folder.tar.gz.age" in names:
        later = opened(place.get("folder.tar.gz.age"), wanted.keys, name="folder.tar.gz.age")
        folder.unpack(later, data_dir, anew=False)
    keys = load(data_dir)
    if keys is None:
        raise BadBackup("The backup has no keys in it; it was not made by OpenKAP.")
    server = EmbeddedServer(data_dir, keys, options=options)
    server.prepare_places()
    return server


def _put_aside(server: EmbeddedServer) -> None:
    """An older cluster where the restored one belongs is kept under another name."""
    if server.cluster.exists():
        server.cluster.rename(server.cluster.with_name(f"{ASIDE}{state.now():{plan.STAMP}}"))


def _put_back(server: EmbeddedServer) -> None:
    """What was put aside by a restore that failed stands where it stood."""
    aside = sorted(server.home.glob(f"{ASIDE}*"))
    if aside and not server.cluster.exists():
        aside[-1].rename(server.cluster)


def _cluster(place: Within, base: plan.Base, *, wanted: Wanted, server: EmbeddedServer, say: Say) -> None:
    """Fetch, decrypt, unpack, and verify every file against the backup's manifest."""
    spool = server.data_dir / "backup"
    spool.mkdir(mode=0o700, exist_ok=True)
    fetched, part = spool / "cluster.tar.gz.age", server.home / "cluster.part"
    shutil.rmtree(part, ignore_errors=True)
    place.get_file(f"{base.folder}cluster.tar.gz.age", fetched)
    say(f"  {plan.size(fetched.stat().st_size)} fetched; decrypting and unpacking …")
    reader = Unsealing(fetched, wanted.keys)
    try:
        source = cast("IO[bytes]", reader)
        with tarfile.open(fileobj=source, mode="r|gz") as archive:
            archive.extractall(part, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        reader.close()
        raise BadBackup(f"{fetched.name} cannot be unpacked: {error}.") from error
    reader.close()
    fetched.unlink()
    _verify(server, part, say=say)
    part.rename(server.cluster)
    server.give(server.cluster)


def _verify(server: EmbeddedServer, part: Path, *, say: Say) -> None:
    say("  verifying every file against the backup's manifest …")
    made, ours = (part / "PG_VERSION").read_text().strip(), MAJOR
    if made != ours:
        raise BadBackup(
            f"The backup is of PostgreSQL {made}, and this OpenKAP brings {ours}. Use its version."
        )
    wrong = manifest.problems(part)
    if wrong:
        raise BadBackup(f"The base backup does not agree with its manifest ({len(wrong)} files): {wrong[0]}")


def _log(
    place: Within,
    base: plan.Base,
    *,
    about: dict[str, Any],
    names: Sequence[str],
    wanted: Wanted,
    server: EmbeddedServer,
    say: Say,
) -> dict[str, str]:
    """Fetch the log since; returns the settings of the recovery."""
    into = server.home / "restore"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(mode=0o700)
    histories, stop = dict[int, str](), plan.segment(about["stop"])
    for timeline, name in plan.histories(names).items():
        histories[timeline] = opened(place.get(name), wanted.keys, name=name).decode()
        (into / f"{timeline:08X}.history").write_text(histories[timeline])
    target = wanted.timeline or plan.goes_on_in(stop, histories)
    forked = plan.forks(histories.get(target, ""))
    ours = {it for it in (*forked, target) if it >= stop.timeline}
    every = plan.segments(names).items()
    have = {it: name for it, name in every if it >= base.start and it.timeline in ours}
    missing = plan.gaps(base.start, stop, have=have, forked=forked)
    if missing:
        raise BadBackup(
            f"{len(missing)} pieces of the log are missing, the first after the base backup is "
            f"{missing[0].name}. With --until a moment before it, what lies before can be restored."
        )
    say(f"The log since: {len(have)} pieces …")
    for count, (it, name) in enumerate(have.items(), 1):
        (into / it.name).write_bytes(opened(place.get(name), wanted.keys, name=name))
        if count % 100 == 0:
            say(f"  {count} of {len(have)} …")
    server.give(into)
    quoted = str(into).replace("%", "%%")
    settings = {"restore_command": f'cp "{quoted}/%f" "%p"', "recovery_target_timeline": str(target)}
    if wanted.until is not None:
        settings |= {"recovery_target_time": wanted.until.isoformat(), "recovery_target_action": "promote"}
    return settings


def _replay(
    server: EmbeddedServer, about: dict[str, Any], *, recovery: dict[str, str], wanted: Wanted, say: Say
) -> Restored:
    say("Replaying the log …")
    (server.cluster / "recovery.signal").touch()
    server.give(server.cluster)
    try:
        server.start(wait_seconds=RECOVERY_SECONDS, recovery=recovery)
    except ServerFailed as error:
        log = (server.data_dir / "postgres.log").read_text(errors="replace").splitlines()
        said = [line.split("FATAL:", 1)[1].strip() for line in log if "FATAL:" in line]
        raise BadBackup(f"PostgreSQL could not replay the log: {said[-1] if said else error}") from error
    until = _replayed_until(server) or datetime.fromisoformat(about["ended"])
    server.stop()
    shutil.rmtree(server.home / "restore", ignore_errors=True)
    return Restored(server, about, until, wanted.until is not None)


def _replayed_until(server: EmbeddedServer) -> datetime | None:
    """The moment of the last change that was replayed."""
    with server._superuser("postgres") as link:
        row = link.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    newest: Any = row[0] if row else None
    known: datetime | None = newest
    return known
