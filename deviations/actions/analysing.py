"""Looking for the cause of a case step by step. The words are kept with the analysis; the journal keeps none."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from deviations.actions.asking import CaseEnded
from deviations.models import AnalysisStep, CauseAnalysis, Deviation, Moment, Why, branch_of
from kvalitetslosen.journal.record import change, create, lock, record
from kvalitetslosen.organisation.models import User

MOST = 100
"""So many moments, or whys, in one analysis."""


class TooManyRows(Exception):
    """There are ``MOST`` of them already."""


class BuiltUpon(Exception):
    """What somebody else wrote would go along."""


def _begun(deviation: Deviation, by: User, at: datetime.datetime) -> CauseAnalysis:
    """The analysis of the case, begun with the first thing that is written. Raises ``CaseEnded``."""
    case = lock(deviation)
    if not case.is_open:
        raise CaseEnded
    found = CauseAnalysis.objects.filter(deviation=case).first()
    if found:
        return found
    analysis = CauseAnalysis(municipality_id=case.level_0 or 0, deviation=case, created_by=by, created_at=at)
    return create(analysis, "deviations.analysis_begun", by=by, at=at)


@transaction.atomic
def weigh(*, deviation: Deviation, by: User, at: datetime.datetime | None = None, **said: Any) -> CauseAnalysis:
    """Say how much there is to learn (``learn``, ``known``, ``reach``) or choose the ``response``."""
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    change(analysis, "deviations.analysis_weighed", by=by, at=now, **said)
    return analysis


@transaction.atomic
def work_through(
    *,
    deviation: Deviation,
    by: User,
    response: str,
    steps: Mapping[int, tuple[bool, str]],
    at: datetime.datetime | None = None,
) -> None:
    """Tick the steps of the response and note what was found, by their numbers. One event for all that differs."""
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    rows = {row.number: row for row in analysis.steps.filter(response=response)}
    told = []
    for number, (done, note) in steps.items():
        row = rows.get(number) or AnalysisStep(analysis=analysis, response=response, number=number)
        if (row.done, row.note) != (done, note):
            row.done, row.note = done, note
            row.save()
            told.append(number)
    if told:
        record(analysis, "deviations.analysis_worked", by=by, at=now, response=response, steps=told)


@transaction.atomic
def put_moment(
    *,
    deviation: Deviation,
    by: User,
    key: uuid.UUID,
    happened_at: datetime.datetime | None,
    what: str,
    expected: str = "",
    at: datetime.datetime | None = None,
) -> Moment:
    """Write down or correct one thing that happened. ``key`` is the form's own: sent twice, it is one moment."""
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    row = analysis.moments.filter(key=key).first()
    _put(analysis, row or Moment(analysis=analysis, key=key), "moment", by, now, at=happened_at, what=what,
         expected=expected)  # fmt: skip
    return analysis.moments.get(key=key)


@transaction.atomic
def put_why(
    *,
    deviation: Deviation,
    by: User,
    key: uuid.UUID,
    text: str,
    under: uuid.UUID | None = None,
    weight: str = "",
    kind: str = "",
    at: datetime.datetime | None = None,
) -> Why:
    """Answer «why?», under the answer it explains, or correct an answer. Raises ``Why.DoesNotExist`` for one not here.

    ``under`` counts for a new one only: an answer stays where it was given.
    """
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    row = analysis.whys.filter(key=key).first()
    if row is None:
        row = Why(analysis=analysis, key=key, parent=analysis.whys.get(key=under) if under else None)
    _put(analysis, row, "why", by, now, text=text, weight=weight, kind=kind if weight else "")
    return analysis.whys.get(key=key)


def _put(
    analysis: CauseAnalysis, row: Moment | Why, noun: str, by: User, now: datetime.datetime, **values: Any
) -> None:
    """Save the row with one event, unless nothing differs. Raises ``TooManyRows``."""
    is_new = row.pk is None
    if is_new and type(row).objects.filter(analysis=analysis).count() >= MOST:
        raise TooManyRows
    if not is_new and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(analysis, f"deviations.{noun}_{'added' if is_new else 'changed'}", by=by, at=now, of=row.pk)


@transaction.atomic
def remove_row(
    *,
    deviation: Deviation,
    by: User,
    noun: str,
    key: uuid.UUID,
    own: Collection[int] | None = None,
    at: datetime.datetime | None = None,
) -> bool:
    """Take a moment or a why away, with the whys under it; whether there was one.

    ``own``: the ids of the only rows that may go. Raises ``BuiltUpon`` where others would go along.
    """
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    rows = analysis.moments.filter(key=key) if noun == "moment" else analysis.whys.filter(key=key)
    row = rows.first()
    if row is None:
        return False
    pk = row.pk
    if own is not None:
        going = branch_of(pk, analysis.whys.all()) if noun == "why" else {pk}
        if not going <= set(own):
            raise BuiltUpon
    row.delete()
    record(analysis, f"deviations.{noun}_removed", by=by, at=now, of=pk)
    return True


@transaction.atomic
def judge_peers(
    *, deviation: Deviation, by: User, peers: str, note: str = "", at: datetime.datetime | None = None
) -> CauseAnalysis:
    """Say whether others would have done the same, and what makes one think so."""
    now = at or timezone.now()
    analysis = _begun(deviation, by, now)
    if (analysis.peers, analysis.peers_note) != (peers, note):
        CauseAnalysis.objects.filter(pk=analysis.pk).update(peers_note=note)
        analysis.peers_note = note
        if not change(analysis, "deviations.peers_judged", by=by, at=now, peers=peers):
            record(analysis, "deviations.peers_judged", by=by, at=now)
    return analysis
