import pgtrigger.compiler
import openkap.tenancy.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_factorreset_factorresetevent_and_more"),
        ("notices", "0003_channels"),
        ("people", "0002_one_person"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        openkap.tenancy.operations.RemoveTrigger(
            model_name="notice",
            name="update_update",
        ),
        openkap.tenancy.operations.RemoveTrigger(
            model_name="notice",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="notice",
            name="delivery_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="noticeevent",
            name="delivery_id",
            field=models.UUIDField(null=True),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "notices_noticeevent" ("address", "at", "by_id", "by_name", "by_role", "channel", "clinic_id", "delivery_id", "id", "kind", "last_error", "link_path", "next_try_at", "owner_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "state", "tries") VALUES (OLD."address", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."channel", OLD."clinic_id", OLD."delivery_id", OLD."id", OLD."kind", OLD."last_error", OLD."link_path", OLD."next_try_at", OLD."owner_id", OLD."patient_id", NOW(), \'update\', OLD."id", OLD."sent_at", OLD."state", OLD."tries"); RETURN NULL;',
                    hash="64085c7418a762f7c45f839f40e808b54fefbba9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0f9bc",
                    table="notices_notice",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "notices_noticeevent" ("address", "at", "by_id", "by_name", "by_role", "channel", "clinic_id", "delivery_id", "id", "kind", "last_error", "link_path", "next_try_at", "owner_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "state", "tries") VALUES (OLD."address", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."channel", OLD."clinic_id", OLD."delivery_id", OLD."id", OLD."kind", OLD."last_error", OLD."link_path", OLD."next_try_at", OLD."owner_id", OLD."patient_id", NOW(), \'delete\', OLD."id", OLD."sent_at", OLD."state", OLD."tries"); RETURN NULL;',
                    hash="0926439098266e15223c1596e55cfc057d9cac6e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6f4d",
                    table="notices_notice",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("delivery_id__isnull", False)),
                fields=("clinic", "delivery_id"),
                name="notices_once_a_delivery",
            ),
        ),
    ]
