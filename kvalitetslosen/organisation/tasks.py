from celery import shared_task

from kvalitetslosen.organisation import actions


@shared_task(name="organisation.forget")
def forget() -> None:
    actions.forget()
