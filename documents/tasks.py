"""The worker's part. Every task may run twice, late, or at the same time as itself."""

from celery import shared_task

from documents import actions
from documents.actions import exports, intake
from kvalitetslosen.paper import printing


@shared_task(name="documents.clear_paper")
def clear_paper() -> None:
    printing.clear_old()


@shared_task(name="documents.clear_copies")
def clear_copies() -> None:
    """Forget what was written in drafts, never saved, and is of use to nobody."""
    actions.clear_copies()


@shared_task(name="documents.go_on_with_intake")
def go_on_with_intake(intake_id: int) -> None:
    """Read or take in files for a while, then stand in the queue again behind what others wait for."""
    if intake.go_on(intake_id):
        go_on_with_intake.apply_async((intake_id,), ignore_result=True, retry=False)


@shared_task(name="documents.sweep_intakes")
def sweep_intakes() -> None:
    intake.sweep()


@shared_task(name="documents.clear_left_over")
def clear_left_over() -> None:
    intake.clear_left_over()


@shared_task(name="documents.forget")
def forget() -> None:
    """Delete what is remembered no longer."""
    actions.forget()


@shared_task(name="documents.keep_dates")
def keep_dates() -> None:
    """Bring into force what applies from today, and close the hearings whose deadline has passed."""
    actions.bring_into_force()
    actions.close_due_hearings()


@shared_task(name="documents.make_export")
def make_export(pk: int) -> None:
    exports.make_export(pk)


@shared_task(name="documents.read_back")
def read_back(pk: int) -> None:
    actions.go_on_reading_back(pk)


@shared_task(name="documents.sweep_readings_back")
def sweep_readings_back() -> None:
    actions.sweep_readings_back()


@shared_task(name="documents.sweep_exports")
def sweep_exports() -> None:
    exports.sweep_exports()
