"""Unscoped functions: SQL that looks past the clinic, each declared by the app that owns its tables.

Such a function does one narrow thing for which no clinic can be known yet, or writes what no policy could
guard. It runs with the rights of `openkap_unscoped`, a role nobody can sign in as. An app declares it in its
`unscoped.py` and makes it by `CreateUnscoped` in a migration; docs/reference/unscoped.md lists them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.migrations.operations import RunSQL

from openkap.tenancy.roles import named


@dataclass(frozen=True, slots=True)
class Unscoped:
    """One function. `takes` are its arguments and their types; `tables` what its owner may do with which."""

    name: str
    takes: tuple[tuple[str, str], ...]
    returns: str
    body: str
    why: str
    tables: Mapping[str, str] = field(default_factory=dict)
    language: str = "sql"
    reads_only: bool = True
    definer: bool = True

    @property
    def signature(self) -> str:
        """The function as PostgreSQL tells it from others."""
        return f"{self.name}({', '.join(kind for _, kind in self.takes)})"

    @property
    def make(self) -> str:
        """The statements that make it, owned by the role that may look past a clinic."""
        grants = [f"GRANT {rights} ON {table} TO openkap_unscoped;" for table, rights in self.tables.items()]
        arguments = ", ".join(f"{name} {kind}" for name, kind in self.takes)
        manner = " ".join(
            [*(["STABLE"] if self.reads_only else []), *(["SECURITY DEFINER"] if self.definer else [])]
        )
        return "\n".join(
            [
                *grants,
                f"CREATE FUNCTION {self.name}({arguments}) RETURNS {self.returns}",
                f"LANGUAGE {self.language} {manner} SET search_path = pg_catalog, pg_temp AS $$",
                self.body.strip(),
                "$$;",
                f"REVOKE ALL ON FUNCTION {self.signature} FROM PUBLIC;",
                *([f"GRANT EXECUTE ON FUNCTION {self.signature} TO openkap_app;"] if self.definer else []),
                "GRANT CREATE ON SCHEMA public TO openkap_unscoped;",
                f"ALTER FUNCTION {self.signature} OWNER TO openkap_unscoped;",
                "REVOKE CREATE ON SCHEMA public FROM openkap_unscoped;",
            ]
        )


class CreateUnscoped(RunSQL):
    """The migration's operation that makes a declared function."""

    def __init__(self, function: Unscoped) -> None:
        super().__init__(named(function.make), f"DROP FUNCTION {function.signature}")
        self.function = function

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """As the migration writes it: the declared function."""
        return self.__class__.__name__, [self.function], {}


CLINIC_IDS = Unscoped(
    name="unscoped_clinic_ids",
    takes=(),
    returns="SETOF uuid",
    body="SELECT id FROM public.tenancy_clinic ORDER BY id",
    why="Work by the clock goes round all clinics, each then in its own context.",
    tables={"tenancy_clinic": "SELECT"},
)
CLINIC_OF_FACILITY = Unscoped(
    name="unscoped_clinic_of_facility",
    takes=(("code_sent", "text"),),
    returns="uuid",
    body="SELECT id FROM public.tenancy_clinic WHERE facility <> '' AND facility = upper(btrim(code_sent))",
    why="A monitor's message says by its receiving facility which clinic it is for.",
    tables={"tenancy_clinic": "SELECT"},
)
UNSCOPED = (CLINIC_IDS, CLINIC_OF_FACILITY)
