import django.db.models.deletion
import openkap.kernel.ids
import openkap.tenancy.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
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
            ],
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "ordering": ["at", "id"],
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "abstract": False,
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
            ],
            options={
                "abstract": False,
            },
        ),
    ]
