"""`manage.py verify_journal`: has anybody tampered with the journal?"""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from kvalitetslosen.journal.verify import Count, verify


class Command(BaseCommand):
    help = (
        "Recomputes every chain of the journal and names every event that was changed, removed, put in, moved or cut "
        "off, by object and number. Ends with 1 if there is any. Needs the JOURNAL_KEY the journal was written with."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count, faults = Count(), 0
        began = time.monotonic()
        for fault in verify(count):
            faults += 1
            self.stdout.write(str(fault))
        seconds = time.monotonic() - began
        self.stdout.write(f"{count.events} events of {count.rows} objects looked at in {seconds:.0f} s.")
        if faults:
            self.stdout.write(f"{faults} faults. The journal has been tampered with, or the key is another.")
            raise SystemExit(1)
        self.stdout.write("No fault.")
