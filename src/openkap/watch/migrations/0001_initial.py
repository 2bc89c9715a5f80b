import django.db.models.deletion
import openkap.kernel.ids
import openkap.tenancy.constraints
import openkap.tenancy.fields
import openkap.tenancy.statements
import pgtrigger.compiler
import openkap.tenancy.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_factorreset_factorresetevent_and_more"),
        ("courses", "0003_doses_of_an_order"),
        ("people", "0002_one_person"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Monitor",
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
                ("identifier", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=80)),
                ("location", models.CharField(blank=True, max_length=120)),
                ("zone", models.CharField(blank=True, max_length=60)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
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
                    "room",
                    openkap.tenancy.fields.ClinicKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="monitors",
                        to="people.room",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("clinic", "identifier"),
                        name="watch_monitor_identifier",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="room", name="watch_monitor_room_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_monitor_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_monitor_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=openkap.kernel.ids.uuid7, editable=False, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("identifier", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=80)),
                ("location", models.CharField(blank=True, max_length=120)),
                ("zone", models.CharField(blank=True, max_length=60)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="watch.monitor",
                    ),
                ),
                (
                    "room",
                    openkap.tenancy.fields.ClinicKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.room",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_monitorevent_policy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
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
                ("product", models.CharField(max_length=30)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("close_reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("closed_by_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("stands_for_planned", models.BooleanField(default=True, editable=False)),
                ("dose_began_at", models.DateTimeField(editable=False, null=True)),
                ("dose_ended_at", models.DateTimeField(editable=False, null=True)),
                ("dose_due_at", models.DateTimeField(editable=False, null=True)),
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
                    "course",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watch_sessions",
                        to="courses.course",
                    ),
                ),
                (
                    "patient",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watch_sessions",
                        to="people.patient",
                    ),
                ),
                (
                    "planned_session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watch_sessions",
                        to="courses.plannedsession",
                    ),
                ),
                (
                    "room",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watch_sessions",
                        to="people.room",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["clinic", "closed_at"], name="watch_session_open"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dose_began_at__isnull", False),
                            models.Q(("dose_due_at__isnull", True), ("dose_ended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="watch_session_dose_begins_first",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("clinic", "patient"),
                        name="watch_one_open_session",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stands_for_planned", True)),
                        fields=("clinic", "planned_session"),
                        name="watch_planned_session_once",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="patient", name="watch_session_patient_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="course", name="watch_session_course_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="planned_session", name="watch_session_planned_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="room", name="watch_session_room_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_session_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_session_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
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
                ("flag", models.CharField(max_length=40)),
                ("cause", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=6)),
                ("says", openkap.tenancy.statements.StatementField()),
                ("action", openkap.tenancy.statements.StatementField()),
                ("rule", models.CharField(max_length=60)),
                ("status", models.CharField(max_length=20)),
                ("confirmed", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("extent", models.JSONField(default=dict)),
                ("about", models.JSONField(default=list)),
                ("settles", models.CharField(default="value", max_length=10)),
                ("recheck_minutes", models.PositiveSmallIntegerField()),
                ("acknowledged_at", models.DateTimeField(editable=False, null=True)),
                ("acknowledged_by_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("action_taken", models.CharField(blank=True, editable=False, max_length=300)),
                ("recheck_at", models.DateTimeField(editable=False, null=True)),
                ("escalated_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("closed_because", openkap.tenancy.statements.StatementField(editable=False, null=True)),
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
                        related_name="marks",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("clinic", "session", "cause", "level"),
                        name="watch_one_mark_a_cause",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_mark_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_mark_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_mark_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pairing",
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
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("last_heard_at", models.DateTimeField(editable=False, null=True)),
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
                    "monitor",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="watch.monitor",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("clinic", "monitor"),
                        name="watch_monitor_in_one_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("clinic", "session"),
                        name="watch_session_in_one_pair",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="monitor", name="watch_pairing_monitor_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_pairing_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_pairing_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_pairing_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PutAside",
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
                ("what", openkap.tenancy.statements.StatementField()),
                ("value_text", models.CharField(blank=True, max_length=120)),
                ("reason", openkap.tenancy.statements.StatementField()),
                ("expected", models.BooleanField(default=False)),
                ("message_id", models.UUIDField()),
                ("key", models.CharField(editable=False, max_length=64)),
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
                    "monitor",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="put_aside",
                        to="watch.monitor",
                    ),
                ),
                (
                    "owner",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="put_aside",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "key"), name="watch_put_aside_once"),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_putaside_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="monitor", name="watch_putaside_monitor_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="owner", name="watch_putaside_owner_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_putaside_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_putaside_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PutAsideSeen",
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
                    "clinic",
                    openkap.tenancy.fields.ClinicField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.clinic",
                    ),
                ),
                (
                    "put_aside",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen",
                        to="watch.putaside",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "put_aside"), name="watch_put_aside_seen_once"),
                    openkap.tenancy.constraints.SameClinic(
                        field="put_aside", name="watch_putasideseen_put_aside_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_putasideseen_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_putasideseen_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
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
                ("client_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(choices=[("words", "Words"), ("present", "Present")], max_length=10),
                ),
                ("text", models.CharField(max_length=1000)),
                ("noticed_at", models.DateTimeField()),
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
                        related_name="remarks",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["noticed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "client_id"), name="watch_remark_once"),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_remark_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_remark_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_remark_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PairingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=openkap.kernel.ids.uuid7, editable=False, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("last_heard_at", models.DateTimeField(editable=False, null=True)),
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
                    "monitor",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="watch.monitor",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="watch.pairing",
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
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_pairingevent_policy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=openkap.kernel.ids.uuid7, editable=False, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("flag", models.CharField(max_length=40)),
                ("cause", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=6)),
                ("says", openkap.tenancy.statements.StatementField()),
                ("action", openkap.tenancy.statements.StatementField()),
                ("rule", models.CharField(max_length=60)),
                ("status", models.CharField(max_length=20)),
                ("confirmed", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("extent", models.JSONField(default=dict)),
                ("about", models.JSONField(default=list)),
                ("settles", models.CharField(default="value", max_length=10)),
                ("recheck_minutes", models.PositiveSmallIntegerField()),
                ("acknowledged_at", models.DateTimeField(editable=False, null=True)),
                ("acknowledged_by_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("action_taken", models.CharField(blank=True, editable=False, max_length=300)),
                ("recheck_at", models.DateTimeField(editable=False, null=True)),
                ("escalated_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("closed_because", openkap.tenancy.statements.StatementField(editable=False, null=True)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="watch.mark",
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
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_markevent_policy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnteredInError",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("value", "Value"),
                            ("adverse_event", "Side effect"),
                            ("remark", "Remark"),
                            ("second_check", "Independent check"),
                            ("promise", "Promise not to drive"),
                            ("medicines", "Medicines gone through"),
                        ],
                        max_length=20,
                    ),
                ),
                ("entry_id", models.UUIDField()),
                ("why", models.CharField(max_length=300)),
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
                        related_name="errors",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "kind", "entry_id"), name="watch_error_once"),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_enteredinerror_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_enteredinerror_policy"),
                    models.UniqueConstraint(
                        fields=("clinic", "id"), name="watch_enteredinerror_clinic_id_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=openkap.kernel.ids.uuid7, editable=False, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(editable=False, null=True)),
                ("by_name", models.CharField(editable=False, max_length=120)),
                ("by_role", models.CharField(editable=False, max_length=20)),
                ("product", models.CharField(max_length=30)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("close_reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("closed_by_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("stands_for_planned", models.BooleanField(default=True, editable=False)),
                ("dose_began_at", models.DateTimeField(editable=False, null=True)),
                ("dose_ended_at", models.DateTimeField(editable=False, null=True)),
                ("dose_due_at", models.DateTimeField(editable=False, null=True)),
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
                    "course",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.course",
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
                        to="watch.session",
                    ),
                ),
                (
                    "planned_session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="courses.plannedsession",
                    ),
                ),
                (
                    "room",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.room",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_sessionevent_policy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdverseEvent",
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
                ("client_id", models.UUIDField()),
                ("term", models.CharField(max_length=80)),
                ("grade", models.PositiveSmallIntegerField()),
                ("serious", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("noticed_at", models.DateTimeField()),
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
                        related_name="adverse_events",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["noticed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "client_id"), name="watch_adverseevent_once"),
                    models.CheckConstraint(
                        condition=models.Q(("grade__gte", 1), ("grade__lte", 5)),
                        name="watch_adverseevent_grade",
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_adverseevent_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_adverseevent_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_adverseevent_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vital",
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
                ("client_id", models.UUIDField()),
                ("code_system", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("value", models.DecimalField(decimal_places=6, max_digits=14)),
                ("value_text", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=20)),
                ("measured_at", models.DateTimeField()),
                ("standing", models.CharField(max_length=12)),
                ("reason", openkap.tenancy.statements.StatementField(null=True)),
                ("source", models.CharField(max_length=12)),
                ("channel", models.CharField(blank=True, max_length=60)),
                ("message_id", models.UUIDField(null=True)),
                ("notes", models.JSONField(default=list)),
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
                    "monitor",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watch.monitor",
                    ),
                ),
                (
                    "session",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vitals",
                        to="watch.session",
                    ),
                ),
            ],
            options={
                "ordering": ["measured_at", "id"],
                "indexes": [
                    models.Index(
                        fields=["clinic", "session", "code", "measured_at"], name="watch_vital_last"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("clinic", "client_id"), name="watch_vital_once"),
                    openkap.tenancy.constraints.SameClinic(
                        field="session", name="watch_vital_session_same_clinic"
                    ),
                    openkap.tenancy.constraints.SameClinic(
                        field="monitor", name="watch_vital_monitor_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_vital_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_vital_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VitalSettled",
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
                ("is_true", models.BooleanField()),
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
                    "vital",
                    openkap.tenancy.fields.ClinicOneToOne(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settled",
                        to="watch.vital",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="vital", name="watch_vitalsettled_vital_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_vitalsettled_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_vitalsettled_clinic_id_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkDecision",
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
                ("reason", models.CharField(max_length=500)),
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
                    "mark",
                    openkap.tenancy.fields.ClinicKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="watch.mark",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    openkap.tenancy.constraints.SameClinic(
                        field="mark", name="watch_markdecision_mark_same_clinic"
                    ),
                    openkap.tenancy.constraints.ClinicPolicy(name="watch_markdecision_policy"),
                    models.UniqueConstraint(fields=("clinic", "id"), name="watch_markdecision_clinic_id_key"),
                ],
            },
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="markdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5cd374f428dba464e0b3f760df6482797ee5c602",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_20d09",
                    table="watch_markdecision",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "watch_monitorevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "id", "identifier", "location", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "room_id", "zone") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."id", OLD."identifier", OLD."location", OLD."name", NOW(), \'update\', OLD."id", OLD."retired_at", OLD."room_id", OLD."zone"); RETURN NULL;',
                    hash="c996904641a761a9a13c6d260b56aacc4f8b8751",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2e060",
                    table="watch_monitor",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="monitor",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "watch_monitorevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "id", "identifier", "location", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "room_id", "zone") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."id", OLD."identifier", OLD."location", OLD."name", NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."room_id", OLD."zone"); RETURN NULL;',
                    hash="d5f04810e00a41db09adbb2fa910af1a58081391",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_22faf",
                    table="watch_monitor",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="putasideseen",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="370459bbe5a7739ba3bda6bb79f48551746ddc8e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3c8b9",
                    table="watch_putasideseen",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_its_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.patient_id IS NOT NULL AND people_is_merged_away(NEW.patient_id) THEN\n        RAISE EXCEPTION 'This record was merged into another; nothing new is written to it.';\n    END IF;\n    RETURN NEW;\nEND IF;\n\nIF NEW.patient_id IS NOT DISTINCT FROM OLD.patient_id\n   OR people_may_move(OLD.patient_id, NEW.patient_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'A row of % stays with its person.', TG_TABLE_NAME;\n",
                    hash="b2ce500f000f9d6d630dc4f43afbcb22ffe60ec8",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_stays_with_its_person_18139",
                    table="watch_session",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "watch_sessionevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "close_reason", "closed_at", "closed_by_name", "course_id", "dose_began_at", "dose_due_at", "dose_ended_at", "id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_session_id", "product", "room_id", "stands_for_planned") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."close_reason", OLD."closed_at", OLD."closed_by_name", OLD."course_id", OLD."dose_began_at", OLD."dose_due_at", OLD."dose_ended_at", OLD."id", OLD."patient_id", NOW(), \'update\', OLD."id", OLD."planned_session_id", OLD."product", OLD."room_id", OLD."stands_for_planned"); RETURN NULL;',
                    hash="74cd1d0daa6eb4873316bbfc6a60aac50783567e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_699ab",
                    table="watch_session",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "watch_sessionevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "close_reason", "closed_at", "closed_by_name", "course_id", "dose_began_at", "dose_due_at", "dose_ended_at", "id", "patient_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_session_id", "product", "room_id", "stands_for_planned") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."close_reason", OLD."closed_at", OLD."closed_by_name", OLD."course_id", OLD."dose_began_at", OLD."dose_due_at", OLD."dose_ended_at", OLD."id", OLD."patient_id", NOW(), \'delete\', OLD."id", OLD."planned_session_id", OLD."product", OLD."room_id", OLD."stands_for_planned"); RETURN NULL;',
                    hash="54121de41eb9483a8eb96fcf34b553e2752c10f5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1f2c9",
                    table="watch_session",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="remark",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7d571aea798ee2d781e89c26a47990159edd45bb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c5e4d",
                    table="watch_remark",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="putaside",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c3a88b73676a0e8fa8b2ffe55e6738d6a805c6ec",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9e2dc",
                    table="watch_putaside",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="pairing",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "watch_pairingevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "ended_at", "id", "last_heard_at", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."ended_at", OLD."id", OLD."last_heard_at", OLD."monitor_id", NOW(), \'update\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="c3a4240107c5f705a0596ed3487b2c6247cf251b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c5363",
                    table="watch_pairing",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="pairing",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "watch_pairingevent" ("at", "by_id", "by_name", "by_role", "clinic_id", "ended_at", "id", "last_heard_at", "monitor_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id") VALUES (OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."clinic_id", OLD."ended_at", OLD."id", OLD."last_heard_at", OLD."monitor_id", NOW(), \'delete\', OLD."id", OLD."session_id"); RETURN NULL;',
                    hash="71d89ad54ffff955588407c0309ce060f8c1389d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8437e",
                    table="watch_pairing",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="mark",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "watch_markevent" ("about", "acknowledged_at", "acknowledged_by_name", "action", "action_taken", "at", "by_id", "by_name", "by_role", "cause", "clinic_id", "closed_at", "closed_because", "confirmed", "escalated_at", "extent", "flag", "id", "level", "pgh_created_at", "pgh_label", "pgh_obj_id", "recheck_at", "recheck_minutes", "rule", "says", "session_id", "settles", "source", "status") VALUES (OLD."about", OLD."acknowledged_at", OLD."acknowledged_by_name", OLD."action", OLD."action_taken", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."cause", OLD."clinic_id", OLD."closed_at", OLD."closed_because", OLD."confirmed", OLD."escalated_at", OLD."extent", OLD."flag", OLD."id", OLD."level", NOW(), \'update\', OLD."id", OLD."recheck_at", OLD."recheck_minutes", OLD."rule", OLD."says", OLD."session_id", OLD."settles", OLD."source", OLD."status"); RETURN NULL;',
                    hash="f196aceeb773d56a1c9638a74ee950721213a090",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_afb50",
                    table="watch_mark",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="mark",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "watch_markevent" ("about", "acknowledged_at", "acknowledged_by_name", "action", "action_taken", "at", "by_id", "by_name", "by_role", "cause", "clinic_id", "closed_at", "closed_because", "confirmed", "escalated_at", "extent", "flag", "id", "level", "pgh_created_at", "pgh_label", "pgh_obj_id", "recheck_at", "recheck_minutes", "rule", "says", "session_id", "settles", "source", "status") VALUES (OLD."about", OLD."acknowledged_at", OLD."acknowledged_by_name", OLD."action", OLD."action_taken", OLD."at", OLD."by_id", OLD."by_name", OLD."by_role", OLD."cause", OLD."clinic_id", OLD."closed_at", OLD."closed_because", OLD."confirmed", OLD."escalated_at", OLD."extent", OLD."flag", OLD."id", OLD."level", NOW(), \'delete\', OLD."id", OLD."recheck_at", OLD."recheck_minutes", OLD."rule", OLD."says", OLD."session_id", OLD."settles", OLD."source", OLD."status"); RETURN NULL;',
                    hash="9bc12de06f1b6f10cdf9ddb28675e03fad125228",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d93c4",
                    table="watch_mark",
                    when="AFTER",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="enteredinerror",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a9bd7919c1fcd64a9197eb1e6cf95d20b1dc89c5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e2543",
                    table="watch_enteredinerror",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="adverseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6eedb95a1c731d24f28b92e062a1440ff784b8a9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_be6b5",
                    table="watch_adverseevent",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="vital",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e86192441fb8e06241914a80cce410a22c5ff706",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9b603",
                    table="watch_vital",
                    when="BEFORE",
                ),
            ),
        ),
        openkap.tenancy.operations.AddTrigger(
            model_name="vitalsettled",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b2e8b50c215e680de5d94bf988fa4a1b29a1354b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4e78c",
                    table="watch_vitalsettled",
                    when="BEFORE",
                ),
            ),
        ),
    ]
