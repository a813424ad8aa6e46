"""The worker's part of the handbook. Every task may run twice, late, or at the same time as itself."""

from celery import shared_task

from documents import actions
from documents.paper import copies


@shared_task(name="documents.clear_paper")
def clear_paper() -> None:
    copies.clear_old()


@shared_task(name="documents.clear_copies")
def clear_copies() -> None:
    """Forget what was written in drafts, never saved, and is of use to nobody."""
    actions.clear_copies()
