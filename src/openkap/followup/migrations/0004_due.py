from django.db import migrations

from openkap.followup.unscoped import DUE
from openkap.tenancy.unscoped import CreateUnscoped


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0003_answered_at"),
        ("people", "0003_due"),
        ("watch", "0003_due"),
    ]

    operations = [
        CreateUnscoped(DUE),
    ]
