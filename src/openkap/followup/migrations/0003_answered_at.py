import openkap.tenancy.operations
import pgtrigger.compiler
from django.db import migrations, models

ANSWERED = """
UPDATE followup_checkin c SET answered_at = a.at
FROM followup_checkinanswer a WHERE a.clinic_id = c.clinic_id AND a.check_in_id = c.id;
"""
# What was answered until now is so too.
TABLES = ("followup_checkin", "followup_checkinanswer")


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_one_person"),
        ("notices", "0004_once_a_delivery"),
        ("people", "0002_one_person"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        openkap.tenancy.operations.RemoveTrigger(
            model_name="checkin",
            name="update_update",
        ),
        openkap.tenancy.operations.RemoveTrigger(
            model_name="checkin",
            name="delete_delete",
        ),
        migrations.RemoveIndex(
            model_name="checkin",
            name="followup_checkin_due",
        ),
        migrations.AddField(
            model_name="checkin",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="checkinevent",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        openkap.tenancy.operations.Fill(ANSWERED, tables=TABLES),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("called_off_at__isnull", True)),
                fields=["clinic", "due_at"],
                name="followup_checkin_waiting",
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="checkin",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "followup_checkinevent" ("alarmed_at", "answered_at", "at", "by_id", "by_name", "by_role", "called_off_at", "clinic_id", "course_id", "due_at", "id", "kind", "late_at", "notice_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."alarmed_at", OLD."answered_at", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."called_off_at", OLD."clinic_id", OLD."course_id", OLD."due_at", OLD."id", OLD."kind", OLD."late_at", OLD."notice_id", OLD."patient_id", NOW(), \'update\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="a10dfe341199e1ff7fed44cca2651ea829f81aca",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f3a30",
                    table="followup_checkin",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="checkin",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "followup_checkinevent" ("alarmed_at", "answered_at", "at", "by_id", "by_name", "by_role", "called_off_at", "clinic_id", "course_id", "due_at", "id", "kind", "late_at", "notice_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."alarmed_at", OLD."answered_at", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."called_off_at", OLD."clinic_id", OLD."course_id", OLD."due_at", OLD."id", OLD."kind", OLD."late_at", OLD."notice_id", OLD."patient_id", NOW(), \'delete\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="79c821ce7b8399d36dc4dc3ec7d0ee450616b926",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2ad0e",
                    table="followup_checkin",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="checkinanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="its_check_in_is_answered",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE followup_checkin SET answered_at = NEW.at\nWHERE clinic_id = NEW.clinic_id AND id = NEW.check_in_id;\nRETURN NULL;\n",
                    hash="94f8e57f1a90965907d21c5a413e15f19f2ac277",
                    operation="INSERT",
                    pgid="pgtrigger_its_check_in_is_answered_0a267",
                    table="followup_checkinanswer",
                    when="AFTER",
                ),
            ),
        ),
    ]
