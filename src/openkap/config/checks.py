"""The start-up self-checks: what must be true before a patient's record is opened to anyone.

Each check returns sentences for a person; an empty list is a pass. `openkap serve` does not
start when any of them fails, `openkap check` prints them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from openkap.accounts import registry
from openkap.audit.queries import chains, verify_head
from openkap.config import checkpoints, database, heartbeat
from openkap.config.backup import state, watch
from openkap.config.family import Lock, cannot_listen
from openkap.tenancy import history, selfcheck
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside

SITE = ("OPENKAP_HOST", "OPENKAP_PORT")
LISTENER = ("OPENKAP_MLLP_HOST", "OPENKAP_MLLP_PORT")
CLOCK_SECONDS = 2.0
RECORD = ("audit_event", "audit_head", "audit_reading", "audit_readinghead")


def every_url_is_declared() -> list[str]:
    """A URL without grants is open by mistake or shut by mistake; neither may run."""
    return [f"The URL {url} is not in the policy registry." for url in registry.undeclared()]


def nothing_is_pending() -> list[str]:
    """The tables are those of this version: not of an older one, nor of a newer."""
    newer = database.unknown()
    if newer:
        return [database.newer_than_this(newer)]
    pending = database.pending()
    if not pending:
        return []
    failed = database.last_failure()
    last = f" The last try failed, and the version before can be started. {failed}" if failed else ""
    return [f"{len(pending)} migrations are pending (first: {pending[0]}). Run `openkap migrate`.{last}"]


def the_role_is_humble() -> list[str]:
    """The application's role cannot look past the clinic."""
    return [f"The database role {text}" for text in selfcheck.excess_rights()]


def every_policy_is_forced() -> list[str]:
    """Each table of a clinic has forced row-level security and its policy."""
    return [
        f"The table {table} has no forced row-level security." for table in selfcheck.tables_without_policy()
    ]


def history_stays() -> list[str]:
    """What rows said before, and the record, can be added to and never changed."""
    tables = [*history.tables(), *RECORD]
    changeable = selfcheck.changeable(tables)
    return [
        f"The application may change the history in {name}. Run `openkap migrate`." for name in changeable
    ]


def what_is_acknowledged_is_durable() -> list[str]:
    """fsync and full_page_writes are on; without them a power cut loses what was acknowledged."""
    return [f"The database runs with {name} off." for name in selfcheck.unsafe_settings()]


def keys_are_our_own() -> list[str]:
    """No debug mode, no key that was not made for this installation."""
    faults = []
    if settings.DEBUG:
        faults.append("OPENKAP_DEBUG is on; a served clinic must not run in debug mode.")
    if settings.SECRET_KEY.startswith("not-made-yet") or not any(settings.OPENKAP_CONTEXT_KEY):
        faults.append("The installation has no keys of its own; run `openkap init`.")
    return faults


def the_key_fits_the_database() -> list[str]:
    """The application's context key is the one the database checks with."""
    clinics = clinic_ids()
    if not clinics:
        return []
    with inside(clinics[0]):
        if not selfcheck.context_is_believed():
            return ["The database does not believe this installation's context key. Run `openkap migrate`."]
    return []


def the_record_ends_where_it_says() -> list[str]:
    """The head of each audit chain, the installation's own too, matches its last event."""
    faults = []
    for chain, kind in chains():
        with inside(chain):
            if not verify_head(chain, kind):
                faults.append(f"The audit record ({kind}) of {chain} does not end where its head says.")
    return faults


def clocks_agree() -> list[str]:
    """The database's clock and ours are within two seconds."""
    apart = abs((selfcheck.database_time() - timezone.now()).total_seconds())
    if apart <= CLOCK_SECONDS:
        return []
    return [
        f"The database's clock is {apart:.1f} s away from ours; at most {CLOCK_SECONDS:.0f} s is allowed."
    ]


CHECKS: list[Callable[[], list[str]]] = [
    every_url_is_declared,
    nothing_is_pending,
    the_role_is_humble,
    every_policy_is_forced,
    history_stays,
    what_is_acknowledged_is_durable,
    keys_are_our_own,
    the_key_fits_the_database,
    the_record_ends_where_it_says,
    clocks_agree,
]


def the_jobs_run() -> list[str]:
    """While the tree serves, the work by the clock runs: escalations, check-ins, messages."""
    if not Lock(settings.ENV.data_dir).is_held():
        return []
    beat = selfcheck.last_beat()
    if beat is None or timezone.now() - beat <= heartbeat.STOPPED_AFTER:
        return []
    return [f"The work by the clock has not run since {beat:%Y-%m-%d %H:%M} UTC."]


def checkpoints_are_made() -> list[str]:
    """While the tree serves, the record's ends are signed each hour."""
    if not Lock(settings.ENV.data_dir).is_held():
        return []
    return checkpoints.overdue(at=timezone.now())


def backups_are_made() -> list[str]:
    """While the tree serves, what is written leaves this machine."""
    if not Lock(settings.ENV.data_dir).is_held():
        return []
    known = state.read(settings.ENV.data_dir)
    lacking = watch.lacks(known, set_up=bool(settings.ENV.backup_to), at=timezone.now())
    return [it.says.text for it in lacking]


def ports() -> list[str]:
    """What stands in the way of listening, for the site and for the monitors."""
    env = settings.ENV
    faults = [
        cannot_listen(env.host, env.port, names=SITE),
        cannot_listen(env.mllp_host, env.mllp_port, names=LISTENER),
    ]
    return [text for text in faults if text]


def problems() -> list[str]:
    """Every check's findings. The first three guard the later ones, so a missing table stops early."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return [f"The database does not answer: {str(error).strip()}"]
    faults: list[str] = []
    for check in CHECKS:
        if faults and check is the_key_fits_the_database:
            return faults
        faults += check()
    return faults
