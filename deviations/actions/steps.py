"""What every step of a case does: move, and let the figures follow."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations import figures
from deviations.actions.asking import fall_away
from deviations.lifecycle import State
from deviations.models import Deviation
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.organisation.models import User


def step(
    deviation: Deviation, name: str, *, by: User | None, at: datetime.datetime | None = None, **how: Any
) -> Deviation:
    """Move, and let the figures follow in the same transaction."""
    with transaction.atomic():
        before = move(deviation, name, by=by, at=at, **how)
        if "handling_unit" not in how:
            deviation.copy_levels(before)  # its unit may have been moved since the case was read
        figures.follow(before, deviation)
        if before.closed_at is None and deviation.closed_at is not None and deviation.state != State.MERGED:
            fall_away(deviation, by, at or timezone.now())
    return deviation


REPLIED: dict[str, Any] = {"reporter_waits_since": None}
"""What it means that somebody who handles the case has said something to the reporter."""
