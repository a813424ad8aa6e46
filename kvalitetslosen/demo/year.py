"""The year wheel of the demo: laid in January, most of it done, one skipped, one late and some to do now."""

from __future__ import annotations

import datetime

from django.utils import timezone

from improvement import actions
from improvement.models import YearTask
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.workdays import OSLO

Pair = tuple[str, str]

PLACES = {"AAS": ("HB", "health"), "MAR": ("SKA", "school"), "AUD": ("INST", "health")}
"""The unit of the log-in that leads one, and the set it has besides."""
CAME: tuple[Pair, ...] = (
    ("Holdt på personalmøtet. Alle var med.", "Halde på personalmøtet. Alle var med."),
    ("Gjort sammen med verneombudet. To tiltak er i gang.", "Gjort saman med verneombodet. To tiltak er i gang."),
    ("Gjort. Det tok kortere tid enn i fjor.", "Gjort. Det tok kortare tid enn i fjor."),
)  # fmt: skip
SKIPPED: Pair = (
    "Undersøkelsen ble ikke gjort i år. Den kommer igjen til våren.",
    "Undersøkinga vart ikkje gjord i år. Ho kjem igjen til våren.",
)
OWN: Pair = ("Samtale med alle om ønsker for turnusen", "Samtale med alle om ønske for turnusen")
OWN_DONE: Pair = ("Alle har hatt samtalen før turnusen legges.", "Alle har hatt samtalen før turnusen blir lagd.")


def lay(towns: list[Town], now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    january = datetime.datetime(today.year, 1, 8, 9, tzinfo=OSLO)
    for town in towns:
        code, also = PLACES[town.root.code]
        unit, leader = town.units[code], town.leader(code)
        actions.lay(unit=unit, sets=["unit", also], year=today.year, by=town.coordinator, at=january)
        actions.lay(unit=town.root, sets=["whole"], year=today.year, by=town.coordinator, at=january)
        later = today.replace(day=1)
        actions.plan_yearly(
            unit=unit, by=leader, what=town.word(OWN), done_is=town.word(OWN_DONE), month=later, owner=leader,
            minutes=90, recurrence="half",
        )  # fmt: skip
        _happen(
            town,
            [*YearTask.objects.filter(unit__in=(unit, town.root), month__lte=today).order_by("month", "pk")],
            today,
        )


def _happen(town: Town, tasks: list[YearTask], today: datetime.date) -> None:
    for n, task in enumerate(tasks):
        if task.ready == "" or (task.month.month == today.month and task.ready != "overdue"):
            continue  # to do this month
        at = datetime.datetime.combine(task.month + datetime.timedelta(days=11), datetime.time(10), OSLO)
        if at.date() > today:
            continue
        if task.ready == "survey":
            actions.skip(task=task, by=task.owner, words=town.word(SKIPPED), at=at)
        elif task.ready != "access":  # late
            actions.tick(task=task, by=task.owner, words=town.word(CAME[n % len(CAME)]), at=at)
