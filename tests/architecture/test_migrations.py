"""A migration that fills a table looks past the clinics in the one way that works on a clinic with data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import SCHEMA_SOURCES
from tests.architecture.reading import SOURCE, name_of

MIGRATIONS = sorted(SOURCE.glob("*/migrations/0*.py"))
# Rights, functions, triggers, indexes, views and a column of another type write no row.
BY_HAND = re.compile(
    r"FORCE ROW LEVEL SECURITY|RunPython|"
    r"RunSQL\((?!\s*(?:named|MERGES_SQL|RATE_AND_TIME|DROP_INDEXES|MAKE_VIEW|READING_AS_BYTES))"
)


@pytest.mark.parametrize("path", MIGRATIONS, ids=name_of)
def test_rows_are_written_by_fill_alone(path):
    """Keys made after the rows are checked with the owner's eyes, which see no clinic."""
    assert not BY_HAND.search(path.read_text("utf-8"))


def test_what_a_migration_is_made_from_makes_the_tests_database_anew():
    """A function of the database was once changed and tested as it had been before."""
    imported = {
        name.replace(".", "/") + ".py"
        for path in MIGRATIONS
        for name in re.findall(r"^from openkap\.([\w.]+) import", path.read_text("utf-8"), re.MULTILINE)
    }
    unseen = [it for it in imported if not any(Path(it).match(kind) for kind in SCHEMA_SOURCES)]
    assert unseen == []
    assert len(imported) > 8


def test_there_are_migrations_to_look_at():
    assert len(MIGRATIONS) > 30
    assert any("Fill(" in path.read_text("utf-8") for path in MIGRATIONS)
