# ruff: noqa: E501 - the two languages of a text stand on one line
"""Measures of the demo: one that became better after a change, one that didn't, one of what is rare, one of reports."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from decimal import Decimal

from improvement import actions, periods
from improvement.charts import Better, Nature, Verdict
from improvement.models import MarkKind, Measure, Rhythm, Source
from kvalitetslosen.demo.one_story import PLACES
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.workdays import OSLO

Pair = tuple[str, str]

WEEKS, CHANGED = 36, 15
"""Weeks with values, and how many of them are since the change."""


@dataclass(frozen=True)
class Told:
    """What is measured in a unit, how many of how many before and after the change, and the words about it."""

    name: Pair
    explained: Pair
    size_name: Pair
    of: tuple[int, int]
    before: float
    after: float
    change: Pair
    words: Pair


BETTER = {
    "AAS": Told(
        ("Doser signert til rett tid", "Dosar signerte til rett tid"),
        ("Fra signeringslista, hver mandag. Innen en time før eller etter teller som rett tid.", "Frå signeringslista, kvar måndag. Innan ein time før eller etter tel som rett tid."),
        ("doser", "dosar"),
        (130, 170), 0.83, 0.94,
        ("Én går medisinrunden uforstyrret, med vest", "Ein går medisinrunden uforstyrra, med vest"),
        ("Andelen steg da én fikk gå runden i fred, og den har holdt seg. Vi beholder vesten.", "Delen steig då ein fekk gå runden i fred, og han har halde seg. Vi beheld vesten."),
    ),
    "MAR": Told(
        ("Inspeksjon i tide til friminuttet", "Inspeksjon i tide til friminuttet"),
        ("Kontaktlærer krysser av på vaktlista hver dag.", "Kontaktlærar kryssar av på vaktlista kvar dag."),
        ("friminutt", "friminutt"),
        (28, 32), 0.72, 0.93,
        ("Vaktlista henger ved døra, og den som har vakt går to minutter før", "Vaktlista heng ved døra, og den som har vakt går to minutt før"),
        ("Nå er det nesten alltid noen ute når det ringer. Vi fortsetter ut skoleåret.", "No er det nesten alltid nokon ute når det ringjer. Vi held fram ut skuleåret."),
    ),
    "AUD": Told(
        ("Rom klare for natta", "Rom klare for natta"),
        ("Nattevakta krysser av ved første runde: sko og rullator ved senga, og nattlyset på.", "Nattevakta kryssar av ved første runde: sko og rullator ved senga, og nattlyset på."),
        ("rom", "rom"),
        (160, 168), 0.64, 0.92,
        ("Sko, rullator og lys er det siste på kveldsrunden", "Sko, rullator og lys er det siste på kveldsrunden"),
        ("Andelen steg da det ble en fast del av kveldsrunden, og den har holdt seg.", "Delen steig då det vart ein fast del av kveldsrunden, og han har halde seg."),
    ),
}  # fmt: skip
MINUTES = (
    ("Minutter fra alarm til hjelp", "Minutt frå alarm til hjelp"),
    ("Snittet av alle alarmene i uka, fra anlegget.", "Snittet av alle alarmane i veka, frå anlegget."),
    ("Ny plan for hvem som går først", "Ny plan for kven som går først"),
    (
        "Planen har ikke gjort noe med tida ennå. Vi ser på bemanningen om kvelden som neste.",
        "Planen har ikkje gjort noko med tida enno. Vi ser på bemanninga om kvelden som neste.",
    ),
)
RARE = (
    ("Dager mellom fall med brudd", "Dagar mellom fall med brot"),
    ("Skriv datoen hver gang. Lange opphold er bra.", "Skriv datoen kvar gong. Lange opphald er bra."),
)
REPORTS = (
    ("Meldinger om legemidler", "Meldingar om legemiddel"),
    ("Vi minnet alle på å melde, også nesten-hendelser", "Vi minte alle på å melde, òg nestenhendingar"),
)


def stage(towns: list[Town], now: datetime.datetime, rng: random.Random) -> None:
    for town in towns:
        code = PLACES[town.plan.code]
        _better(town, code, BETTER[town.plan.code], now, rng)
        _unchanged(town, "INST" if "INST" in town.units else "HB", now, rng)
        _rare(town, "INST" if "INST" in town.units else "HB", now, rng)
        _reports(town, now)


def _weeks(now: datetime.datetime) -> list[datetime.date]:
    this = periods.begins(Rhythm.WEEK, now.date())
    return [this - periods.WEEK * back for back in range(WEEKS, 0, -1)]


def _morning(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(8, 30), OSLO)


def _better(town: Town, code: str, told: Told, now: datetime.datetime, rng: random.Random) -> None:
    leader, weeks = town.leader(code), _weeks(now)
    measure = actions.measure(
        by=leader, name=town.word(told.name), explained=town.word(told.explained), unit=town.units[code], owner=leader,
        nature=Nature.SHARE, rhythm=Rhythm.WEEK, better=Better.UP, size_name=town.word(told.size_name),
        begins_on=weeks[0], at=_morning(weeks[0]),
    )  # fmt: skip
    for number, week in enumerate(weeks):
        size = rng.randint(*told.of)
        share = told.after if number >= WEEKS - CHANGED else told.before
        hits = sum(rng.random() < share for _ in range(size))
        _enter(measure, now, week, hits, size)
    changed = weeks[WEEKS - CHANGED]
    actions.mark(
        measure=measure, by=leader, day=changed, what=town.word(told.change), compare=True, at=_morning(changed)
    )
    actions.judge(
        measure=measure, by=leader, verdict=Verdict.IMPROVED, words=town.word(told.words), at=_morning(weeks[-1])
    )


def _unchanged(town: Town, code: str, now: datetime.datetime, rng: random.Random) -> None:
    """The last week's value isn't entered yet: it is late."""
    leader, weeks = town.leader(code), _weeks(now)
    name, explained, change, words = (town.word(each) for each in MINUTES)
    measure = actions.measure(
        by=leader, name=name, explained=explained, unit=town.units[code], owner=leader, nature=Nature.NUMBER,
        rhythm=Rhythm.WEEK, better=Better.DOWN, begins_on=weeks[0], at=_morning(weeks[0]),
    )  # fmt: skip
    for week in weeks[:-1]:
        _enter(measure, now, week, round(rng.gauss(6.2, 0.9), 1))
    changed = weeks[WEEKS - CHANGED]
    actions.mark(measure=measure, by=leader, day=changed, what=change, compare=True, at=_morning(changed))
    actions.judge(measure=measure, by=leader, verdict=Verdict.UNCHANGED, words=words, at=_morning(weeks[-1]))


def _rare(town: Town, code: str, now: datetime.datetime, rng: random.Random) -> None:
    leader = town.leader(code)
    name, explained = (town.word(each) for each in RARE)
    day = now.date() - datetime.timedelta(days=700)
    measure = actions.measure(
        by=leader, name=name, explained=explained, unit=town.units[code], owner=leader, nature=Nature.DAYS,
        better=Better.UP, begins_on=day, at=_morning(day),
    )  # fmt: skip
    while (day := day + datetime.timedelta(days=max(1, round(rng.expovariate(1 / 22))))) < now.date():
        actions.enter(measure=measure, by=leader, day=day, at=_morning(day))


def _reports(town: Town, now: datetime.datetime) -> None:
    """Counted from the cases: with the drive to report that makes before and after two different things."""
    by = town.coordinator
    name, drive = (town.word(each) for each in REPORTS)
    category = next((each.parent for (main, _sub), each in town.categories.items() if main == 1), None)
    begun = now.date() - datetime.timedelta(days=300)
    measure = actions.measure(
        by=by, name=name, unit=town.root, owner=by, source=Source.CASES, category=category, begins_on=begun,
        at=_morning(begun),
    )  # fmt: skip
    day = now.date() - datetime.timedelta(days=160)
    actions.mark(measure=measure, by=by, day=day, what=drive, kind=MarkKind.REPORTING, at=_morning(day))


def _enter(
    measure: Measure, now: datetime.datetime, week: datetime.date, value: float, size: int | None = None
) -> None:
    """The morning after the week; on that Monday itself not before it has come."""
    actions.enter(
        measure=measure, by=measure.owner, day=week, value=Decimal(str(value)), size=Decimal(size) if size else None,
        at=min(_morning(week + periods.WEEK), now),
    )  # fmt: skip
