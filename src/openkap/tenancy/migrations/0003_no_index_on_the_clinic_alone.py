"""Every clinic table has a key that begins with its clinic; an index on the clinic alone was read by nothing."""

from django.db import migrations

DROP_INDEXES = """
DO $$
DECLARE one regclass;
BEGIN
    FOR one IN
        SELECT i.indexrelid::regclass FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND a.attnum = i.indkey[0]
        WHERE i.indnatts = 1 AND NOT i.indisunique AND i.indpred IS NULL
    LOOP
        EXECUTE format('DROP INDEX %s', one);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_cacheentry")]

    operations = [migrations.RunSQL(DROP_INDEXES, migrations.RunSQL.noop)]
