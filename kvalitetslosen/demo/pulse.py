"""The pulse of the demo: the two last quarters that are over, answered by most of those who work somewhere."""

from __future__ import annotations

import datetime
import random

from improvement import actions
from improvement.actions.pulsing import first_of_quarter
from improvement.forms.pulsing import works_in
from improvement.models import PulseRound
from improvement.pulse_questions import MOTIVATION, QUESTIONS
from kvalitetslosen.demo.organisation import Town

USUAL = {"told": 3.2, "fair": 3.9, "safe": 3.7, "discussed": 2.8, "time": 2.3, "asked": 3.0}
MOTIVATED, SILENT = 7.4, 0.25


def answer(towns: list[Town], now: datetime.datetime, rng: random.Random) -> None:
    this = first_of_quarter(now.date())
    before = first_of_quarter(this - datetime.timedelta(days=1))
    earlier = first_of_quarter(before - datetime.timedelta(days=1))
    open_now = now.date() <= this + PulseRound.OPEN
    for town in towns:
        if open_now:
            actions.open_round(municipality=town.root, first=this)
        for first in (earlier, before) if open_now else (before, this):
            round = actions.open_round(municipality=town.root, first=first)
            for user in sorted(town.people.values(), key=lambda each: each.pk):
                unit = works_in(user)
                if unit is not None and rng.random() > SILENT:
                    given = {name: _near(rng, mean, 5) for name, mean in USUAL.items()}
                    assert given.keys() == QUESTIONS.keys()
                    given[MOTIVATION] = _near(rng, MOTIVATED, 10)
                    actions.answer_pulse(round=round, by=user, unit=unit, answers=given)


def _near(rng: random.Random, mean: float, top: int) -> int:
    return max(1, min(top, round(rng.gauss(mean, 0.9 if top == 5 else 1.6))))
