"""What a drill counts: rows that go in the course of work are no loss; no other table is left out (H43)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from openkap.accounts.actor import Actor
from openkap.config.backup.base import COME_AND_GO, WHEREVER_IT_STANDS, counts
from openkap.dosing.tests.scene import scene
from openkap.tenancy.history import tables
from openkap.watch import actions as watch_actions
from openkap.watch.models import Session
from openkap.watch.models.archived import ARCHIVED_AFTER
from tests.cast import NOW, Cast

# Nothing deletes from these, though the database would let its owner.
NEVER_LESS = {
    "account_emailaddress", "accounts_submission", "accounts_user", "audit_event", "audit_reading",
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "pghistory_context",
    "tenancy_beat",
    "tenancy_clinic",
}  # fmt: skip
HELD = """
SELECT relname FROM pg_class t WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND (g.tgtype & 8) = 8
AND (g.tgname LIKE 'pgtrigger_append_only%' OR g.tgname LIKE 'pgtrigger_delete_delete%'))
"""


@pytest.mark.django_db
def test_every_table_whose_rows_may_go_is_known_to_the_drill() -> None:
    """A new table that is neither append-only nor tracked fails here until somebody has said which it is."""
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        names = {name for (name,) in cursor.fetchall()}
    known = {name for name in names if COME_AND_GO.search(name)} | WHEREVER_IT_STANDS.keys()
    assert names - known - set(tables()) == NEVER_LESS


class _Link:
    """The test's own connection as `counts` uses one; it sees the rows of this clinic."""

    def __init__(self) -> None:
        self.cursor = connection.cursor()

    def execute(self, query: object) -> object:
        self.cursor.execute(query)
        rows = self.cursor.fetchall()
        return SimpleNamespace(fetchall=lambda: rows, fetchone=lambda: rows[0])

    def rollback(self) -> None:
        """The test's transaction goes on."""


def test_a_value_counts_wherever_it_stands(cast: Cast) -> None:
    """An archive at night between the backup and the drill is no loss of values."""
    it = scene(cast)
    it.start()
    before = counts(_Link())  # type: ignore[arg-type]
    assert before["watch_vital"] > 3
    Session.objects.filter(id=it.session.id).update(closed_at=NOW)
    clock = Actor.system(cast.clinic.id, "The clock")
    watch_actions.archive(it.session.id, by=clock, at=NOW + ARCHIVED_AFTER + timedelta(days=1))
    assert Session.objects.get(id=it.session.id).archived_at is not None
    after = counts(_Link())  # type: ignore[arg-type]
    assert after["watch_vital"] == before["watch_vital"]
    assert "watch_archivedvitals" not in after
    assert {name for name in before if after[name] < before[name]} == set()
