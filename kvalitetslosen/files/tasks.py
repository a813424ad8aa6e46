from celery import shared_task

from kvalitetslosen.files import actions, previews


@shared_task(name="files.clear_left_over")
def clear_left_over() -> None:
    actions.clear_left_over()


@shared_task(name="files.draw_previews")
def draw_previews() -> None:
    previews.draw_waiting()
