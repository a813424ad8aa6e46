"""Looks at the effect in the demo: one planned, one that waits, some that worked, one that did not."""

from __future__ import annotations

import datetime

from deviations.lifecycle import State
from deviations.models import SERIOUS, Deviation
from improvement import actions
from improvement.lifecycle import State as ActionState
from improvement.models import Action, EffectCheck
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.workdays import OSLO

CRITERION = (
    "Ingen nye tilfeller av det samme på to måneder, og alle i teamet kan si hva som er endret.",
    "Ingen nye tilfelle av det same på to månader, og alle i teamet kan seie kva som er endra.",
)
WORKED = (
    "Det har ikke skjedd igjen, og den nye måten å gjøre det på sitter. Takk for at du meldte fra.",
    "Det har ikkje hendt igjen, og den nye måten å gjere det på sit. Takk for at du melde frå.",
)
DID_NOT = (
    "Det samme har skjedd to ganger til. Vi ser på årsaken en gang til og prøver noe annet.",
    "Det same har hendt to gonger til. Vi ser på årsaka ein gong til og prøver noko anna.",
)
STAYS = (
    "Det har holdt seg i to måneder, og vikarene gjør det også.",
    "Det har halde seg i to månader, og vikarane gjer det òg.",
)
WAIT, WORKING = datetime.timedelta(days=60), 3


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        rows = Deviation.objects.filter(
            level_0=town.root.pk, state=State.CLOSED, severity__in=SERIOUS, about=None, handler__isnull=False
        ).select_related("handler")
        before = rows.filter(closed_at__lt=now - WAIT - datetime.timedelta(days=10)).order_by("-closed_at", "-pk")
        since = rows.filter(closed_at__gte=now - WAIT).order_by("-closed_at", "-pk")
        *worked, did_not, waits = before[: WORKING + 2]
        for case in worked:
            check = _plan(town, case)
            _open(check)
            actions.found_effective(check=check, by=check.owner, words=town.word(WORKED), at=_day_of(check, 10))
        check = _plan(town, did_not)
        _open(check)
        actions.found_ineffective(check=check, by=check.owner, words=town.word(DID_NOT), at=_day_of(check, 10))
        _open(_plan(town, waits))
        if (latest := since.first()) is not None:
            _plan(town, latest)


def of_actions(towns: list[Town], now: datetime.datetime) -> None:
    """Of actions that have no case: the oldest that was done worked, and one that goes on is looked at later."""
    for town in towns:
        rows = Action.objects.filter(level_0=town.root.pk, deviation=None).select_related("owner")
        done = rows.filter(state=ActionState.DONE, closed_at__lt=now - WAIT).order_by("closed_at", "pk").first()
        if done is not None and done.closed_at is not None:
            check = _plan_of(town, done, done.closed_at)
            _open(check)
            actions.found_effective(check=check, by=check.owner, words=town.word(STAYS), at=_day_of(check, 10))
        if (goes_on := rows.open().order_by("deadline", "pk").first()) is not None:
            _plan_of(town, goes_on, now - datetime.timedelta(days=1))


def _plan_of(town: Town, action: Action, at: datetime.datetime) -> EffectCheck:
    return actions.plan_check_of(
        by=action.owner, owner=action.owner, action=action, criterion=town.word(CRITERION), at=at,
        opens_on=(at + WAIT).date(),
    )  # fmt: skip


def _plan(town: Town, case: Deviation) -> EffectCheck:
    """Planned as the case was closed, by whoever handled it."""
    closed = case.closed_at or case.reported_at
    assert case.handler
    return actions.plan_check(
        by=case.handler, owner=case.handler, deviation=case, criterion=town.word(CRITERION), at=closed,
        opens_on=(closed + WAIT).date(),
    )  # fmt: skip


def _day_of(check: EffectCheck, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(check.opens_on, datetime.time(hour), OSLO)


def _open(check: EffectCheck) -> None:
    actions.open_check(check=check, at=_day_of(check, 6))
