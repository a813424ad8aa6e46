from celery import shared_task

from deviations import actions


@shared_task(name="deviations.forget")
def forget() -> None:
    actions.forget_contacts()
