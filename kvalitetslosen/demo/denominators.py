"""What rates are reckoned from in the demo: users of the home care, bed days of the nursing home, pupils of the "
"school."""

from __future__ import annotations

import datetime

from django.utils import timezone

from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.figures import actions
from kvalitetslosen.figures.models import Basis
from kvalitetslosen.months import months_after

PLACES = (("HB", Basis.USERS, 84, 3), ("INST", Basis.BED_DAYS, 930, 28), ("SKA", Basis.PUPILS, 212, 2))
"""Code of the unit, what is counted, about how many a month, and how much that varies."""
MONTHS = 25


def write(towns: list[Town], now: datetime.datetime) -> None:
    months = [months_after(timezone.localdate(now), -n) for n in range(1, MONTHS + 1)]
    for town in towns:
        for code, basis, usual, varies in PLACES:
            if code not in town.units:
                continue
            numbers = {each: usual + (each.month * 7 + each.year) % (2 * varies + 1) - varies for each in months}
            actions.write_denominators(unit=town.units[code], basis=basis, months=dict(numbers), by=town.leader(code))
