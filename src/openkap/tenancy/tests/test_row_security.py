"""Row-level security holds in the database itself, whatever the code above forgets."""

from __future__ import annotations

import time

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openkap.accounts.models import Membership
from openkap.accounts.places import places_of
from openkap.kernel.ids import uuid7
from openkap.people.models import CareTeamMember, Patient
from openkap.tenancy import context
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from tests.cast import NOW, Cast, found_clinic, people_of

pytestmark = pytest.mark.django_db


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('openkap.context', %s, true)", [value])


def test_without_a_context_there_are_no_rows() -> None:
    with inside(found_clinic().id):
        pass
    assert Clinic.objects.count() == 0


def test_a_clinic_sees_its_own_people_and_nobody_elses(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with inside(other.id):
        assert Patient.objects.count() == 0
        theirs = people_of(other)
        assert [p.id for p in Patient.objects.all()] == [theirs.amara.id]
    assert [p.id for p in Patient.objects.all()] == [cast.amara.id]


def test_leaving_an_inner_context_restores_the_outer_one(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with inside(other.id):
        assert context.current_clinic_id() == other.id
    assert context.current_clinic_id() == cast.clinic.id


def test_a_forged_context_sees_nothing(cast: Cast) -> None:
    real = context._read()
    body, mac = real.rsplit(".", 1)
    other = body.replace(str(cast.clinic.id), str(uuid7()))
    for forged in (f"{other}.{mac}", f"{body}.{'0' * 64}", body, "", "x" * 500, str(cast.clinic.id)):
        _set(forged)
        assert Patient.objects.count() == 0, forged
    _set(real)
    assert Patient.objects.count() == 1


def test_an_expired_context_sees_nothing(cast: Cast, settings: object) -> None:
    key = settings.OPENKAP_CONTEXT_KEY  # type: ignore[attr-defined]
    for age, seen in ((60, 1), (-60, 0)):
        _set(
            context.signed(
                clinic_id=cast.clinic.id, user_id="-", role="nurse", expires=int(time.time()) + age, key=key
            )
        )
        assert Patient.objects.count() == seen


def test_a_context_signed_with_another_key_sees_nothing(cast: Cast) -> None:
    _set(
        context.signed(
            clinic_id=cast.clinic.id, user_id="-", role="nurse", expires=int(time.time()) + 60, key=b"k" * 32
        )
    )
    assert Patient.objects.count() == 0


def test_a_row_cannot_be_written_into_another_clinic(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.create(clinic_id=other.id, user_id=cast.sam.user_id, role="nurse", since=NOW)


def test_a_foreign_key_cannot_point_into_another_clinic(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with inside(other.id):
        theirs = people_of(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareTeamMember.objects.create(
            patient_id=theirs.amara.id, membership_id=cast.sam.membership_id, **cast.kit.stamp(NOW)
        )


def test_two_clinics_may_use_the_same_record_number(cast: Cast) -> None:
    other = found_clinic("Hill Clinic")
    with inside(other.id):
        assert people_of(other).amara.mrn == cast.amara.mrn


def test_the_application_cannot_read_the_key_or_switch_the_wall_off(cast: Cast) -> None:
    for statement in (
        "SELECT * FROM row_security.context_key",
        "ALTER TABLE people_patient DISABLE ROW LEVEL SECURITY",
        "TRUNCATE people_patient CASCADE",
        "CREATE TABLE mine (x int)",
        "SET ROLE openkap_unscoped",
        "SET ROLE openkap_owner",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_table_with_a_clinic_has_a_forced_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
               WHERE c.relkind IN ('r', 'p', 'm', 'v') AND NOT (
                 c.relkind = 'v' AND c.reloptions @> '{security_invoker=true}') AND NOT (
                 c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                   SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname
                   AND p.qual LIKE '%ctx_clinic%' AND p.with_check LIKE '%ctx_clinic%'))"""
        )
        assert cursor.fetchall() == []


def test_the_application_role_is_neither_owner_nor_privileged(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_gates_say_only_what_they_are_for(cast: Cast) -> None:
    assert cast.clinic.id in clinic_ids()
    places = places_of(cast.sam.user_id, at=NOW)
    assert [(place.role, place.clinic_name) for place in places] == [("nurse", "Harbour Clinic")]
    assert places_of(uuid7(), at=NOW) == []


def test_rows_that_change_leave_their_older_versions(cast: Cast) -> None:
    Patient.objects.filter(id=cast.amara.id).update(phone="+1 212 555 0199")
    phones = list(cast.amara.history.order_by("pgh_id").values_list("phone", flat=True))
    assert set(phones) == {"+1 212 555 0142"}


def test_what_rows_said_before_can_be_added_to_and_never_changed(cast) -> None:
    """H39: history is append-only for the application too, table by table."""
    from openkap.tenancy import history, selfcheck

    tables = history.tables()
    assert len(tables) > 10
    assert selfcheck.changeable(tables) == []
    assert selfcheck.changeable(["accounts_membership"]) == ["accounts_membership"]
    for table in tables:
        for words in ("DELETE FROM {}", "UPDATE {} SET pgh_label = 'x'", "TRUNCATE {}"):
            statement = words.format(table)
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
