from django.db import migrations

from openkap.interop.unscoped import WAITED_FOR
from openkap.tenancy.unscoped import CreateUnscoped


class Migration(migrations.Migration):
    dependencies = [
        ("interop", "0003_statements"),
    ]

    operations = [
        CreateUnscoped(WAITED_FOR),
    ]
