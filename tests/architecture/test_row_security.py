"""What the models promise stands in the database itself (one clinic never sees another)."""

from __future__ import annotations

import tomllib
from importlib import import_module

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections

from openkap.tenancy import selfcheck
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.models import ClinicModel
from tests.architecture.reading import ROOT


def _keys():
    for model in apps.get_models():
        if not model.__module__.startswith("openkap.") or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, ClinicKey | ClinicOneToOne) and not model.__name__.endswith("Event"):
                yield model, field


@pytest.mark.django_db
def test_every_key_between_clinic_tables_is_held_with_its_clinic():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, array(SELECT attname::text FROM pg_attribute"
            " WHERE attrelid = conrelid AND attnum = ANY(conkey)) FROM pg_constraint WHERE contype = 'f'"
        )
        held = {(table, tuple(sorted(columns))) for table, columns in cursor.fetchall()}
    missing = [
        f"{model._meta.db_table}.{field.column}"
        for model, field in _keys()
        if (model._meta.db_table, tuple(sorted(("clinic_id", field.column)))) not in held
    ]
    assert missing == []
    assert len(list(_keys())) > 40


_LEADING = """
SELECT c.relname, i.indnatts = 1 AND NOT i.indisunique FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND a.attnum = i.indkey[0]
WHERE i.indpred IS NULL AND i.indisvalid
"""


@pytest.mark.django_db
def test_a_policy_finds_an_index_and_no_row_carries_one_more():
    """The key of a clinic table begins with its clinic. An index on the clinic alone is read by nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_LEADING)
        indexes = cursor.fetchall()
    assert {table for table, on_the_clinic_alone in indexes if on_the_clinic_alone} == set()
    led = {table for table, _ in indexes}
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, ClinicModel) and model._meta.managed
    }
    assert tables - led == set()
    assert len(tables) > 60


@pytest.mark.django_db
def test_a_clinic_that_has_such_an_index_loses_it_with_the_upgrade():
    migration = import_module("openkap.tenancy.migrations.0003_no_index_on_the_clinic_alone")
    entry = connections["owner"].settings_dict
    reach = {"host": entry["HOST"], "port": entry["PORT"], "dbname": entry["NAME"], "user": entry["USER"]}
    with psycopg.connect(**reach, password=entry["PASSWORD"]) as owner:
        owner.execute("CREATE INDEX of_before ON people_patient (clinic_id)")
        owner.execute("CREATE INDEX of_use ON people_patient (clinic_id) WHERE family_name <> ''")
        owner.execute(migration.DROP_INDEXES)
        left = owner.execute("SELECT relname FROM pg_class WHERE relname IN ('of_before', 'of_use')")
        assert left.fetchall() == [("of_use",)]
        owner.rollback()


@pytest.mark.django_db
def test_every_clinic_table_has_a_forced_wall():
    assert selfcheck.tables_without_policy() == []


def _layers() -> dict[str, int]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {
        name.strip().strip("()"): -height
        for height, layer in enumerate(contracts[0]["layers"])
        for name in layer.split("|")
    }


def test_foreign_keys_point_down():
    """A foreign key is an import: it never points to a higher layer."""
    layers = _layers()
    upward = []
    for model in apps.get_models():
        app = model.__module__.split(".")[1]
        if not model.__module__.startswith("openkap."):
            continue
        for field in model._meta.local_fields:
            target = getattr(field, "related_model", None)
            if target is None or not target.__module__.startswith("openkap."):
                continue
            if layers[target.__module__.split(".")[1]] > layers[app]:
                upward.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert upward == []
