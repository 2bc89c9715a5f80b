"""How the database stands: questions the start-up self-check asks of it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

_WITHOUT_POLICY = """
SELECT c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT (
    c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT 1 FROM pg_policies p
        WHERE p.schemaname = 'public' AND p.tablename = c.relname
          AND p.qual LIKE '%%ctx_clinic%%' AND p.with_check LIKE '%%ctx_clinic%%')
    AND (SELECT count(*) FROM pg_policies p
         WHERE p.schemaname = 'public' AND p.tablename = c.relname) = 1)
AND NOT (c.relkind = 'v' AND coalesce(c.reloptions, '{}') @> '{security_invoker=true}')
ORDER BY c.relname
"""


def _column(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, [])
        return [str(row[0]) for row in cursor.fetchall()]


def tables_without_policy() -> list[str]:
    """Tables, views and the like with a `clinic_id` without exactly one policy that is forced.

    A view that reads as whoever asks (`security_invoker`) shows what the policies of its tables let them see.
    """
    return _column(_WITHOUT_POLICY)


def excess_rights() -> list[str]:
    """What the connected role may do that the application must not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, "
            "(SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = rolname) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        name, is_super, bypasses, makes_roles, owns = cursor.fetchone()
    excess = []
    if is_super:
        excess.append(f"{name} is a superuser.")
    if bypasses:
        excess.append(f"{name} may bypass row-level security.")
    if makes_roles:
        excess.append(f"{name} may make roles.")
    if owns:
        excess.append(f"{name} owns {owns} tables.")
    return excess


def changeable(tables: list[str]) -> list[str]:
    """Those of these tables in which the connected role may change or remove a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name "
            "WHERE has_table_privilege(quote_ident(name), 'UPDATE, DELETE, TRUNCATE') ORDER BY name",
            [tables],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def unsafe_settings() -> list[str]:
    """Server settings that must be on and are off."""
    return _column(
        "SELECT name FROM pg_settings "
        "WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name"
    )


def context_is_believed() -> bool:
    """Whether the database accepts the context this transaction has set."""
    return _column("SELECT ctx_clinic() IS NOT NULL") == ["True"]


def last_beat() -> datetime | None:
    """When the work by the clock last ran, over the whole installation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(at) FROM tenancy_beat")
        known: datetime | None = cursor.fetchone()[0]
        return known


def database_time() -> datetime:
    """What time the database thinks it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        known: datetime = cursor.fetchone()[0]
        return known
