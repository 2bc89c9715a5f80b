"""The four roles of the database, under whatever names a clinic has given them.

The SQL of row-level security is written with the names of the embedded database; `named` puts the clinic's
in their place. The owner makes tables and never serves a page; the application serves pages and owns
nothing; the backup reads everything and changes nothing; the unscoped role owns the few unscoped functions,
and nobody can sign in as it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Names that a role had before, by the name it has now: preparing a database renames what it still finds.
EARLIER = {"openkap_unscoped": "openkap_gate"}

_NAMES = re.compile(r"\bopenkap_(owner|app|backup|unscoped)\b")


@dataclass(frozen=True, slots=True)
class Roles:
    """Their names."""

    owner: str = "openkap_owner"
    app: str = "openkap_app"
    backup: str = "openkap_backup"
    unscoped: str = "openkap_unscoped"

    def all(self) -> tuple[str, str, str, str]:
        """The names, in the order in which they are made."""
        return (self.unscoped, self.owner, self.app, self.backup)


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def named(statement: str, roles: Roles | None = None) -> str:
    """The statement with this installation's roles."""
    if roles is None:
        from django.conf import settings

        roles = settings.OPENKAP_ROLES
    told: Any = roles
    return _NAMES.sub(lambda name: quoted(getattr(told, name[1])), statement)
