"""The week's grouped mail: what waits for a person, and for leaders what waits in the units below."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from kvalitetslosen.notifications.clock import EVENING, Clock, at_hour
from kvalitetslosen.notifications.models import Digest, DigestRound
from kvalitetslosen.organisation.models import Unit, User

WEEK = datetime.timedelta(days=7)
TOO_LATE = datetime.timedelta(days=1)
"""How long before the next weekly mail a missed one is no longer made up for."""


class DigestSection:
    """A module's part of the weekly mail."""

    order: int = 0

    def people(self, municipality_id: int, clock: Clock) -> Collection[int]:
        """The ids of those who may have something in it. A few queries for a whole municipality."""
        raise NotImplementedError

    def paragraph(self, user: User, clock: Clock) -> str:
        """The person's part in the active language; empty when nothing waits."""
        raise NotImplementedError


_sections: list[DigestSection] = []


def register_section(section: type[DigestSection]) -> type[DigestSection]:
    """A decorator."""
    if not any(type(each) is section for each in _sections):
        _sections.append(section())
        _sections.sort(key=lambda each: each.order)
    return section


@dataclass(frozen=True)
class Round:
    """A municipality's weekly mail that should have gone out by now."""

    municipality_id: int
    week: str


def iso_week(day: datetime.date) -> str:
    """As 2026-W53: the week of the year the ISO calendar counts it to."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def moment_of(monday: datetime.date, municipality_id: int, clock: Clock) -> datetime.datetime:
    """When the mail of the week that begins on this Monday goes out: on the chosen day, or the next working day."""
    own = clock.settings(municipality_id)
    day = monday + datetime.timedelta(days=own.digest_weekday - 1)
    return at_hour(clock.workday(day, 0, municipality_id), own.digest_hour)


def due_week(municipality_id: int, clock: Clock) -> str | None:
    """The week whose mail should have gone out by now. A missed one is made up for until a day before the next.

    It is made up for by day: what a stopped worker missed on Monday goes out at the chosen hour, not at night.
    """
    begins = at_hour(clock.today, clock.settings(municipality_id).digest_hour)
    if not clock.is_workday(municipality_id) or not begins <= clock.now < at_hour(clock.today, EVENING):
        return None
    this_monday = clock.today - datetime.timedelta(days=clock.today.weekday())
    for monday in (this_monday, this_monday - WEEK):
        if moment_of(monday, municipality_id, clock) <= clock.now:
            next_one = moment_of(monday + WEEK, municipality_id, clock)
            return iso_week(monday) if clock.now < next_one - TOO_LATE else None
    return None


def open_rounds(clock: Clock) -> list[Round]:
    """The municipalities whose weekly mail is due and not finished."""
    rounds = [
        Round(municipality_id, week)
        for municipality_id in Unit.objects.municipalities().active().order_by("pk").values_list("pk", flat=True)
        if clock.settings(municipality_id).digest and (week := due_week(municipality_id, clock))
    ]
    weeks = {each.week for each in rounds}
    finished = set(DigestRound.objects.filter(week__in=weeks).values_list("municipality", "week"))
    return [each for each in rounds if (each.municipality_id, each.week) not in finished]


def candidates(each: Round, clock: Clock) -> list[User]:
    """Those who may have something in it and haven't had theirs."""
    ids: set[int] = set()
    for section in _sections:
        ids.update(section.people(each.municipality_id, clock))
    had = Digest.objects.filter(week=each.week, user__municipality=each.municipality_id).values("user")
    people = User.objects.active().filter(pk__in=ids, municipality=each.municipality_id).exclude(pk__in=had)
    return list(people.select_related("municipality").order_by("pk"))


def paragraphs(user: User, clock: Clock) -> list[str]:
    """What every module has for the person, in the active language."""
    return [text for section in _sections if (text := section.paragraph(user, clock).strip())]


def finish(each: Round) -> None:
    DigestRound.objects.bulk_create(
        [DigestRound(municipality_id=each.municipality_id, week=each.week)], ignore_conflicts=True
    )
