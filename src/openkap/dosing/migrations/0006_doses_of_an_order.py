import openkap.tenancy.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_doses_of_an_order"),
        ("dosing", "0005_recheck"),
        ("people", "0002_one_person"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="dose",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="dose",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="dose",
            name="dosing_order_given_once",
        ),
        migrations.AddField(
            model_name="dose",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="doseevent",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="secondcheck",
            name="rate_mg_per_hour",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
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
        pgtrigger.migrations.AddTrigger(
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
        migrations.AddConstraint(
            model_name="dose",
            constraint=models.UniqueConstraint(
                fields=("clinic", "order", "number"), name="dosing_order_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dose",
            constraint=openkap.tenancy.constraints.SameRow(
                fields=["order", "number"], name="dosing_dose_was_ordered", to="courses.OrderedDose"
            ),
        ),
    ]
