"""Views for other programs, made and changed by migrations like tables.

On PostgreSQL a view is a barrier: no function of whoever reads it is shown the rows it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class MakeView(Operation):
    """Make a view, or let it have further columns at its end: PostgreSQL takes no other change of one.

    ``select`` is what it is made of, by database. Whoever may read the view may still, and views made of it stay.
    """

    reversible = True

    def __init__(self, name: str, select: Mapping[str, str]) -> None:
        self.name, self.select = name, select

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django knows no views."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            head = f"CREATE OR REPLACE VIEW {self.name} WITH (security_barrier = true) AS\n"
        else:
            schema_editor.execute(f"DROP VIEW IF EXISTS {self.name}", params=None)
            head = f"CREATE VIEW {self.name} AS\n"
        schema_editor.execute(head + self.select[vendor], params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP VIEW IF EXISTS {self.name}", params=None)

    def describe(self) -> str:
        return f"Make the view {self.name}"
