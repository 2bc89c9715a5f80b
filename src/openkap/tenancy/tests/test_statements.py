"""A column of sentences becomes one of statements, and keeps every word it had (H39)."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from openkap.kernel.statement import restored
from openkap.tenancy.statements import kept_as_statement


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection]:
    """The owner's connection, as a migration has it; what it does is rolled back."""
    entry = connections["owner"].settings_dict
    names = {"host": entry["HOST"], "dbname": entry["NAME"], "user": entry["USER"]}
    with psycopg.connect(**names, password=entry["PASSWORD"]) as link:
        link.execute("CREATE TABLE marks (id int, text varchar(200) NOT NULL, reason varchar(300) NOT NULL)")
        yield link
        link.rollback()


def test_what_rows_said_is_read_word_for_word_after_the_change(owner: psycopg.Connection) -> None:
    words = 'saturation 88 %, "not confirmed" {really}'
    owner.execute("INSERT INTO marks VALUES (1, %s, ''), (2, 'x', 'The probe is off.')", [words])
    owner.execute(kept_as_statement("marks", "text", to="says").sql)
    owner.execute(kept_as_statement("marks", "reason", null=True).sql)
    rows = owner.execute("SELECT says, reason FROM marks ORDER BY id").fetchall()
    assert [str(restored(says)) for says, _ in rows] == [words, "x"]
    assert rows[0][1] is None
    assert str(restored(rows[1][1])) == "The probe is off."
