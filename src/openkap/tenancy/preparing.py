"""Making roles, database and rights, and looking whether they are there: embedded, or any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection, sql

from openkap.tenancy.roles import EARLIER, Roles, named
from openkap.tenancy.row_security import DEFAULT_RIGHTS_SQL

OLDEST = 160_000  # PostgreSQL 16, as `server_version_num` counts
_Link = Connection[Any]


class NotPrepared(Exception):
    """The database is not as OpenKAP needs it. The message says what is missing."""


class MigrationFailed(Exception):
    """The database could not be brought up to date, and is as it was. The message says why."""


def _rights(roles: Roles) -> dict[str, str]:
    return {
        roles.unscoped: "NOLOGIN BYPASSRLS",
        roles.owner: "LOGIN",
        roles.app: "LOGIN",
        roles.backup: "LOGIN BYPASSRLS",
    }


def _one(link: _Link, query: str, *values: object) -> Any:
    row = link.execute(query, values).fetchone()
    return None if row is None else row[0]


def may_prepare(link: _Link) -> None:
    """Whether whoever is connected can do it, on a server that is new enough; else `NotPrepared` says why."""
    version = int(_one(link, "SELECT current_setting('server_version_num')"))
    if version < OLDEST:
        raise NotPrepared(f"PostgreSQL 16 or newer is needed; this server is {version // 10_000}.")
    row = link.execute(
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls "
        "FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row is not None
    name, is_super, *others = row
    lacking = [
        word for word, has in zip(("CREATEROLE", "CREATEDB", "BYPASSRLS"), others, strict=True) if not has
    ]
    if lacking and not is_super:
        raise NotPrepared(f"The role {name} lacks {', '.join(lacking)}; give the address of one that has it.")


def make_roles(link: _Link, roles: Roles, *, passwords: Mapping[str, str]) -> Iterator[str]:
    """Make the roles that are missing; says what was done. A role that is here keeps its password."""
    for name, rights in _rights(roles).items():
        if _one(link, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
            yield f"The role {name} is here already; its password was not changed."
            continue
        earlier = EARLIER.get(name, "")
        if earlier and _one(link, "SELECT 1 FROM pg_roles WHERE rolname = %s", earlier):
            rename = sql.SQL("ALTER ROLE {} RENAME TO {}")
            link.execute(rename.format(sql.Identifier(earlier), sql.Identifier(name)))
            yield f"The role {earlier} is called {name} now."
            continue
        link.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(rights)))
        if name in passwords:
            password = sql.Literal(passwords[name])
            link.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), password))
        yield f"The role {name} was made."
    grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(roles.unscoped), sql.Identifier(roles.owner))
    link.execute(grant)
    if not _one(link, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        link.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(roles.owner)))


def make_database(link: _Link, name: str, *, roles: Roles, template: str = "") -> None:
    """A database owned by the owner, which the application and the backup may connect to."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
        sql.Identifier(name), sql.Identifier(roles.owner)
    )
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    link.execute(statement)
    link.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    link.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            sql.Identifier(name), sql.Identifier(roles.app), sql.Identifier(roles.backup)
        )
    )


def give_rights(link: _Link, roles: Roles) -> None:
    """The rights in tables to come. In the database itself, by whoever may act for the owner."""
    link.execute(named(DEFAULT_RIGHTS_SQL, roles).encode())


def done(link: _Link, roles: Roles) -> None:
    """Whoever prepared may act for the owner no longer."""
    if not _one(link, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        link.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(sql.Identifier(roles.owner)))


def missing(link: _Link, roles: Roles) -> list[str]:
    """What of roles and rights is not as it must be, each as a sentence that names it. As the owner."""
    return _wrong_roles(link, roles) or _missing_rights(link, roles)


def _wrong_roles(link: _Link, roles: Roles) -> list[str]:
    faults = []
    for name, rights in _rights(roles).items():
        query = "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = %s"
        row = link.execute(query, [name]).fetchone()
        if row is None:
            faults.append(f"The role {name} does not exist.")
            continue
        if not row[0] and "NOLOGIN" not in rights:
            faults.append(f"The role {name} cannot log in.")
        if row[1] != ("BYPASSRLS" in rights):
            faults.append(f"The role {name} must {'not ' if row[1] else ''}have BYPASSRLS.")
    return faults


def _missing_rights(link: _Link, roles: Roles) -> list[str]:
    faults = []
    if not _one(link, "SELECT pg_has_role(current_user, %s, 'SET')", roles.unscoped):
        faults.append(f"The role {roles.owner} may not act as {roles.unscoped}: GRANT it that role.")
    if not _one(link, "SELECT has_schema_privilege(current_user, 'public', 'CREATE')"):
        faults.append(f"The role {roles.owner} may not make tables: it must own the database.")
    for name in (roles.app, roles.backup):
        if not _one(link, "SELECT has_database_privilege(%s, current_database(), 'CONNECT')", name):
            faults.append(f"The role {name} may not connect to this database.")
        if not _one(link, "SELECT has_schema_privilege(%s, 'public', 'USAGE')", name):
            faults.append(f"The role {name} may not use the schema public.")
    return faults
