"""What is sealed opens in its own place, and nothing reads or writes it past its row (H40)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.core import serializers
from django.db import connection, connections, models, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from openkap.tenancy.sealed import CannotBeOpened, Sealed, SealedFile, SealedText, WrittenPastTheRow

HARBOUR, HILL = uuid.UUID(int=1), uuid.UUID(int=2)


class Letter(models.Model):
    """A row with secrets; its table lives as long as a test."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    clinic_id = models.UUIDField(default=HARBOUR)
    text = SealedText(vault="letters", null=True)
    other = SealedText(vault="others", null=True)
    scan = SealedFile(vault="letters", null=True)

    class Meta:
        app_label = "tests"
        db_table = "sealed_letter"


@pytest.fixture(scope="module")
def table_of_letters(django_db_setup: None) -> Iterator[None]:
    """A table made by the owner, for as long as this module: the application's role makes none."""
    entry = connections["owner"].settings_dict
    names = {"host": entry["HOST"], "dbname": entry["NAME"], "user": entry["USER"]}
    with psycopg.connect(**names, password=entry["PASSWORD"], autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE sealed_letter"
            " (id uuid PRIMARY KEY, clinic_id uuid, text bytea, other bytea, scan bytea)"
        )
        owner.execute("GRANT SELECT, INSERT, UPDATE ON sealed_letter TO openkap_app")
        yield
        owner.execute("DROP TABLE sealed_letter")


@pytest.fixture
def table(table_of_letters: None, db: None) -> None:
    """The table, and a transaction that is rolled back."""


def _stored() -> tuple[bytes, bytes]:
    """The text and the scan as the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, coalesce(scan, '') FROM sealed_letter LIMIT 1")
        text, scan = cursor.fetchone()
    return bytes(text), bytes(scan)


def _put(content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sealed_letter SET text = %s", [content])


def test_text_and_files_come_back_and_the_database_never_sees_them(table: None) -> None:
    row = Letter.objects.create(text="Naïve 🌊", scan=b"\x00\xff secret", other="elsewhere")
    again = Letter.objects.get(id=row.id)
    assert (again.text, again.scan, again.other) == ("Naïve 🌊", b"\x00\xff secret", "elsewhere")
    assert "Naïve".encode() not in _stored()[0]
    assert b"secret" not in _stored()[1]
    again.text = "Changed."
    again.save()
    assert Letter.objects.get(id=row.id).text == "Changed."


def test_rows_made_together_are_sealed_each_for_itself(table: None) -> None:
    Letter.objects.bulk_create([Letter(text="same"), Letter(text="same"), Letter()])
    assert sorted(str(row.text) for row in Letter.objects.all()) == ["None", "same", "same"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT text) FROM sealed_letter")
        assert cursor.fetchone() == (2,)


def test_a_changed_byte_does_not_open(table: None) -> None:
    Letter.objects.create(text="What she said.")
    whole = _stored()[0]
    for place in range(len(whole)):
        _put(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CannotBeOpened):
            _ = Letter.objects.get().text
    for left in range(len(whole)):
        _put(whole[:left])
        with pytest.raises(CannotBeOpened):
            _ = Letter.objects.get().text


@pytest.mark.parametrize("moved", ["row", "clinic", "column"])
def test_a_value_that_was_moved_does_not_open(table: None, moved: str) -> None:
    row = Letter.objects.create(text="What she said.", scan=b"x")
    with connection.cursor() as cursor:
        if moved == "row":
            cursor.execute("UPDATE sealed_letter SET id = %s", [uuid.uuid4()])
        elif moved == "clinic":
            cursor.execute("UPDATE sealed_letter SET clinic_id = %s", [HILL])
        else:
            cursor.execute("UPDATE sealed_letter SET other = text, scan = text")
    found = Letter.objects.get()
    with pytest.raises(CannotBeOpened):
        _ = found.other if moved == "column" else found.text
    assert row.text == "What she said."


def test_another_key_opens_nothing(table: None) -> None:
    Letter.objects.create(text="What she said.")
    with override_settings(OPENKAP_FIELD_KEY=bytes([7]) * 32), pytest.raises(CannotBeOpened):
        _ = Letter.objects.get().text


def test_it_can_be_neither_searched_nor_written_past_its_row_nor_exported(table: None) -> None:
    row = Letter.objects.create(text="What she said.")
    with pytest.raises(WrittenPastTheRow):
        Letter.objects.filter(text="What she said.").exists()
    with pytest.raises(WrittenPastTheRow), transaction.atomic():
        Letter.objects.update(text="Something else.")
    with pytest.raises(WrittenPastTheRow), transaction.atomic():
        Letter.objects.bulk_update([row], ["text"])
    with pytest.raises(WrittenPastTheRow):
        serializers.serialize("json", [row])
    (value,) = Letter.objects.values_list("text", flat=True)
    assert isinstance(value, Sealed)
    assert repr(value) == "<sealed>"


def test_a_field_takes_its_own_kind_of_value_alone(table: None) -> None:
    with pytest.raises(TypeError, match="holds text"):
        Letter.objects.create(text=b"bytes")
    with pytest.raises(TypeError, match="holds bytes"):
        Letter.objects.create(scan="text")


def test_what_is_not_read_is_not_fetched_and_opens_later(table: None) -> None:
    Letter.objects.create(text="What she said.")
    assert Letter.objects.defer("text").get().text == "What she said."


@given(text=st.text())
def test_every_text_comes_back(text: str) -> None:
    row = Letter(text=text)
    field = Letter._meta.get_field("text")
    sealed = field.pre_save(row, True)  # type: ignore[union-attr]
    assert field.opened(row, sealed) == text  # type: ignore[union-attr]


def test_a_migration_writes_the_vault_down() -> None:
    assert Letter._meta.get_field("text").deconstruct()[3]["vault"] == "letters"
