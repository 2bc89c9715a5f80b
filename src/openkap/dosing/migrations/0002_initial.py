"""Its operations stand in 0001; the name stays for installations that have applied it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dosing", "0001_initial")]
    operations: list = []
