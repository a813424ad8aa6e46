# ruff: noqa: E501 - the two languages of a text stand on one line
"""Tally sheets of the demo's care units: some months of ticks, most of them closed with what was learnt, one late."""

from __future__ import annotations

import calendar
import datetime
import random

from deviations import actions
from deviations.models import Category, Harm, Shift, Spot, TallySheet
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.months import months_after
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.workdays import OSLO

CHOOSE = ("HB", "INST")  # for the departments below too
TICKING = ("HB", "A1", "A2")
MONTHS = 5
LATE = ("AAS", "HB")  # whose last month nobody has closed

# What is ticked: category, how often, how often with mild harm, on which shifts, where in the house.
EVENTS = (
    ("fall", 9, 0.35, (3, 4, 6), (Spot.ROOM, Spot.BATHROOM, Spot.BATHROOM, Spot.CORRIDOR)),
    ("ikke gitt", 5, 0.1, (5, 4, 1), (Spot.UNSAID,)),
    ("feil tidspunkt", 4, 0.05, (5, 3, 1), (Spot.UNSAID,)),
    ("uro", 6, 0.15, (1, 5, 4), (Spot.COMMON, Spot.ROOM)),
    ("medisinsk utstyr", 2, 0.0, (4, 1, 0), (Spot.UNSAID,)),
)
NOTES = (
    ("De fleste fallene kom om natta, på vei til badet. Vi setter på nattlys og ser etter om det hjelper.", "Dei fleste falla kom om natta, på veg til badet. Vi set på nattlys og ser etter om det hjelper."),
    ("Kveldsdosene glipper når to er syke. Vi avtaler hvem som har medisinrunden før vakta begynner.", "Kveldsdosane glepp når to er sjuke. Vi avtalar kven som har medisinrunden før vakta tek til."),
    ("Mindre uro etter at kveldsmaten ble flyttet en halv time. Det fortsetter vi med.", "Mindre uro etter at kveldsmaten vart flytta ein halv time. Det held vi fram med."),
    ("Ingenting skilte seg ut denne måneden. Takk for at dere krysser av.", "Ingenting skilde seg ut denne månaden. Takk for at de kryssar av."),
)  # fmt: skip


def tick(towns: list[Town], now: datetime.datetime, rng: random.Random) -> None:
    for town in towns:
        ticked = [town.categories[0, name] for name in ("fall", "uro", "medisinsk utstyr")]
        ticked += [town.categories[1, name] for name in ("ikke gitt", "feil tidspunkt")]
        for code in CHOOSE:
            if code in town.units:
                actions.choose_ticked(unit=town.units[code], categories=ticked, by=town.leader(code))
        for code in TICKING:
            if code in town.units:
                _tell(town, code, {each.name.casefold(): each for each in ticked}, now, rng)


def _tell(town: Town, code: str, categories: dict[str, Category], now: datetime.datetime, rng: random.Random) -> None:
    unit, people = town.units[code], town.at[code] or [town.leader(code)]
    this = now.date().replace(day=1)
    for back in range(MONTHS - 1, -1, -1):
        month = months_after(this, -back)
        _month(unit, people, month, categories, now, rng)
        if back == 0 or (back == 1 and (town.plan.code, code) == LATE):
            continue
        sheet = TallySheet.objects.filter(unit=unit, month=month).select_related("unit").first()
        if sheet is not None:
            closed = datetime.datetime.combine(months_after(month, 1), datetime.time(9), OSLO)
            note = town.word(NOTES[(back + len(code)) % len(NOTES)])
            by = sheet.handler or town.leader(code)
            actions.close_month(
                sheet=sheet, by=by, learning_note=note, at=min(closed + datetime.timedelta(days=2), now)
            )


def _month(
    unit: Unit,
    people: list[User],
    month: datetime.date,
    categories: dict[str, Category],
    now: datetime.datetime,
    rng: random.Random,
) -> None:
    last = calendar.monthrange(month.year, month.month)[1]
    for name, often, mild, shifts, places in EVENTS:
        for _ in range(max(1, round(rng.gauss(often, 1.5)))):
            date = month.replace(day=rng.randint(1, last))
            at = datetime.datetime.combine(date, datetime.time(rng.randint(7, 21), rng.randrange(60)), OSLO)
            if at >= now:
                continue
            actions.tick(
                by=rng.choice(people),
                unit=unit,
                category=categories[name],
                harm=Harm.MILD if rng.random() < mild else Harm.NONE,
                shift=rng.choices(list(Shift), shifts)[0],
                date=date,
                place=rng.choice(places),
                at=at,
            )
