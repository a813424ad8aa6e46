"""The database itself refuses to delete a version that is, or ever was, in force."""

from django.db import migrations

from documents import guard


def put_up(apps, schema_editor):
    guard.put_up(schema_editor.connection)


def take_down(apps, schema_editor):
    guard.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("documents", "0021_hearings")]
    operations = [migrations.RunPython(put_up, take_down)]
