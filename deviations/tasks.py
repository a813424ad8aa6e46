"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from deviations import actions
from deviations.whistle.actions import erase_old
from kvalitetslosen.celery import app
from kvalitetslosen.notifications.leases import only_one


@app.task(name="deviations.forget")
def forget() -> None:
    """Delete how those outside may be reached, a while after their case is closed, and old whistle-blowing."""
    actions.forget_contacts()
    erase_old()


@app.task(name="deviations.watch_duties")
def watch_duties() -> None:
    """Say so where the time to tell somebody is running out, or has."""
    with only_one("duties") as lease:
        if lease is not None:
            actions.watch()
