"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from improvement import actions
from kvalitetslosen.celery import app
from kvalitetslosen.notifications.leases import only_one


@app.task(name="improvement.open_checks")
def open_checks() -> None:
    """Open the looks at the effect whose day has come."""
    with only_one("effect_checks") as lease:
        if lease is not None:
            actions.open_due()


@app.task(name="improvement.ask_in_rhythm")
def ask_in_rhythm() -> None:
    """Ask what leaders ask every month."""
    actions.ask_in_rhythm()


@app.task(name="improvement.open_pulse")
def open_pulse() -> None:
    """Ask everybody about the conditions for learning, in the first weeks of a quarter."""
    actions.open_rounds()
