"""The verbs of a trial: plan it with what one expects, do it, study it, and decide what now."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from improvement.actions.improving import go
from improvement.models import Improvement, Trial
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import User


@transaction.atomic
def plan_trial(
    *,
    improvement: Improvement,
    by: User,
    change: str,
    prediction: str,
    scale: str,
    look_on: datetime.date,
    begins_on: datetime.date | None = None,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Trial:
    """Try something small, with what one expects written first. Raises ``StepRefused`` while another one runs."""
    now = at or timezone.now()
    number = improvement.trials.count() + 1
    before = go(improvement, "plan_trial", by=by, at=now, seen=seen, data={"cycle": number})
    if improvement.trials.filter(studied_at=None).exists():
        raise StepRefused(improvement.lifecycle["plan_trial"], before, None)
    return Trial.objects.create(
        improvement=improvement,
        number=number,
        change=change.strip(),
        prediction=prediction.strip(),
        scale=scale,
        begins_on=begins_on or timezone.localdate(now),
        look_on=look_on,
        planned_by=by,
        planned_at=now,
    )


@transaction.atomic
def study_trial(
    *,
    improvement: Improvement,
    by: User,
    what_was_seen: str,
    learnt: str,
    decision: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> Trial:
    """What one saw beside what one expected, what it taught, and what now. Raises ``StepRefused`` where none runs."""
    now = at or timezone.now()
    trial = improvement.trials.filter(studied_at=None).first()
    data = {"cycle": trial.number if trial else 0, "decision": decision}
    before = go(improvement, "study_trial", by=by, at=now, seen=seen, data=data)
    if trial is None:
        raise StepRefused(improvement.lifecycle["study_trial"], before, None)
    trial.seen, trial.learnt, trial.decision, trial.studied_at = what_was_seen.strip(), learnt.strip(), decision, now
    trial.save(update_fields=["seen", "learnt", "decision", "studied_at"])
    return trial
