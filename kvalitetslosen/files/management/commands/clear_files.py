from typing import Any

from django.core.management.base import BaseCommand

from kvalitetslosen.files import actions


class Command(BaseCommand):
    help = (
        "Removes files older than a day that belong to nothing, left by an interrupted upload, and puts those in "
        "their place that a killed process left half-way. The worker does the same every night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        removed, settled = actions.clear_left_over()
        self.stdout.write(f"Removed {removed}, put {settled} in place.")
