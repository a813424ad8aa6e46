"""What misspelt words and beginnings of titles are looked for in, as each database does it best; and the shared laws.

PostgreSQL: trigrams of the words (an extension that comes with it and that the owner of a database may create), and an
index of the words of titles. SQLite: an FTS5 table of trigrams whose row id is the word's.
"""

from itertools import islice

from django.db import migrations
from django.db.models import OuterRef, Subquery

from documents import laws
from documents.outlines import outline_of
from documents.words import spelt

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX indexed_word_spelling ON documents_indexedword USING gin (stem gin_trgm_ops)",
    "CREATE INDEX search_entry_titles ON documents_searchentry USING gin (ts_filter(main, '{a}'))",
)
POSTGRESQL_BACK = ("DROP INDEX indexed_word_spelling", "DROP INDEX search_entry_titles")
SQLITE = ("CREATE VIRTUAL TABLE documents_spelling USING fts5(stem, tokenize = 'trigram')",)
SQLITE_BACK = ("DROP TABLE documents_spelling",)
AT_A_TIME = 250


def add(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


def lay(apps, schema_editor):
    laws.lay(apps.get_model("documents", "Source"), apps.get_model("documents", "Requirement"))


def index_what_is_there(apps, schema_editor):
    """What documents in force from before are missing: since when, their headings, and their words."""
    entry_model = apps.get_model("documents", "SearchEntry")
    version_model = apps.get_model("documents", "Version")
    word_model = apps.get_model("documents", "IndexedWord")
    since = version_model.objects.filter(pk=OuterRef("version")).values("in_force_from")
    entry_model.objects.update(since=Subquery(since))
    entries = entry_model.objects.select_related("version").order_by("pk").iterator(chunk_size=AT_A_TIME)
    while batch := list(islice(entries, AT_A_TIME)):
        for entry in batch:
            entry.outline = outline_of(entry.version.body, entry.version.text)
        entry_model.objects.bulk_update(batch, ["outline"])
        words = {
            (entry.level_0, stem) for entry in batch for stem in spelt(f"{entry.version.title} {entry.version.text}")
        }
        word_model.objects.bulk_create(
            [word_model(municipality_id=place, stem=stem) for place, stem in sorted(words)], ignore_conflicts=True
        )
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "INSERT INTO documents_spelling (rowid, stem) SELECT id, stem FROM documents_indexedword"
        )


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_finding")]
    operations = [
        migrations.RunPython(add, remove),
        migrations.RunPython(lay, migrations.RunPython.noop),
        migrations.RunPython(index_what_is_there, migrations.RunPython.noop),
    ]
