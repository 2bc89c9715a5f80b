"""`openkap database prepare`: roles, database and rights on a PostgreSQL of the clinic's own.

The administrator's address is used once and kept nowhere. What was done is said; the addresses OpenKAP
needs come last, and are shown once: their passwords are made here and kept nowhere either.
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from openkap.config.environment import ROLES_IN_AN_ADDRESS
from openkap.tenancy import preparing
from openkap.tenancy.preparing import NotPrepared
from openkap.tenancy.roles import Roles

KNOWN = "PASSWORD-YOU-HAVE"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(arguments: argparse.Namespace) -> int:
    """Prepare, and say what was done."""
    given = arguments.address or getpass.getpass("An administrator's address, postgresql://…: ")
    roles = Roles(arguments.owner, arguments.app, arguments.backup, arguments.unscoped)
    if len(set(roles.all())) < len(roles.all()):
        raise NotPrepared("The four roles must have four names.")
    passwords = {name: secrets.token_urlsafe(24) for name in (roles.owner, roles.app, roles.backup)}
    try:
        made = _prepare(given, arguments.database, roles=roles, passwords=passwords)
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0]
        raise NotPrepared(f"The database was not prepared: {why}.") from error
    told = {name: passwords[name] if name in made else KNOWN for name in passwords}
    _say("\nSet these, and keep them where only the clinic's machine reads them; they are shown once:\n")
    app = _address(given, arguments.database, user=roles.app, password=told[roles.app])
    _say(f"  OPENKAP_DATABASE_URL={app}")
    owner = _address(given, arguments.database, user=roles.owner, password=told[roles.owner], roles=roles)
    _say(f"  OPENKAP_OWNER_DATABASE_URL={owner}")
    backup = _address(given, arguments.database, user=roles.backup, password=told[roles.backup])
    _say(f"  OPENKAP_BACKUP_DATABASE_URL={backup}")
    _say("Then: openkap migrate, or openkap init for a new clinic.")
    return 0


def _prepare(address: str, database: str, *, roles: Roles, passwords: dict[str, str]) -> set[str]:
    """Do it, and return the roles that were made here."""
    made = set()
    with psycopg.connect(_in(address, "postgres"), autocommit=True, connect_timeout=10) as link:
        preparing.may_prepare(link)
        before = {str(row[0]) for row in link.execute("SELECT rolname FROM pg_roles")}
        made = set(roles.all()) - before
        for said in preparing.make_roles(link, roles, passwords=passwords):
            _say(said)
        names = {str(row[0]) for row in link.execute("SELECT datname FROM pg_database")}
        if database in names:
            _say(f"The database {database} is here already.")
        else:
            preparing.make_database(link, database, roles=roles)
            _say(f"The database {database} was made; {roles.owner} owns it.")
    with psycopg.connect(_in(address, database), autocommit=True, connect_timeout=10) as link:
        preparing.give_rights(link, roles)
        preparing.done(link, roles)
        _say("The rights were given.")
    return made


def _in(address: str, database: str) -> str:
    """The same server, another database."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise NotPrepared("An address begins with postgresql:// and names a user, a host and a password.")
    return urlunsplit(parts._replace(path=f"/{quote(database)}"))


def _address(given: str, database: str, *, user: str, password: str, roles: Roles | None = None) -> str:
    """The address of one role; the owner's names the two roles nobody connects as here."""
    parts = urlsplit(given)
    place = parts.netloc.rpartition("@")[2]
    query = [parts.query] if parts.query else []
    if roles is not None:
        named = zip(ROLES_IN_AN_ADDRESS, (roles.unscoped, roles.backup), strict=True)
        query += [
            f"{key}={quote(name)}" for key, name in named if name not in (Roles().unscoped, Roles().backup)
        ]
    who = f"{quote(user)}:{quote(password)}"
    netloc = f"{who}@{place}"
    return urlunsplit(("postgresql", netloc, f"/{quote(database)}", "&".join(query), ""))
