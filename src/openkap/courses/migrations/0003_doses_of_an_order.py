import django.db.models.deletion
import openkap.courses.fields
import openkap.kernel.ids
import openkap.tenancy.constraints
import openkap.tenancy.fields
import pgtrigger.compiler
import openkap.tenancy.operations
from django.db import migrations, models


RATE_AND_TIME_AS_REGIMEN = """
ALTER TABLE courses_order ALTER COLUMN infusion_minutes TYPE jsonb USING jsonb_build_object(
    'kind', 'infusion',
    'minutes', trim_scale(infusion_minutes)::text,
    'rate', trim_scale(rate_mg_per_hour)::text
);
ALTER TABLE courses_order RENAME COLUMN infusion_minutes TO regimen;
ALTER TABLE courses_order DROP COLUMN rate_mg_per_hour;
"""

# Every order until now had one dose.
EACH_ORDER_HAS_ITS_DOSE = """
INSERT INTO courses_ordereddose
    (id, clinic_id, order_id, number, dose_mg, volume_ml, at, by_id, by_name, by_role)
SELECT gen_random_uuid(), clinic_id, id, 1, dose_mg, volume_ml, at, by_id, by_name, by_role
FROM courses_order;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_factorreset_factorresetevent_and_more"),
        ("courses", "0002_one_person"),
        ("dispensary", "0002_issue"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderedDose",
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
                ("number", models.PositiveSmallIntegerField()),
                ("dose_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("volume_ml", models.DecimalField(decimal_places=2, max_digits=8)),
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
                        related_name="ordered_doses",
                        to="courses.order",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "order", "number"), name="courses_ordered_dose_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dose_mg__gt", 0), ("number__gt", 0), ("volume_ml__gt", 0)),
                        name="courses_ordered_dose_positive",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="order", name="courses_ordereddose_order_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="courses_ordereddose_policy"),
                    models.UniqueConstraint(
                        fields=("clinic", "id"), name="courses_ordereddose_clinic_id_key"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="courses_order_positive",
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RATE_AND_TIME_AS_REGIMEN)],
            state_operations=[
                migrations.RemoveField(model_name="order", name="infusion_minutes"),
                migrations.RemoveField(model_name="order", name="rate_mg_per_hour"),
                migrations.AddField(
                    model_name="order",
                    name="regimen",
                    field=openkap.courses.fields.RegimenField(default={}),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AlterField(
            model_name="order",
            name="dose_mg_per_kg",
            field=models.DecimalField(decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="weighed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="weight_basis",
            field=models.CharField(
                blank=True, choices=[("actual", "Actual weight"), ("ideal", "Ideal weight")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="weight_kg",
            field=models.DecimalField(decimal_places=2, max_digits=6, null=True),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("dose_mg__gt", 0), ("volume_ml__gt", 0)), name="courses_order_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dose_mg_per_kg__gt", 0),
                        ("weighed_at__isnull", False),
                        ("weight_basis__gt", ""),
                        ("weight_kg__gt", 0),
                    ),
                    models.Q(
                        ("dose_mg_per_kg__isnull", True),
                        ("weighed_at__isnull", True),
                        ("weight_basis", ""),
                        ("weight_kg__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="courses_order_weight_whole",
            ),
        ),
        openkap.tenancy.operations.Fill(
            EACH_ORDER_HAS_ITS_DOSE, tables=("courses_order", "courses_ordereddose")
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="ordereddose",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cbe1f5ee8d6816504cc97c5020251d52da7a4985",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ea27b",
                    table="courses_ordereddose",
                    when="BEFORE",
                ),
            ),
        ),
    ]
