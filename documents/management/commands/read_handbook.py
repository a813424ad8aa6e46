"""A handbook that was taken out, read back into a municipality that has no documents: all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from documents.exchange.reading import Refused, read
from kvalitetslosen.organisation.models import Unit, User


class Command(BaseCommand):
    help = (
        "Read a handbook back from a zip file into a municipality without documents. People are known by their e-mail "
        "address; those who aren't here get an account nobody can log in to."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--answerable", metavar="EMAIL", help="who owns what people own who can't log in here")

    def handle(self, *args: Any, **options: Any) -> None:
        municipality = Unit.objects.municipalities().filter(code=options["municipality"].upper()).first()
        if municipality is None:
            raise CommandError(f"There is no municipality with the code {options['municipality']}.")
        answerable = None
        if email := options["answerable"]:
            people = User.objects.active().filter(municipality=municipality, email=email.strip().lower())
            answerable = people.first()
            if answerable is None:
                raise CommandError(f"Nobody in {municipality} logs in as {email}.")
        try:
            with translation.override("en"), options["file"].open("rb") as file:
                done = read(file, municipality=municipality, answerable=answerable)
        except FileNotFoundError:
            raise CommandError(f"There is no file {options['file']}.") from None
        except Refused as refused:
            raise CommandError(f"Nothing was read back. {refused}") from None
        self.stdout.write(
            f"{done.documents} documents, {done.versions} versions, {done.events} events and {done.files} files. "
            f"{done.new_people} people who aren't here are named by closed accounts."
        )
