"""Finding in the handbook made anew: after an upgrade that lets documents be found by more than before."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from documents import search
from documents.models import SearchEntry


class Command(BaseCommand):
    help = "Write anew what the documents of every municipality are found by. People can go on working meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        search.reindex()
        self.stdout.write(f"{SearchEntry.objects.count()} documents are found.")
