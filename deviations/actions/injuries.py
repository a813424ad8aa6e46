"""Writing a case's line in the register of work injuries."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations.models import Deviation, Injury
from kvalitetslosen.journal.record import lock, record
from kvalitetslosen.organisation.models import User


@transaction.atomic
def enter_injury(*, deviation: Deviation, by: User, at: datetime.datetime | None = None, **said: Any) -> Injury:
    """Write or change the line (the fields of ``Injury``). Changing nothing leaves no event.

    The event says which fields changed, not what they say: § 5-1 wants a register, and no second one in the journal.
    """
    lock(deviation)
    row = Injury.objects.filter(deviation=deviation).first()
    said = {"taken_out": "", **said}
    if row is None:
        row = Injury.objects.create(deviation=deviation, **said)
        record(deviation, "deviations.injury_entered", by=by, at=at)
        return row
    changed = sorted(name for name, value in said.items() if getattr(row, name) != value)
    if changed:
        for name in changed:
            setattr(row, name, said[name])
        row.save(update_fields=changed)
        record(deviation, "deviations.injury_changed", by=by, at=at, fields=changed)
    return row


@transaction.atomic
def take_out_injury(*, deviation: Deviation, by: User, reason: str, at: datetime.datetime | None = None) -> None:
    """It was no injury or illness due to work after all: the register is without it, and the case says why."""
    lock(deviation)
    row = Injury.objects.filter(deviation=deviation).first()
    if row is not None and row.taken_out:
        return
    if row is None:
        row = Injury(
            deviation=deviation, happened_on=deviation.happened_on or timezone.localdate(deviation.reported_at)
        )
    row.taken_out = reason
    row.save()
    record(deviation, "deviations.injury_taken_out", by=by, at=at, note=reason)
