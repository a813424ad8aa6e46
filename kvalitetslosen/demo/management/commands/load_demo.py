"""`manage.py load_demo`: the demo world, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connection

from kvalitetslosen.demo.load import SIZE, is_loaded, load
from kvalitetslosen.journal import guard


class Command(BaseCommand):
    help = "Load the demo world: three municipalities, their people and two years of cases. Nothing when it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=SIZE, help="how many cases, about")
        parser.add_argument("--fresh", action="store_true", help="empty the whole database first (a trial's only)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's log-ins have a known password: only with DEMO=1.")
        if options["fresh"]:
            guard.take_down(connection)
            try:
                call_command("flush", interactive=False, verbosity=0)
            finally:
                guard.put_up(connection)
        if is_loaded():
            if options["verbosity"]:
                self.stdout.write("The demo world is there already.")
            return
        cases = load(options["size"])
        if options["verbosity"]:
            self.stdout.write(f"Loaded the demo world with {cases} cases.")
