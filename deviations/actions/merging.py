"""Two reports of the same become one case."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations import figures
from deviations.actions import asking
from deviations.actions.steps import REPLIED, step
from deviations.models import Deviation, Severity
from kvalitetslosen.journal.record import change, record
from kvalitetslosen.organisation.models import User


class CannotMerge(Exception):
    """The other case has ended, or one of the two is about a leader and the other isn't."""


def may_merge(deviation: Deviation, into: Deviation) -> bool:
    """Only what the same people may see becomes one: nothing goes to or from a case about somebody else."""
    return into.is_open and into.pk != deviation.pk and into.about_id == deviation.about_id


on_merged: list[Callable[[Deviation, Deviation, User, datetime.datetime], None]] = []
"""Filled by modules: called in the transaction with the case that ended, the one that goes on, by whom and when."""


@transaction.atomic
def merge(
    *, deviation: Deviation, by: User, into: Deviation, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Two reports of the same: this one ends, the other goes on and its answer reaches both reporters.

    What is still to be done in this one goes along, and so do the stricter severity and the earlier deadline. Raises
    ``CannotMerge``.
    """
    now = at or timezone.now()
    # Both at once and in one order, so that two who merge the same cases crosswise don't wait for each other for ever.
    rows = Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit")
    locked = {each.pk: each for each in rows.filter(pk__in=[deviation.pk, into.pk]).order_by("pk")}
    if not may_merge(deviation, locked[into.pk]):
        raise CannotMerge
    step(
        deviation,
        "merge",
        by=by,
        at=now,
        seen=seen,
        merged_into=into,
        closed_at=now,
        closed_by=by,
        waiting_since=None,
        untold=REPLIED,
    )
    _takes_in(locked[into.pk], deviation, by, now)
    asking.follow(deviation, locked[into.pk], by, now)
    for follow in on_merged:
        follow(deviation, locked[into.pk], by, now)
    return deviation


def _takes_in(deviation: Deviation, ended: Deviation, by: User, now: datetime.datetime) -> None:
    """The case that goes on is as serious as the more serious of the two, and due when the first of them was."""
    before, what = copy.copy(deviation), "deviations.merged_here"
    stricter: dict[str, Any] = {"deadline": min(deviation.deadline, ended.deadline)}
    if Severity.values.index(ended.severity or Severity.LOW) > Severity.values.index(
        deviation.severity or Severity.LOW
    ) or (ended.severity and not deviation.severity):
        stricter |= {name: getattr(ended, name) for name in ("consequence", "probability", "severity")}
    if not change(deviation, what, by=by, at=now, data={"merged": ended.pk}, **stricter):
        record(deviation, what, by=by, at=now, merged=ended.pk)
    figures.follow(before, deviation)
