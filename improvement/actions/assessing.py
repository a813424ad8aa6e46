"""The verbs of a risk analysis: begin, its hazards, when it applies and is reviewed, and which cases point to it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deviations.models import Deviation
from improvement.actions.measuring import person_there
from improvement.models import Hazard, HazardCase, RiskAnalysis
from kvalitetslosen.journal.record import create, lock, record
from kvalitetslosen.journal.transitions import StepRefused, move
from kvalitetslosen.organisation.models import Unit, User

POINTED, NO_LONGER = "improvement.case_points_to_risk", "improvement.case_points_no_more"
"""What a case's own journal says; the analysis' says nothing of cases."""


class CannotPoint(Exception):
    """The case is about a leader, or belongs elsewhere; or the analysis doesn't apply."""


@transaction.atomic
def begin_analysis(
    *,
    by: User,
    title: str,
    unit: Unit,
    owner: User,
    about: str = "",
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> RiskAnalysis:
    """Set out to see what can go wrong somewhere.

    ``key`` is the form's own: the same one sent twice gives the analysis already begun. Raises ``CannotHave``.
    """
    place = Unit.objects.standing_still(unit.pk)
    owner = person_there(owner, place.municipality_id)
    if key and (sent := RiskAnalysis.objects.filter(key=key).first()):
        return sent
    row = RiskAnalysis(title=title.strip(), about=about.strip(), owner=owner, begun_at=at or timezone.now())
    if key:
        row.key = key
    row.place_in(place)
    return create(row, "improvement.risk_begun", by=by, at=at, owner=owner.pk)


# Hazards


@transaction.atomic
def add_hazard(
    *,
    analysis: RiskAnalysis,
    by: User,
    at: datetime.datetime | None = None,
    seen: int | None = None,
    **says: Any,
) -> Hazard:
    """One more thing that can happen, with the number after the last."""
    lock(analysis)
    last = analysis.hazards.aggregate(last=Max("number"))["last"] or 0
    move(analysis, "add_hazard", by=by, at=at, seen=seen, data={"hazard": last + 1})
    return Hazard.objects.create(analysis=analysis, number=last + 1, **_clean(says))


@transaction.atomic
def assess(
    *, hazard: Hazard, by: User, at: datetime.datetime | None = None, seen: int | None = None, **says: Any
) -> None:
    """Other words, or another estimate. What was estimated before stays in the journal, without the words.

    Whether one can live with it was said of the old estimate, and is asked anew with the new one.
    """
    before = {name: getattr(hazard, name) for name in ESTIMATED}
    said = _clean(says)
    changed = {name: [before[name], said[name]] for name in ESTIMATED if name in said and said[name] != before[name]}
    data: dict[str, Any] = {"hazard": hazard.number}
    if changed:
        data["estimate"] = changed
        said |= {"acceptance": "", "reason": ""}
    move(hazard.analysis, "assess", by=by, at=at, seen=seen, data=data)
    for name, value in said.items():
        setattr(hazard, name, value)
    hazard.save(update_fields=list(said))


ESTIMATED = ("consequence", "probability", "expected_consequence", "expected_probability")


def _clean(says: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in says.items()}


@transaction.atomic
def decide_on_hazard(
    *,
    hazard: Hazard,
    by: User,
    acceptance: str,
    reason: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """Whether what remains of the risk can be lived with, and why."""
    data = {"hazard": hazard.number, "acceptance": acceptance}
    move(hazard.analysis, "decide", by=by, at=at, seen=seen, data=data)
    hazard.acceptance, hazard.reason = acceptance, reason.strip()
    hazard.save(update_fields=["acceptance", "reason"])


@transaction.atomic
def take_hazard_away(
    *, hazard: Hazard, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It was no hazard after all. Raises ``StepRefused`` where something is planned against it."""
    before = move(hazard.analysis, "take_away", by=by, at=at, seen=seen, data={"hazard": hazard.number})
    if hazard.actions.exists():
        raise StepRefused(before.lifecycle["take_away"], before, None)
    hazard.delete()


# Its life


@transaction.atomic
def let_apply(
    *,
    analysis: RiskAnalysis,
    by: User,
    review_on: datetime.date,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It applies from now on. Raises ``StepRefused`` without any hazard."""
    now = at or timezone.now()
    before = move(
        analysis, "put_in_force", by=by, at=now, seen=seen, review_on=review_on, untold={"applies_from": now}
    )
    if not analysis.hazards.exists():
        raise StepRefused(analysis.lifecycle["put_in_force"], before, None)


def confirm_analysis(
    *,
    analysis: RiskAnalysis,
    by: User,
    review_on: datetime.date,
    note: str = "",
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It was looked at anew, and is as it was."""
    _review(analysis, "confirm", by, review_on, note, at, seen)


def revise_analysis(
    *,
    analysis: RiskAnalysis,
    by: User,
    review_on: datetime.date,
    note: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    """It was looked at anew, and something has changed."""
    _review(analysis, "revise", by, review_on, note, at, seen)


def _review(
    analysis: RiskAnalysis,
    step: str,
    by: User,
    review_on: datetime.date,
    note: str,
    at: datetime.datetime | None,
    seen: int | None,
) -> None:
    now = at or timezone.now()
    move(analysis, step, by=by, at=now, seen=seen, note=note, review_on=review_on, untold={"reviewed_at": now})


def rewrite_analysis(
    *,
    analysis: RiskAnalysis,
    by: User,
    title: str,
    about: str,
    at: datetime.datetime | None = None,
    seen: int | None = None,
) -> None:
    move(analysis, "rewrite", by=by, at=at, seen=seen, title=title.strip(), about=about.strip())


@transaction.atomic
def give_analysis(
    *, analysis: RiskAnalysis, by: User, owner: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Somebody else answers for it from now on. Raises ``CannotHave``."""
    person_there(owner, analysis.level_0)
    move(analysis, "hand_over", by=by, at=at, seen=seen, owner=owner)


@transaction.atomic
def inherit_analysis(
    *, analysis: RiskAnalysis, by: User | None, owner: User, at: datetime.datetime | None = None
) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotHave``."""
    person_there(owner, analysis.level_0)
    move(analysis, "inherit", by=by, at=at, owner=owner)


def withdraw_analysis(
    *, analysis: RiskAnalysis, by: User, note: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """It applies no more; why, or which one replaces it, stays in the journal."""
    now = at or timezone.now()
    untold = {"withdrawn_at": now, "review_on": None}
    move(analysis, "withdraw", by=by, at=now, seen=seen, note=note, untold=untold)


# Cases that point to a hazard


@transaction.atomic
def point(*, hazard: Hazard, deviation: Deviation, by: User, at: datetime.datetime | None = None) -> HazardCase | None:
    """The case shows a hazard that was known. It is told in the case's journal alone.

    Nothing where it points there already. Raises ``CannotPoint``.
    """
    now = at or timezone.now()
    case, analysis = lock(deviation), lock(hazard.analysis)
    if case.about_id is not None or case.level_0 != analysis.level_0 or not analysis.is_current:
        raise CannotPoint
    tie, made = HazardCase.objects.get_or_create(
        hazard=hazard, deviation=deviation, defaults={"added_by": by, "added_at": now}
    )
    if not made:
        return None
    record(deviation, POINTED, by=by, at=now)
    return tie


@transaction.atomic
def point_no_more(*, hazard: Hazard, deviation: Deviation, by: User, at: datetime.datetime | None = None) -> None:
    """The case had to do with something else. Nothing where it doesn't point there."""
    gone, _each = HazardCase.objects.filter(hazard=hazard, deviation=deviation).delete()
    if gone:
        record(deviation, NO_LONGER, by=by, at=at)


def risk_follows(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """What a merged case pointed to, the one that goes on points to too."""
    for tie in HazardCase.objects.filter(deviation=ended).order_by("pk"):
        HazardCase.objects.get_or_create(
            hazard_id=tie.hazard_id,
            deviation=goes_on,
            defaults={"came_from": ended, "added_by": by, "added_at": at},
        )


def risk_parts(ended: Deviation, goes_on: Deviation, by: User, at: datetime.datetime) -> None:
    """The merging was undone: the other case points to what it pointed to before."""
    HazardCase.objects.filter(deviation=goes_on, came_from=ended).delete()
