from django.db import migrations

from openkap.notices.unscoped import DUE
from openkap.tenancy.unscoped import CreateUnscoped


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_once_a_delivery"),
    ]

    operations = [
        CreateUnscoped(DUE),
    ]
