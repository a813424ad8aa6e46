"""Let a role of PostgreSQL read the star of views, and nothing else."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kvalitetslosen.open_figures.registry import tables
from kvalitetslosen.organisation.models import Unit

ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
BUSY_AT_MOST, LONGEST = 4, "10min"  # so that a report slows nobody's work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="The role that reads. It is made where there is none, without a password.")
        parser.add_argument(
            "--municipality", metavar="CODE", help="Only the rows of this one, in a schema of its own."
        )
        parser.add_argument("--revoke", action="store_true", help="Take it away again.")

    def handle(self, *_args: Any, **options: Any) -> None:
        role, code = options["role"], options["municipality"]
        if connection.vendor != "postgresql":
            raise CommandError("Roles are PostgreSQL’s. Whoever can open the SQLite file can read all of it.")
        if not ROLE.fullmatch(role):
            raise CommandError("A role is written with small letters, digits and underscores.")
        municipality = self._municipality(code) if code else None
        with transaction.atomic(), connection.cursor() as cursor:
            known = self._known(cursor, role)
            if options["revoke"]:
                self._taken(cursor, role, known=known)
            else:
                self._given(cursor, role, municipality, known=known)
        self.stdout.write(self._said(role, municipality, revoked=options["revoke"]))

    def _municipality(self, code: str) -> Unit:
        found = Unit.objects.municipalities().filter(code__iexact=code).first()
        if found is None:
            raise CommandError(f"There is no municipality with the code {code}.")
        return found

    def _known(self, cursor: CursorWrapper, role: str) -> bool:
        """Whether there is such a role. One that may do anything else is left alone."""
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolname = current_user "
            "OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) "
            "OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid) FROM pg_roles r WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
        if found and found[0]:
            raise CommandError(f"{role} may do more than read. Choose a role that is only for this.")
        return found is not None

    def _given(self, cursor: CursorWrapper, role: str, municipality: Unit | None, *, known: bool) -> None:
        if known:
            self._emptied(cursor, role)
        else:
            cursor.execute(f'CREATE ROLE "{role}" LOGIN NOINHERIT CONNECTION LIMIT {BUSY_AT_MOST}')
        cursor.execute(f"ALTER ROLE \"{role}\" SET default_transaction_read_only = 'on'")
        cursor.execute(f"ALTER ROLE \"{role}\" SET statement_timeout = '{LONGEST}'")
        schema = f"star_{municipality.pk}" if municipality else "public"
        if municipality:
            self._narrowed(cursor, schema, municipality)
        cursor.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"')
        cursor.execute(f'ALTER ROLE "{role}" SET search_path = "{schema}"')
        for table in tables():
            cursor.execute(f'GRANT SELECT ON "{schema}".{table.view} TO "{role}"')

    def _narrowed(self, cursor: CursorWrapper, schema: str, municipality: Unit) -> None:
        """Views of one municipality's rows. Not a setting of the role: whoever has a role can change its settings."""
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for table in tables():
            where = f" WHERE municipality_key = {int(municipality.pk)}" if table.municipality else ""
            cursor.execute(
                f'CREATE OR REPLACE VIEW "{schema}".{table.view} WITH (security_barrier = true) AS '  # noqa: S608 - ours
                f"SELECT {', '.join(table.names)} FROM public.{table.view}{where}"
            )

    def _emptied(self, cursor: CursorWrapper, role: str) -> None:
        """What it could read before, so that one municipality's role never keeps another's rows."""
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspname LIKE 'star\\_%%'")
        for (schema,) in cursor.fetchall():
            cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA "{schema}" FROM "{role}"')
            cursor.execute(f'REVOKE ALL ON SCHEMA "{schema}" FROM "{role}"')

    def _taken(self, cursor: CursorWrapper, role: str, *, known: bool) -> None:
        if not known:
            raise CommandError(f"There is no role {role}.")
        self._emptied(cursor, role)
        cursor.execute(f'ALTER ROLE "{role}" NOLOGIN')

    @staticmethod
    def _said(role: str, municipality: Unit | None, *, revoked: bool) -> str:
        if revoked:
            return f"{role} reads nothing any more, and logs in no more."
        of = f" of {municipality.name}" if municipality else ""
        return f"{role} reads {len(tables())} views{of}. Give it a password in psql: \\password {role}"
