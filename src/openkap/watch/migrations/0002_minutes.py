import django.db.models.deletion
import openkap.kernel.ids
import openkap.tenancy.constraints
import openkap.tenancy.fields
import openkap.tenancy.operations
import pgtrigger.compiler
from django.db import migrations, models

COUNTED = """
INSERT INTO watch_vitalminute AS m (
    id, clinic_id, session_id, code, source, minute,
    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count, changed_at
)
SELECT gen_random_uuid(), t.clinic_id, t.session_id, t.code, t.source, t.minute, c.*
FROM (
SELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute
FROM watch_vital v
) t
CROSS JOIN LATERAL (
    SELECT min(v.measured_at), max(v.measured_at),
        (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],
        (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],
        min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],
        max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],
        count(*), clock_timestamp()
    FROM watch_vital v
    WHERE v.clinic_id = t.clinic_id AND v.session_id = t.session_id AND v.code = t.code
        AND v.measured_at >= t.minute AND v.measured_at < t.minute + interval '1 minute'
        AND v.source = t.source
        AND (v.standing = 'plausible' OR EXISTS (
            SELECT 1 FROM watch_vitalsettled s
            WHERE s.clinic_id = v.clinic_id AND s.vital_id = v.id AND s.is_true
        ))
        AND NOT EXISTS (
            SELECT 1 FROM watch_enteredinerror e
            WHERE e.clinic_id = v.clinic_id AND e.kind = 'value' AND e.entry_id = v.id
        )
    HAVING count(*) > 0
) c;
"""

# What was charted until now is counted too.
TABLES = ("watch_vital", "watch_vitalsettled", "watch_enteredinerror", "watch_vitalminute")


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial"), ("watch", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="VitalMinute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=openkap.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=12)),
                ("minute", models.DateTimeField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("last", models.DecimalField(decimal_places=6, max_digits=14)),
                ("last_id", models.UUIDField()),
                ("lowest", models.DecimalField(decimal_places=6, max_digits=14)),
                ("lowest_at", models.DateTimeField()),
                ("highest", models.DecimalField(decimal_places=6, max_digits=14)),
                ("highest_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
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
                        related_name="minutes",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["minute", "code", "source"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "session", "code", "minute", "source"),
                        name="watch_vitalminute_once",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_vitalminute_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_vitalminute_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_vitalminute_clinic_id_key"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="vital",
            index=models.Index(
                condition=models.Q(("standing", "unconfirmed")),
                fields=["clinic", "session", "measured_at"],
                name="watch_vital_unconfirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="vital",
            index=models.Index(
                condition=models.Q(("source", "hand")),
                fields=["clinic", "session", "measured_at"],
                name="watch_vital_by_hand",
            ),
        ),
        openkap.tenancy.operations.Fill(COUNTED, tables=TABLES),
        openkap.tenancy.operations.AddTrigger(
            model_name="enteredinerror",
            trigger=pgtrigger.compiler.Trigger(
                name="counted_by_the_minute",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nDELETE FROM watch_vitalminute m USING (\nSELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute\nFROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.entry_id\nWHERE f.kind = 'value'\n) t\nWHERE (m.clinic_id, m.session_id, m.code, m.source, m.minute)\n    = (t.clinic_id, t.session_id, t.code, t.source, t.minute);\n\nINSERT INTO watch_vitalminute AS m (\n    id, clinic_id, session_id, code, source, minute,\n    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count, changed_at\n)\n\nSELECT gen_random_uuid(), t.clinic_id, t.session_id, t.code, t.source, t.minute, c.*\nFROM (\nSELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute\nFROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.entry_id\nWHERE f.kind = 'value'\n) t\nCROSS JOIN LATERAL (\n    SELECT \n    min(v.measured_at), max(v.measured_at),\n    (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],\n    (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],\n    min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],\n    max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],\n    count(*), clock_timestamp()\n\n    FROM watch_vital v\n    WHERE v.clinic_id = t.clinic_id AND v.session_id = t.session_id AND v.code = t.code\n        AND v.measured_at >= t.minute AND v.measured_at < t.minute + interval '1 minute'\n        AND v.source = t.source\n        AND (v.standing = 'plausible' OR EXISTS (\n            SELECT 1 FROM watch_vitalsettled s\n            WHERE s.clinic_id = v.clinic_id AND s.vital_id = v.id AND s.is_true\n        ))\n        AND NOT EXISTS (\n            SELECT 1 FROM watch_enteredinerror e\n            WHERE e.clinic_id = v.clinic_id AND e.kind = 'value' AND e.entry_id = v.id\n        )\n    HAVING count(*) > 0\n) c;\nRETURN NULL;\n",
                    hash="8fc887a837e2e117013ac520cfc8f3956e1f818f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_counted_by_the_minute_13ffb",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="watch_enteredinerror",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="vital",
            trigger=pgtrigger.compiler.Trigger(
                name="counted_by_the_minute",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n\nINSERT INTO watch_vitalminute AS m (\n    id, clinic_id, session_id, code, source, minute,\n    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count, changed_at\n)\n\nSELECT gen_random_uuid(), v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at),\n\n    min(v.measured_at), max(v.measured_at),\n    (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],\n    (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],\n    min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],\n    max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],\n    count(*), clock_timestamp()\n\nFROM fresh v WHERE v.standing = 'plausible'\nGROUP BY v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at)\nON CONFLICT (clinic_id, session_id, code, minute, source) DO UPDATE SET\n    count = m.count + excluded.count, changed_at = excluded.changed_at,\n    first_at = least(m.first_at, excluded.first_at),\n    last = CASE WHEN (excluded.last_at, excluded.last_id) > (m.last_at, m.last_id)\n        THEN excluded.last ELSE m.last END,\n    last_id = CASE WHEN (excluded.last_at, excluded.last_id) > (m.last_at, m.last_id)\n        THEN excluded.last_id ELSE m.last_id END,\n    last_at = greatest(m.last_at, excluded.last_at),\n    lowest_at = CASE WHEN (excluded.lowest, excluded.lowest_at) < (m.lowest, m.lowest_at)\n        THEN excluded.lowest_at ELSE m.lowest_at END,\n    lowest = least(m.lowest, excluded.lowest),\n    highest_at = CASE WHEN (-excluded.highest, excluded.highest_at) < (-m.highest, m.highest_at)\n        THEN excluded.highest_at ELSE m.highest_at END,\n    highest = greatest(m.highest, excluded.highest);\nRETURN NULL;\n",
                    hash="f0d8d2c0c204c67795bc37cdcdd42e08eceeea94",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_counted_by_the_minute_689fd",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="watch_vital",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="vitalsettled",
            trigger=pgtrigger.compiler.Trigger(
                name="counted_by_the_minute",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nDELETE FROM watch_vitalminute m USING (\nSELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute\nFROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.vital_id\nWHERE true\n) t\nWHERE (m.clinic_id, m.session_id, m.code, m.source, m.minute)\n    = (t.clinic_id, t.session_id, t.code, t.source, t.minute);\n\nINSERT INTO watch_vitalminute AS m (\n    id, clinic_id, session_id, code, source, minute,\n    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count, changed_at\n)\n\nSELECT gen_random_uuid(), t.clinic_id, t.session_id, t.code, t.source, t.minute, c.*\nFROM (\nSELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute\nFROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.vital_id\nWHERE true\n) t\nCROSS JOIN LATERAL (\n    SELECT \n    min(v.measured_at), max(v.measured_at),\n    (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],\n    (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],\n    min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],\n    max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],\n    count(*), clock_timestamp()\n\n    FROM watch_vital v\n    WHERE v.clinic_id = t.clinic_id AND v.session_id = t.session_id AND v.code = t.code\n        AND v.measured_at >= t.minute AND v.measured_at < t.minute + interval '1 minute'\n        AND v.source = t.source\n        AND (v.standing = 'plausible' OR EXISTS (\n            SELECT 1 FROM watch_vitalsettled s\n            WHERE s.clinic_id = v.clinic_id AND s.vital_id = v.id AND s.is_true\n        ))\n        AND NOT EXISTS (\n            SELECT 1 FROM watch_enteredinerror e\n            WHERE e.clinic_id = v.clinic_id AND e.kind = 'value' AND e.entry_id = v.id\n        )\n    HAVING count(*) > 0\n) c;\nRETURN NULL;\n",
                    hash="544d161062c9f974473a621c0c653d436111e56a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_counted_by_the_minute_f2184",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="watch_vitalsettled",
                    when="AFTER",
                ),
            ),
        ),
    ]
