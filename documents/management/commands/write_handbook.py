"""The whole handbook of a municipality, drafts and all, for whoever runs the server: to move it, or to keep it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from documents.exchange.writing import Scope, write
from kvalitetslosen.organisation.models import Unit


class Command(BaseCommand):
    help = "Write the whole handbook of a municipality to a zip file: docs/handbook-export.md says what is in it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--every-pdf", action="store_true", help="PDF of old versions too")

    def handle(self, *args: Any, **options: Any) -> None:
        municipality = Unit.objects.municipalities().filter(code=options["municipality"].upper()).first()
        if municipality is None:
            raise CommandError(f"There is no municipality with the code {options['municipality']}.")
        path: Path = options["file"]
        unfinished = path.with_name(path.name + ".part")
        try:
            with translation.override(municipality.language or "nb"), unfinished.open("w+b") as file:
                scope = Scope(municipality, municipality, reader=None, every_pdf=options["every_pdf"])
                written = write(scope, file)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{written.documents} documents, {written.versions} versions, {written.events} events.")
        for each in written.left_out:
            self.stdout.write(f"Left out: {each['number']} {each['what']}: {each['why']}")
