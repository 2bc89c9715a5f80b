"""What the models promise stands in the database itself (one clinic never sees another)."""

from __future__ import annotations

import tomllib

import pytest
from django.apps import apps
from django.db import connection

from openkap.tenancy import selfcheck
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
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
