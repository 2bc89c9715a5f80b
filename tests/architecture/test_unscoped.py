"""Every function that looks past the clinic is declared, made as declared, and stands on one page (H40)."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from openkap.config.installed import APPS
from openkap.tenancy.unscoped import Unscoped
from tests.architecture.reading import SOURCE

PAGE = SOURCE.parent.parent / "docs" / "reference" / "unscoped.md"
# The context itself: it says which clinic a transaction is in, and every policy asks it.
CONTEXT = "ctx_clinic"
RIGHT = re.compile(r"([A-Z]+)(?: \(([^)]*)\))?")  # of a table, or of some of its columns


def _declared() -> dict[str, tuple[str, Unscoped]]:
    found = {}
    for app in APPS:
        if (SOURCE / app / "unscoped.py").exists():
            for one in import_module(f"openkap.{app}.unscoped").UNSCOPED:
                found[one.name] = (app, one)
    return found


@pytest.mark.django_db
def test_the_database_has_no_other_function_with_rights_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.proname, r.rolname, p.proconfig FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
               JOIN pg_roles r ON r.oid = p.proowner
               WHERE p.prosecdef OR r.rolname = 'openkap_unscoped'"""
        )
        found = {name: (owner, config) for name, owner, config in cursor.fetchall()}
    assert found.pop(CONTEXT)[0] == "openkap_owner"
    assert set(found) == set(_declared())
    for owner, config in found.values():
        assert owner == "openkap_unscoped"
        assert config == ["search_path=pg_catalog, pg_temp"]


@pytest.mark.django_db
def test_the_role_that_owns_them_has_the_rights_they_name_and_no_other():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, '', a.privilege_type
               FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
               WHERE r.rolname = 'openkap_unscoped' AND c.relnamespace = 'public'::regnamespace
               UNION
               SELECT c.relname, t.attname, a.privilege_type
               FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid
               CROSS JOIN LATERAL aclexplode(t.attacl) a JOIN pg_roles r ON r.oid = a.grantee
               WHERE r.rolname = 'openkap_unscoped' AND c.relnamespace = 'public'::regnamespace"""
        )
        held = set(cursor.fetchall())
    named = {
        (table, column, right)
        for _, one in _declared().values()
        for table, rights in one.tables.items()
        for right, columns in RIGHT.findall(rights)
        for column in (columns.split(", ") if columns else [""])
    }
    assert held == named


@pytest.mark.django_db
def test_what_is_inner_cannot_be_called_by_the_application():
    for _, one in _declared().values():
        if not one.definer:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT {one.name}({', '.join(['NULL'] * len(one.takes))})")


def test_each_touches_tables_of_its_own_app_or_of_a_lower_one():
    for app, one in _declared().values():
        owners = {table.split("_")[0] for table in one.tables}
        assert all(APPS.index(owner) <= APPS.index(app) for owner in owners), one.name
        assert one.why.endswith("."), one.name


def test_one_page_lists_them_all():
    page = PAGE.read_text("utf-8")
    for app, one in _declared().values():
        rights = (
            "; ".join(f"{rights} on `{table}`" for table, rights in one.tables.items()) or "none of its own"
        )
        assert f"| `{one.name}` | {app} | {rights} | {one.why} |" in page, one.name
    assert page.count("\n| `") == len(_declared()) + 1
    assert f"| `{CONTEXT}` |" in page
