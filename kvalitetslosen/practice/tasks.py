from celery import shared_task

from kvalitetslosen.practice import actions


@shared_task(name="practice.tidy")
def tidy() -> None:
    actions.tidy()
