from celery import shared_task

from kvalitetslosen.files import actions


@shared_task(name="files.clear_left_over")
def clear_left_over() -> None:
    actions.clear_left_over()
