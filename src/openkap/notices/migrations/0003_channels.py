import pgtrigger.compiler
import openkap.tenancy.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_one_person"),
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
        migrations.RenameField(model_name="notice", old_name="to_email", new_name="address"),
        migrations.AlterField(model_name="notice", name="address", field=models.CharField(max_length=254)),
        migrations.RenameField(model_name="noticeevent", old_name="to_email", new_name="address"),
        migrations.AlterField(
            model_name="noticeevent", name="address", field=models.CharField(max_length=254)
        ),
        migrations.AddField(
            model_name="notice",
            name="channel",
            field=models.CharField(default="email", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="noticeevent",
            name="channel",
            field=models.CharField(default="email", max_length=20),
            preserve_default=False,
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "notices_noticeevent" ("address", "at", "by_id", "by_name", "by_role", "channel", "clinic_id", "id", "kind", "last_error", "link_path", "next_try_at", "owner_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "state", "tries") VALUES (OLD."address", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."channel", OLD."clinic_id", OLD."id", OLD."kind", OLD."last_error", OLD."link_path", OLD."next_try_at", OLD."owner_id", OLD."patient_id", NOW(), \'update\', OLD."id", OLD."sent_at", OLD."state", OLD."tries"); RETURN NULL;',
                    hash="8650455687b549480bd5cd7231091dfa2c759b6b",
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
                    func='INSERT INTO "notices_noticeevent" ("address", "at", "by_id", "by_name", "by_role", "channel", "clinic_id", "id", "kind", "last_error", "link_path", "next_try_at", "owner_id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "state", "tries") VALUES (OLD."address", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."channel", OLD."clinic_id", OLD."id", OLD."kind", OLD."last_error", OLD."link_path", OLD."next_try_at", OLD."owner_id", OLD."patient_id", NOW(), \'delete\', OLD."id", OLD."sent_at", OLD."state", OLD."tries"); RETURN NULL;',
                    hash="2579253611e195b05db0c1528571fb4b51bea89b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6f4d",
                    table="notices_notice",
                    when="AFTER",
                ),
            ),
        ),
    ]
