"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from kvalitetslosen.celery import app
from kvalitetslosen.notifications import deliver, reminders, sending
from kvalitetslosen.notifications.backends import send_soon


@app.task(name="notifications.deliver_event")
def deliver_event(event_id: int) -> None:
    """Write what the event leads to and send it."""
    if deliver.deliver_event(event_id):
        send_soon()


@app.task(name="notifications.sweep")
def sweep() -> None:
    """Deliver what no worker was told of, or began and didn't finish."""
    if deliver.sweep():
        send_soon()


@app.task(name="notifications.send_due_mail")
def send_due_mail() -> None:
    sending.send_due_mail()


@app.task(name="notifications.remind")
def remind() -> None:
    if reminders.remind():
        send_soon()
