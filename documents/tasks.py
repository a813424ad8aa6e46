"""The worker's part of the handbook. Every task may run twice, late, or at the same time as itself."""

from celery import shared_task

from documents.paper import copies


@shared_task(name="documents.clear_paper")
def clear_paper() -> None:
    copies.clear_old()
