"""`openkap backup`, `openkap restore` and `openkap drill`. Django is not set up when they begin.

Before a restore there are no keys; Django's settings would make new ones.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from openkap.config import environment
from openkap.config.backup import base, drill, dump, plan, restore, sealing, state
from openkap.config.backup.sealing import BadBackup
from openkap.config.backup.wanted import Wanted, installations, part_of, refuse_used
from openkap.config.embedded import EmbeddedServer
from openkap.config.environment import BadSetting, Environment
from openkap.config.family import Lock
from openkap.config.keys import load


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(arguments: argparse.Namespace, *, with_django: Callable[[], None]) -> int:
    """Do what was typed."""
    env = environment.read()
    if arguments.verb == "backup":
        return {"now": _now, "list": _list, "key": _key}[arguments.act](env, arguments)
    wanted = _wanted(env, arguments)
    if arguments.verb == "drill":
        return _drill(env, wanted)
    return _restore(env, wanted, with_django=with_django)


def _key(env: Environment, arguments: argparse.Namespace) -> int:
    secret, public = sealing.new_pair()
    say("The recovery key. Write it down or print it, keep it away from this machine, and in two places.")
    say("Without it no backup can be opened, by anyone. It is shown once and kept nowhere:\n")
    say(f"  {secret}\n")
    say("Its public half, for the machine. It can only lock:\n")
    say(f"  OPENKAP_BACKUP_KEY={public}")
    return 0


def _server(env: Environment) -> EmbeddedServer:
    keys = load(env.data_dir)
    if keys is None:
        raise BadBackup(f"There is no installation in {env.data_dir}.")
    return EmbeddedServer(env.data_dir, keys)


def _place(env: Environment, given: str) -> str:
    """The place's address; what is typed is checked as the setting is."""
    if given:
        told = {"OPENKAP_BACKUP_TO": given, "OPENKAP_BACKUP_KEY": env.backup_key or "-"}
        return environment.read({**told, "OPENKAP_DATA_DIR": str(env.data_dir)}).backup_to
    if not env.backup_to:
        raise BadSetting(
            "Where is the backup? Set OPENKAP_BACKUP_TO: folder:///…, s3://BUCKET or command:///…."
        )
    return env.backup_to


def _now(env: Environment, arguments: argparse.Namespace) -> int:
    url = _place(env, arguments.to)
    if not env.backup_key:
        raise BadSetting("OPENKAP_BACKUP_KEY is not set; `openkap backup key` makes one.")
    if env.embedded:
        server = _server(env)
        with server.running():
            taken = base.take(server, base.place_of(server, url), recipients=env.backup_key, say=say)
    else:
        taken = dump.take(env, dump.place_of(env, url), say=say)
    rounded = round(taken.seconds, 1)
    state.write(env.data_dir, based=taken.base.at, base_size=taken.size, base_seconds=rounded)
    say(f"✓ {plan.size(taken.cluster_bytes)} of database in {plan.size(taken.size)}, {rounded} s, to {url}")
    return 0


def _list(env: Environment, arguments: argparse.Namespace) -> int:
    from openkap.config.backup.places import files_at

    names = files_at(_place(env, arguments.to)).names("")
    for one in installations(names):
        own = [name[len(one) + 1 :] for name in names if name.startswith(f"{one}/")]
        log = plan.segments(own)
        bases, dumps = len(plan.bases(own)), len(plan.dumps(own))
        say(
            f"{one}: "
            + (f"{dumps} dumps" if dumps else f"{bases} base backups, {len(log)} pieces of the log")
        )
        for at in [*(it.at for it in plan.bases(own)), *plan.dumps(own)]:
            say(f"  {at:%Y-%m-%d %H:%M} UTC")
    if not installations(names):
        say("There is no backup there.")
    known = state.read(env.data_dir)
    if known.sent:
        say(f"Last sent from here: {known.sent:%Y-%m-%d %H:%M:%S} UTC. {known.failed}".strip())
    if known.drilled:
        say(f"Last drill: {known.drilled:%Y-%m-%d} {known.drill_said}")
    return 0


def usable(env: Environment) -> None:
    """Whether what is set up for the backup can be used; a typing error is said before serving."""
    if env.backup_to:
        sealing.recipients(env.backup_key)
        if not env.embedded:
            dump.address(env)


def _wanted(env: Environment, arguments: argparse.Namespace) -> Wanted:
    source, until = _place(env, arguments.source), None
    if arguments.until:
        try:
            until = datetime.fromisoformat(arguments.until)
        except ValueError as error:
            text = f"--until is “{arguments.until}”. Give a moment as 2026-11-26T14:30, in UTC."
            raise BadSetting(text) from error
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return Wanted(source, sealing.identities(_secret(arguments.key)), arguments.of, until, arguments.timeline)


def _secret(file: str | None) -> str:
    if file is None:
        return getpass.getpass("The recovery key, AGE-SECRET-KEY-1…: ")
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadBackup(f"The recovery key {file} cannot be read: {error}.") from error


def _drill(env: Environment, wanted: Wanted) -> int:
    outcome = drill.run(wanted, env.data_dir, say=say)
    for problem in outcome.problems:
        say(f"✕ {problem}")
    say(f"{'✕' if outcome.problems else '✓'} The drill {outcome.said}.")
    return 1 if outcome.problems else 0


def _restored(env: Environment, wanted: Wanted) -> restore.Restored:
    if env.embedded:
        return restore.restore(wanted, env.data_dir, say=say)
    refuse_used(env.data_dir)
    place = part_of(wanted)
    about, until = dump.restore(place, wanted.keys, env=env, until=wanted.until, say=say)
    return restore.Restored(None, about, until, chosen=True)


def _restore(env: Environment, wanted: Wanted, *, with_django: Callable[[], None]) -> int:
    began = time.monotonic()
    env.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock(env.data_dir)
    lock.take()
    try:
        restored = _restored(env, wanted)
        with_django()
        from openkap.config import tasks
        from openkap.config.backup import afterwards

        with tasks.database():
            problems = afterwards.run(restored, say=say)
    finally:
        lock.let_go()
    for problem in problems:
        say(f"✕ {problem}")
    took = plan.told(time.monotonic() - began)
    say(f"{'✕' if problems else '✓'} Restored to {restored.until:%Y-%m-%d %H:%M:%S} UTC, in {took}.")
    say("What was entered later is not there; every clinic has an alert of it. Start with: openkap serve")
    return 1 if problems else 0
