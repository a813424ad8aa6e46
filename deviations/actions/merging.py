"""Two reports of the same become one case, and are parted again where that was wrong."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations import figures
from deviations.actions import asking
from deviations.actions.duties import duties_come_back, follow_duties
from deviations.actions.routing import whose_now
from deviations.actions.steps import REPLIED, step
from deviations.models import Deviation, Severity
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change, plain, record, stored
from kvalitetslosen.organisation.models import User


class CannotMerge(Exception):
    """The other case has ended, or one of the two is about a leader and the other isn't."""


class CannotPart(Exception):
    """The case it was merged into has ended: that one is opened again first."""


def may_merge(deviation: Deviation, into: Deviation) -> bool:
    """Only what the same people may see becomes one: nothing goes to or from a case about somebody else."""
    return into.is_open and into.pk != deviation.pk and into.about_id == deviation.about_id


Follow = Callable[[Deviation, Deviation, User, datetime.datetime], None]

on_merged: list[Follow] = []
"""Filled by modules: called in the transaction with the case that ended, the one that goes on, by whom and when."""

on_parted: list[Follow] = []
"""The same for undoing it: what had gone along comes back to the first from the second."""


def _locked(*cases: int) -> dict[int, Deviation]:
    """All at once and in one order: two who merge the same cases crosswise don't wait for each other for ever."""
    rows = Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit")
    return {each.pk: each for each in rows.filter(pk__in=cases).order_by("pk")}


@transaction.atomic
def merge(
    *, deviation: Deviation, by: User, into: Deviation, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """Two reports of the same: this one ends, the other goes on and its answer reaches both reporters.

    What is still to be done in this one goes along, and so do the stricter severity and the earlier deadline. Raises
    ``CannotMerge``.
    """
    now = at or timezone.now()
    locked = _locked(deviation.pk, into.pk)
    if not may_merge(deviation, locked[into.pk]):
        raise CannotMerge
    waited = locked[deviation.pk].reporter_waits_since
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
        data={"waited": waited} if waited else None,
        untold=REPLIED,
    )
    goes_on = locked[into.pk]
    before = copy.copy(goes_on)
    standing = _stricter(_standing(goes_on), _standing(deviation))
    _tell(goes_on, before, "deviations.merged_here", deviation, by, now, standing)
    for follow in (asking.follow, follow_duties, *on_merged):
        follow(deviation, goes_on, by, now)
    return deviation


@transaction.atomic
def unmerge(
    *, deviation: Deviation, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> Deviation:
    """It wasn't the same after all: the case stands where it stood, and what had gone along comes back.

    The other keeps the severity and the deadline it would have had without this one. Raises ``CannotPart``.
    """
    now = at or timezone.now()
    locked = _locked(deviation.pk, deviation.merged_into_id or 0)
    row, goes_on = locked[deviation.pk], locked.get(deviation.merged_into_id or 0)
    if row.merged_into_id is not None and (goes_on is None or row.merged_into_id != goes_on.pk or not goes_on.is_open):
        raise CannotPart
    merged = Event.objects.about(row).filter(type="deviations.merged").last()
    waiting, waited = (
        (
            datetime.datetime.fromisoformat(each) if each else None
            for each in (merged.old_and_new("waiting_since")[0], merged.data.get("waited"))
        )
        if merged
        else (None, None)
    )
    step(
        deviation,
        "unmerge",
        by=by,
        at=now,
        seen=seen,
        back_to=merged.old_and_new("state")[0] if merged else None,
        merged_into=None,
        closed_at=None,
        closed_by=None,
        waiting_since=waiting,
        handler=whose_now(row, now),
        data={"out_of": row.merged_into_id},
        untold={"reporter_waits_since": waited},
    )
    assert goes_on is not None  # a case that isn't merged was refused
    before = copy.copy(goes_on)
    _tell(goes_on, before, "deviations.parted_here", deviation, by, now, _as_if_never(goes_on))
    for come_back in (asking.come_back, duties_come_back, *on_parted):
        come_back(deviation, goes_on, by, now)
    return deviation


# What a merge does to the case that goes on -------------------------------------------------------------------------

ASSESSED = ("consequence", "probability", "severity")
Standing = dict[str, Any]
"""Severity and deadline of a case, in the journal's own writing."""


def _standing(deviation: Deviation) -> Standing:
    return {name: plain(stored(deviation, name)) for name in (*ASSESSED, "deadline")}


def _stricter(here: Standing, other: Mapping[str, Any]) -> Standing:
    """The case that goes on is as serious as the more serious of the two, and due when the first of them was."""
    found = dict(here)
    moments = [datetime.datetime.fromisoformat(each["deadline"]) for each in (here, other)]
    if moments[1] < moments[0]:
        found["deadline"] = other["deadline"]
    order = [Severity.values.index(each["severity"] or Severity.LOW) for each in (here, other)]
    if order[1] > order[0] or (other["severity"] and not here["severity"]):
        found |= {name: other[name] for name in ASSESSED}
    return found


def _as_if_never(deviation: Deviation) -> Standing:
    """The severity and the deadline that follow from what was decided in the case, and from what is still merged.

    Its story is gone through once more: whatever somebody decided stands, and each case that is still merged into it
    counts from when it was.
    """
    events = list(Event.objects.about(deviation).order_by("number"))
    inside = {each.pk: _standing(each) for each in Deviation.objects.filter(merged_into=deviation)}
    since = {event.data.get("merged"): event.number for event in events if event.type == "deviations.merged_here"}
    happened = _standing(deviation)
    for event in reversed(events):
        happened |= {name: old for name, (old, _new) in _changes(event)}
    wanted = dict(happened)
    for event in events:
        happened |= {name: new for name, (_old, new) in _changes(event)}
        other = event.data.get("merged")
        if event.type == "deviations.merged_here":
            if other in inside and since[other] == event.number:
                wanted = _stricter(wanted, inside[other])
        elif event.type == "deviations.assessed":
            wanted = dict(happened)
        elif event.type != "deviations.parted_here":
            wanted |= {name: new for name, (_old, new) in _changes(event)}
    return wanted


def _changes(event: Event) -> Iterable[tuple[str, tuple[Any, Any]]]:
    changes = event.data.get("changes", {})
    return [(name, changes[name]) for name in (*ASSESSED, "deadline") if name in changes]


def _tell(
    deviation: Deviation,
    before: Deviation,
    what: str,
    other: Deviation,
    by: User,
    now: datetime.datetime,
    standing: Standing,
) -> None:
    values = standing | {"deadline": datetime.datetime.fromisoformat(standing["deadline"])}
    if not change(deviation, what, by=by, at=now, data={"merged": other.pk}, **values):
        record(deviation, what, by=by, at=now, merged=other.pk)
    figures.follow(before, deviation)
