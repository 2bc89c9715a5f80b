"""`openkap migrate`: a backup first, then the database is brought up to date, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings

from openkap.config import database, tasks
from openkap.config.backup import base, dump, plan, sealing
from openkap.config.backup.places import Within, files_at
from openkap.config.embedded import EmbeddedServer
from openkap.config.environment import BadSetting
from openkap.config.family import Lock

Say = Callable[[str], None]
BEFORE = "before-upgrade"


def run(*, without_backup: bool, say: Say) -> int:
    """Do it. The clinic must not be served meanwhile."""
    lock = Lock(settings.ENV.data_dir)
    lock.take()
    try:
        with tasks.database():
            if not without_backup and not database.is_new() and database.pending():
                _back_up(say)
            database.migrate(verbosity=1)
    finally:
        lock.let_go()
    return 0


def _back_up(say: Say) -> None:
    """To the place outside when there is one, else into the data folder with a key beside it."""
    env, server = settings.ENV, tasks.embedded()
    say("A backup first …")
    if env.backup_to:
        if server is None:
            taken = dump.take(env, dump.place_of(env, env.backup_to), say=say)
        else:
            place = base.place_of(server, env.backup_to)
            taken = base.take(server, place, recipients=env.backup_key, say=say)
        say(f"✓ {plan.size(taken.size)} sent to {env.backup_to}")
    elif server is None:
        raise BadSetting(
            "There is no backup. Set OPENKAP_BACKUP_TO and OPENKAP_BACKUP_DATABASE_URL, or make one your own "
            "way and say --without-backup."
        )
    else:
        _back_up_here(server, say)


def _back_up_here(server: EmbeddedServer, say: Say) -> None:
    """The last one before an upgrade stays; an earlier one is removed when this one is whole."""
    spool = server.data_dir / "backup"
    folder, part = spool / BEFORE, spool / f"{BEFORE}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    secret, public = sealing.new_pair()
    (part / "recovery.key").write_text(secret + "\n", encoding="ascii")
    (part / "recovery.key").chmod(0o600)
    with base.link(server) as db:
        place = Within(files_at(f"folder://{part}"), f"cluster-{base.identifier(db)}/")
    taken = base.take(server, place, recipients=public, say=lambda text: None)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    say(f"✓ {plan.size(taken.size)} in {folder}. It is on this machine alone; remove it when all is well.")
    say(f"  The way back: openkap restore --from folder://{folder} --key {folder / 'recovery.key'}")
