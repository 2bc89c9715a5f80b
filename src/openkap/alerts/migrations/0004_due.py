from django.db import migrations

from openkap.alerts.unscoped import DUE, NOT_TOLD
from openkap.tenancy.unscoped import CreateUnscoped


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0003_statements"),
        ("accounts", "0002_factorreset_factorresetevent_and_more"),
        ("people", "0003_due"),
    ]

    operations = [
        CreateUnscoped(DUE),
        CreateUnscoped(NOT_TOLD),
    ]
