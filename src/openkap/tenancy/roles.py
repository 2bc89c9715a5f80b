"""The four roles of the database, under whatever names a clinic has given them.

The SQL of row-level security is written with the names of the embedded database; `named` puts the clinic's
in their place. The owner makes tables and never serves a page; the application serves pages and owns
nothing; the backup reads everything and changes nothing; the gate owns the few functions that look past the
clinic, and nobody can sign in as it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_NAMES = re.compile(r"\bopenkap_(owner|app|backup|gate)\b")


@dataclass(frozen=True, slots=True)
class Roles:
    """Their names."""

    owner: str = "openkap_owner"
    app: str = "openkap_app"
    backup: str = "openkap_backup"
    gate: str = "openkap_gate"

    def all(self) -> tuple[str, str, str, str]:
        """The names, in the order in which they are made."""
        return (self.gate, self.owner, self.app, self.backup)


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def named(statement: str, roles: Roles | None = None) -> str:
    """The statement with this installation's roles."""
    if roles is None:
        from django.conf import settings

        roles = settings.OPENKAP_ROLES
    told: Any = roles
    return _NAMES.sub(lambda found: quoted(getattr(told, found[1])), statement)
