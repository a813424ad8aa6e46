"""The words a document is found by, as each database keeps them best.

PostgreSQL: ``words`` holds everything and is only ever read through its index; ``main`` holds the words that tell most
(title, and what the text says often) and is small enough to stay in the row, so that ranking ten thousand hits reads no
large value. The function says to the planner what reading ``words`` from each row would cost: without it, a common word
looks as if a walk through the whole table were cheapest. It also keeps the question in one process: starting two others
takes longer than ranking ten thousand hits. SQLite: an FTS5 table whose row id is the document's.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION documents_words(words tsvector) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 300 AS $$ BEGIN RETURN words; END $$
    """,
    "ALTER TABLE documents_searchentry ADD COLUMN words tsvector, ADD COLUMN main tsvector",
    "ALTER TABLE documents_searchentry ALTER COLUMN main SET STORAGE MAIN",
    "CREATE INDEX search_entry_words ON documents_searchentry USING gin (documents_words(words))",
)
POSTGRESQL_BACK = (
    "DROP INDEX search_entry_words",
    "ALTER TABLE documents_searchentry DROP COLUMN words, DROP COLUMN main",
    "DROP FUNCTION documents_words(tsvector)",
)
SQLITE = (
    """
    CREATE VIRTUAL TABLE documents_words USING fts5(
        title, body, ends, prefix = '4', tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
)
SQLITE_BACK = ("DROP TABLE documents_words",)


def add(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
