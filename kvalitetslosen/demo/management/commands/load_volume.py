"""`manage.py load_volume`: what a large municipality gathers in five years, for measuring. PostgreSQL only."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connection

from kvalitetslosen.demo.volume import LEADER, PASSWORD, NotEmpty, Size, load


class Command(BaseCommand):
    help = "Fill an empty PostgreSQL database with as much as a large municipality has after five years."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deviations", type=int, default=1_000_000)
        parser.add_argument("--units", type=int, default=1_111, help="a tree of four levels: 22 or more")
        parser.add_argument("--people", type=int, default=20_000)
        parser.add_argument("--documents", type=int, default=50_000)
        parser.add_argument("--ticks", type=int, default=1_000_000, help="on tally sheets")
        parser.add_argument(
            "--words", type=Path, default=Path("/usr/share/dict/bokmaal"), help="list of words (Debian: wnorwegian)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL takes this much: set DATABASE_URL=postgres://…")
        if not options["words"].is_file():
            raise CommandError(f"There is no list of words at {options['words']}: install wnorwegian, or say --words.")
        begun = time.monotonic()
        size = Size(options["deviations"], options["units"], options["people"], options["documents"], options["ticks"])
        try:
            load(size, options["words"])
        except NotEmpty:
            raise CommandError("There is something in the database already; this only fills an empty one.") from None
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        took = time.monotonic() - begun
        filled = f"{size.deviations} deviations and {size.ticks} ticks in {took:.0f} s"
        self.stdout.write(f"{filled}. Log in as {LEADER}, password {PASSWORD}.")
