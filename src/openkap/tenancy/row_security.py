"""The database's half of row-level security: the context check, its key, the roles' rights.

Raw SQL lives in this room alone. The context function is owned by the owner role and runs
with its rights (SECURITY DEFINER) over a pinned search path, so the application's role can
ask "which clinic am I in" and can neither read the key nor change the answer.
"""

from __future__ import annotations

import hashlib
from typing import Any

from openkap.tenancy.roles import named

CONTEXT_SQL = """
CREATE SCHEMA IF NOT EXISTS row_security;
REVOKE ALL ON SCHEMA row_security FROM PUBLIC;
CREATE TABLE row_security.context_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
REVOKE ALL ON row_security.context_key FROM PUBLIC;

CREATE FUNCTION ctx_clinic() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('openkap.context', true);
    body text;
    key row_security.context_key;
BEGIN
    IF raw IS NULL OR length(raw) < 66 THEN
        RETURN NULL;
    END IF;
    body := left(raw, length(raw) - 65);
    SELECT * INTO key FROM row_security.context_key;
    IF encode(sha256(key.outer_pad || sha256(key.inner_pad || convert_to(body, 'UTF8'))), 'hex')
       IS DISTINCT FROM right(raw, 64) THEN
        RETURN NULL;
    END IF;
    IF split_part(body, '.', 4)::bigint < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN split_part(body, '.', 1)::uuid;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ctx_clinic() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ctx_clinic() TO openkap_app, openkap_unscoped;
"""

CONTEXT_SQL_UNDO = "DROP FUNCTION ctx_clinic(); DROP SCHEMA row_security CASCADE;"

# Run once by whoever may create roles (the embedded server's superuser, or the clinic's own
# database administrator). The passwords are parameters, never text in a statement.
DEFAULT_RIGHTS_SQL = """
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO openkap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO openkap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner GRANT SELECT ON TABLES TO openkap_backup;
GRANT USAGE ON SCHEMA public TO openkap_app, openkap_unscoped, openkap_backup;
"""


# A dump is restored without them: it brings every table's own rights, and these again at its end.
NO_DEFAULT_RIGHTS_SQL = """
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner IN SCHEMA public REVOKE ALL ON TABLES FROM openkap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner IN SCHEMA public REVOKE ALL ON SEQUENCES FROM openkap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE openkap_owner REVOKE ALL ON TABLES FROM openkap_backup;
"""


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The two padded keys of HMAC-SHA256 (RFC 2104), which is all the database needs."""
    block = key if len(key) <= 64 else hashlib.sha256(key).digest()
    block = block.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def install_key(connection: Any, key: bytes) -> None:
    """Give the database the key the application signs contexts with. Needs the owner's connection."""
    inner, outer = pads(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO row_security.context_key (inner_pad, outer_pad) VALUES (%s, %s) "
            "ON CONFLICT (only_one) DO UPDATE "
            "SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [inner, outer],
        )


def let_backup_read(connection: Any) -> None:
    """Give the backup role what a dump needs beyond the tables. Needs the owner."""
    with connection.cursor() as cursor:
        cursor.execute(named("GRANT USAGE ON SCHEMA row_security TO openkap_backup"))
        cursor.execute(named("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO openkap_backup"))


def keep_history(connection: Any, tables: list[str]) -> None:
    """Take from the application the right to change or remove what rows said before. Needs the owner."""
    with connection.cursor() as cursor:
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(named(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM openkap_app"))
