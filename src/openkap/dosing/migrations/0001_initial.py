from django.db import migrations, models
import django.db.models.deletion
import openkap.kernel.ids
import openkap.tenancy.constraints
import openkap.tenancy.fields
import openkap.tenancy.operations
import pgtrigger.compiler


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0003_doses_of_an_order"),
        ("people", "0002_one_person"),
        ("tenancy", "0001_initial"),
        ("watch", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dose",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("ordered_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "order",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doses",
                        to="courses.order",
                    ),
                ),
                (
                    "patient",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doses",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("clinic", "patient"),
                        name="dosing_one_open_dose",
                    ),
                    models.UniqueConstraint(
                        fields=("clinic", "order", "number"), name="dosing_order_given_once"
                    ),
                    openkap.tenancy.constraints.SameRow(
                        fields=["order", "number"], name="dosing_dose_was_ordered", to="courses.OrderedDose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ordered_mg__gt", 0)), name="dosing_dose_positive"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_dose_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="patient", name="dosing_dose_patient_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="order", name="dosing_dose_order_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_dose_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="dosing_dose_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=openkap.kernel.ids.uuid7, editable=False, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("ordered_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "order",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.order",
                    ),
                ),
                (
                    "patient",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="dosing.dose",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_doseevent_policy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("kind", models.CharField(max_length=10)),
                ("rate_mg_per_h", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "dose",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="dosing.dose",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["start", "given"])),
                        fields=("clinic", "dose"),
                        name="dosing_dose_begins_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["stop", "end", "given"])),
                        fields=("clinic", "dose"),
                        name="dosing_dose_ends_once",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="dose", name="dosing_dosestep_dose_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_dosestep_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="dosing_dosestep_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MedicinesReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="medicines_reviews",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_medicinesreview_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_medicinesreview_policy"),
                    models.UniqueConstraint(
                        fields=("clinic", "id"), name="dosing_medicinesreview_clinic_id_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoDrivePromise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("signed_name", models.CharField(max_length=160)),
                ("witness_name", models.CharField(blank=True, max_length=120)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_nodrivepromise_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_nodrivepromise_policy"),
                    models.UniqueConstraint(
                        fields=("clinic", "id"), name="dosing_nodrivepromise_clinic_id_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PredoseDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("about", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("sbp", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("dbp", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("measured_at", models.DateTimeField(null=True)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predose_decisions",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_predosedecision_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_predosedecision_policy"),
                    models.UniqueConstraint(
                        fields=("clinic", "id"), name="dosing_predosedecision_clinic_id_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("content_hash", models.CharField(max_length=64)),
                ("strength_mg_per_ml", models.DecimalField(decimal_places=2, max_digits=7)),
                ("rate_mg_per_hour", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "order",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_checks",
                        to="courses.order",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_checks",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_secondcheck_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="order", name="dosing_secondcheck_order_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_secondcheck_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="dosing_secondcheck_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discharge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                (
                    "way",
                    models.CharField(
                        choices=[("ready", "Ready"), ("against_advice", "Against advice")],
                        default="ready",
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("told", models.CharField(blank=True, max_length=500)),
                ("unmet", models.JSONField(default=list)),
                ("gait_steady", models.CharField(max_length=10)),
                ("oriented", models.CharField(max_length=10)),
                ("escort_seen", models.CharField(max_length=10)),
                ("escort_name", models.CharField(max_length=120)),
                ("seen", models.JSONField()),
                (
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discharge",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="dosing_discharge_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="dosing_discharge_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="dosing_discharge_clinic_id_key"),
                ],
            },
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="discharge",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="63013cedc4c3de267e587ecea8267eb433c879d5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f993f",
                    table="dosing_discharge",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="dose",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_its_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.patient_id IS NOT NULL AND people_is_merged_away(NEW.patient_id) THEN\n        RAISE EXCEPTION 'This record was merged into another; nothing new is written to it.';\n    END IF;\n    RETURN NEW;\nEND IF;\n\nIF NEW.patient_id IS NOT DISTINCT FROM OLD.patient_id\n   OR people_may_move(OLD.patient_id, NEW.patient_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'A row of % stays with its person.', TG_TABLE_NAME;\n",
                    hash="1ce66117bb17272691e5f953d53ecd6ba0016125",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_stays_with_its_person_f963b",
                    table="dosing_dose",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="dose",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "dosing_doseevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "ended_at", "id", "number", "order_id", "ordered_mg", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."ended_at", OLD."id", OLD."number", OLD."order_id", OLD."ordered_mg", OLD."patient_id", NOW(), \'update\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="0b3e6f341e07e71a8eee2e172614fbdb63c2e2e9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31b9c",
                    table="dosing_dose",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="dose",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dosing_doseevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "ended_at", "id", "number", "order_id", "ordered_mg", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."ended_at", OLD."id", OLD."number", OLD."order_id", OLD."ordered_mg", OLD."patient_id", NOW(), \'delete\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="7de4345faa0c7d3cb6e3dbe6b97e24ce0eaf3d5c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_da330",
                    table="dosing_dose",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="dosestep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6ed1adfdb881642fc327a6d405d8afc003927882",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8a16d",
                    table="dosing_dosestep",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="medicinesreview",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6ad65984d4e3f657ccbc5fad7d97b5cb26bf2f7a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9f112",
                    table="dosing_medicinesreview",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="nodrivepromise",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="11abffd7f7308198e6cdcd9a1bb798d8bc55abf1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dd0e6",
                    table="dosing_nodrivepromise",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="predosedecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a9710081636c3aff0a7602b8bed852b568cfb2f8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_db047",
                    table="dosing_predosedecision",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="secondcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="44c17088b8e92702cf65045c5bd2330b39fd45ed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c2673",
                    table="dosing_secondcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
