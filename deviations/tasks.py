"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from deviations import actions
from deviations.actions import bringing
from deviations.models import Bringing
from deviations.whistle.actions import erase_old
from kvalitetslosen.celery import app
from kvalitetslosen.notifications.leases import only_one


@app.task(name="deviations.forget")
def forget() -> None:
    """Delete how those outside may be reached, a while after their case is closed, and old whistle-blowing."""
    actions.forget_contacts()
    erase_old()
    Bringing.objects.expired().delete()


@app.task(name="deviations.watch_duties")
def watch_duties() -> None:
    """Say so where the time to tell somebody is running out, or has."""
    with only_one("duties") as lease:
        if lease is not None:
            actions.watch()


@app.task(name="deviations.go_on_bringing")
def go_on_bringing(pk: int) -> None:
    """Bring in rows for a while, then stand in the queue again behind what others wait for."""
    if bringing.go_on(pk):
        go_on_bringing.apply_async((pk,), ignore_result=True, retry=False)


@app.task(name="deviations.sweep_bringing")
def sweep_bringing() -> None:
    bringing.sweep()
